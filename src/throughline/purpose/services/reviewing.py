"""Looking whether a purpose still holds, and when to look again."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from throughline.kernel.actor import Actor
from throughline.kernel.clock import now, today
from throughline.kernel.errors import Conflict, Invalid
from throughline.ledger.services import event_record
from throughline.purpose.events import PurposeReviewed, ReviewDateSet
from throughline.purpose.models import PurposeReview, Statement
from throughline.purpose.policies import can_edit
from throughline.purpose.rules import ReviewOutcome
from throughline.purpose.services.writing import statement_locked


@transaction.atomic
def review_date_set(*, actor: Actor, statement: Statement, review_on: date | None) -> Statement:
    """When the purpose is looked at again; None means no reminder."""
    statement = statement_locked(statement)
    can_edit(actor, statement).require()
    _date_check(actor, review_on, field="review_on")
    statement.review_on = review_on
    statement.save()
    event_record(actor, ReviewDateSet(), subject=statement.ref)
    return statement


@transaction.atomic
def purpose_review(
    *, actor: Actor, statement: Statement, outcome: str, note: str, next_on: date | None
) -> PurposeReview:
    """Record what looking at the adopted purpose found, and when to look again."""
    statement = statement_locked(statement)
    can_edit(actor, statement).require()
    if statement.adopted_version is None:
        raise Conflict("Nothing is adopted yet; there is nothing to review.")
    problems = {}
    if outcome not in ReviewOutcome._value2member_map_:
        problems["outcome"] = "Choose whether the purpose holds or is to be revised."
    if not note.strip():
        problems["note"] = "Write what you found; the next reviewer starts from it."
    elif len(note) > 4_000:
        problems["note"] = "Shorten the note to 4,000 characters."
    if next_on is None:
        problems["next_on"] = "Give the date of the next review."
    if problems or next_on is None:
        raise Invalid(problems)
    _date_check(actor, next_on, field="next_on")
    review = PurposeReview.objects.create(
        org_id=actor.org_id,
        statement=statement,
        version=statement.adopted_version,
        outcome=outcome,
        note=note.strip(),
        by_person_id=actor.person_id,
        next_on=next_on,
        created_at=now(),
    )
    statement.review_on = next_on
    statement.save()
    event_record(actor, PurposeReviewed(review_id=review.pk, outcome=ReviewOutcome(outcome)), subject=statement.ref)
    return review


def _date_check(actor: Actor, day: date | None, *, field: str) -> None:
    if day is not None and day <= today(actor.time_zone):
        raise Invalid({field: "Choose a date that is still to come."})
