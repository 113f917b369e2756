"""What of purpose waits for its keepers: leads for their units, the topmost leads for the organisation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Exists, OuterRef, Q

from throughline.kernel.actor import Actor
from throughline.kernel.clock import today
from throughline.ledger.models import FateAnswer
from throughline.purpose.models import Statement, Suggestion
from throughline.purpose.rules import REMIND_BEFORE_DAYS, Level

# More than a person can look through at once.
MOST_SHOWN = 50
MOST_KEPT = 500


@dataclass(frozen=True, slots=True)
class SuggestionsOwed:
    """How many suggestions to a statement have no answer."""

    statement: Statement
    count: int


def _kept_by(actor: Actor) -> Q:
    """Statements this person answers for directly: their own, and those of units they are the lead of."""
    led_here = actor.own_unit_ids & actor.led_unit_ids
    kept = Q(level=Level.PERSON, person_id=actor.person_id) | Q(level=Level.UNIT, unit_id__in=led_here)
    if actor.is_leader:
        kept |= Q(level=Level.ORGANISATION)
    return kept


def reviews_owed(actor: Actor) -> list[Statement]:
    """Statements the actor keeps, and so may read, whose review is due soon or late; one query."""
    day = today(actor.time_zone) + timedelta(days=REMIND_BEFORE_DAYS)
    return list(Statement.objects.filter(_kept_by(actor), review_on__lte=day).order_by("review_on", "id")[:MOST_SHOWN])


def suggestions_owed(actor: Actor) -> list[SuggestionsOwed]:
    """Statements the actor keeps, and so may read, with suggestions nobody answered; at most two queries."""
    kept = {row.pk: row for row in Statement.objects.filter(_kept_by(actor)).order_by("id")[:MOST_KEPT]}
    if not kept:
        return []
    answered = FateAnswer.objects.filter(subject_kind="purpose.suggestion", subject_id=OuterRef("pk"))
    waiting = Suggestion.objects.filter(statement_id__in=kept, taken_up_version=None).exclude(Exists(answered))
    counts = waiting.values_list("statement_id").annotate(count=Count("id")).order_by("statement_id")
    return [SuggestionsOwed(kept[number], count) for number, count in counts[:MOST_SHOWN]]
