"""Statements and suggestions as far as an actor may read them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.urls import reverse

from throughline.kernel.actor import Actor
from throughline.kernel.errors import NotFound
from throughline.kernel.ids import SubjectRef
from throughline.ledger.rules import FateKind
from throughline.ledger.selectors import fates_of
from throughline.purpose.models import Statement, StatementVersion, Suggestion, Value
from throughline.purpose.policies import own_id, visible_statements
from throughline.purpose.rules import Level, SuggestionState, suggestion_state

# Units and values a list of choices can hold before it needs words to narrow it.
MOST_CHOICES = 500
_SUGGESTION_WORDS = {
    SuggestionState.WAITING: ("wait", "Waiting"),
    SuggestionState.TAKEN_UP: ("good", "Taken up"),
    SuggestionState.SHAPED: ("good", "Adopted"),
    SuggestionState.ANSWERED: ("good", "Answered"),
    SuggestionState.NOT_TAKEN_UP: ("warn", "Not taken up"),
}


@dataclass(frozen=True, slots=True)
class PurposeLine:
    """A purpose that holds, as Home and goals show it."""

    ref: SubjectRef
    level: Level
    whose: str
    text: str
    url: str
    is_adopted: bool


@dataclass(frozen=True, slots=True)
class SuggestionRow:
    """A suggestion with what became of it."""

    id: int
    by: str
    is_mine: bool
    version: int
    text: str
    wording: str
    created_at: datetime
    state: SuggestionState
    tone: str
    state_label: str
    taken_up_version: int | None
    answer: str
    answered_by_id: int | None


def statements_visible_to(actor: Actor) -> QuerySet[Statement]:
    """Every statement the actor may read, unordered, with unit and person."""
    return Statement.objects.filter(visible_statements(actor)).select_related("unit", "person", "shared_unit")


def statement_for(actor: Actor, statement_id: int) -> Statement:
    """A statement the actor may read; private ones of others do not exist for them."""
    found = statements_visible_to(actor).filter(pk=statement_id).first()
    if found is None:
        raise NotFound
    return found


def statement_of_level(actor: Actor, level: Level, *, unit_id: int | None = None) -> Statement | None:
    """The organisation's, a unit's, or one's own statement, when there is one."""
    rows = statements_visible_to(actor).filter(level=level)
    if level is Level.UNIT:
        rows = rows.filter(unit_id__in=[unit_id])
    elif level is Level.PERSON:
        rows = rows.filter(person_id=own_id(actor))
    return rows.first()


def whose(statement: Statement) -> str:
    """“the organisation”, a unit's or a person's name."""
    if statement.unit is not None:
        return statement.unit.name
    if statement.person is not None:
        return statement.person.name
    return "The organisation"


def purposes_for_line(actor: Actor, *, unit_ids: Collection[int] | None = None) -> tuple[PurposeLine, ...]:
    """The organisation's purpose and those of units (the actor's own unless given), nearest last; one query.

    Drafts stand in until adoption.
    """
    units = actor.own_unit_ids if unit_ids is None else unit_ids
    wanted = Q(level=Level.ORGANISATION) | Q(level=Level.UNIT, unit_id__in=list(units))
    rows = (
        StatementVersion.objects.filter(
            Q(version=F("statement__adopted_version"))
            | Q(statement__adopted_version=None, version=F("statement__latest_version")),
            statement__in=Statement.objects.filter(visible_statements(actor)).filter(wanted),
        )
        .select_related("statement__unit", "statement__person")
        .order_by("statement__level", "statement__unit__depth", "statement__id")
    )
    return tuple(
        PurposeLine(
            ref=row.statement.ref,
            level=Level(row.statement.level),
            whose=whose(row.statement),
            text=row.text,
            url=reverse("purpose:statement", args=[actor.org_slug, row.statement_id]),
            is_adopted=row.statement.adopted_version is not None,
        )
        for row in rows
    )


def purpose_choices(actor: Actor) -> tuple[tuple[SubjectRef, str], ...]:
    """What a goal or decision may serve: the organisation's purpose, values, units' purposes; two queries.

    Own units and those above come first. Personal purposes are never offered.
    """
    if not actor.is_member:
        return ()
    statements = (
        statements_visible_to(actor)
        .exclude(level=Level.PERSON)
        .order_by("level", "unit__depth", "unit__name", "id")[:MOST_CHOICES]
    )
    near = actor.unit_ids | actor.led_unit_ids
    ordered = sorted(statements, key=lambda row: (row.level != Level.ORGANISATION, row.unit_id not in near))
    values = Value.objects.filter(ended_at=None).order_by("position", "id")[:MOST_CHOICES]
    organisation = [row for row in ordered if row.level == Level.ORGANISATION]
    units = [row for row in ordered if row.level == Level.UNIT]
    return (
        *((row.ref, f"Purpose: {row.headline}") for row in organisation),
        *((value.ref, f"Value: {value.name}") for value in values),
        *((row.ref, f"{whose(row)}: {row.headline}") for row in units),
    )


def suggestion_for(actor: Actor, statement_id: int, suggestion_id: int) -> Suggestion:
    """A suggestion to a statement the actor may read."""
    statement = statement_for(actor, statement_id)
    found = Suggestion.objects.filter(statement=statement, pk=suggestion_id).first()
    if found is None:
        raise NotFound
    found.statement = statement
    return found


def suggestions_of(actor: Actor, statement: Statement, *, limit: int = 200) -> tuple[SuggestionRow, ...]:
    """Suggestions with their fates, newest first; the caller has fetched the statement as visible."""
    rows = list(Suggestion.objects.filter(statement=statement).select_related("person").order_by("-id")[:limit])
    return suggestion_rows(actor, rows, adopted_version=statement.adopted_version)


def suggestion_rows(
    actor: Actor, rows: Sequence[Suggestion], *, adopted_version: int | None
) -> tuple[SuggestionRow, ...]:
    """Rows with what became of each; as many queries as `fates_of` makes."""
    fates = fates_of(actor, [row.ref for row in rows])
    found = []
    for row in rows:
        fate = fates[row.ref]
        is_answered = fate.kind in (FateKind.ANSWERED, FateKind.NOT_TAKEN_UP)
        state = suggestion_state(
            taken_up_version=row.taken_up_version,
            adopted_version=adopted_version,
            answer=fate.kind.value if is_answered else None,
        )
        tone, words = _SUGGESTION_WORDS[state]
        if row.taken_up_version is not None:
            words = f"{words} in version {row.taken_up_version}"
        found.append(
            SuggestionRow(
                id=row.pk,
                by=row.person.name,
                is_mine=row.person_id == actor.person_id,
                version=row.version,
                text=row.text,
                wording=row.wording,
                created_at=row.created_at,
                state=state,
                tone=tone,
                state_label=words,
                taken_up_version=row.taken_up_version,
                answer=fate.reason if is_answered else "",
                answered_by_id=fate.by_person_id,
            )
        )
    return tuple(found)
