"""The overview of purpose: the organisation's, the values, the units', one's own."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Q

from throughline.kernel.actor import Actor
from throughline.kernel.clock import today
from throughline.kernel.paging import Page, page_of
from throughline.kernel.verdict import Verdict
from throughline.people.selectors import units_visible_to
from throughline.purpose.models import Endorsement, Statement, StatementVersion
from throughline.purpose.policies import can_manage_values, can_write
from throughline.purpose.rules import REMIND_BEFORE_DAYS, Level, ReviewDue, review_due
from throughline.purpose.selectors.statements import statement_of_level, statements_visible_to
from throughline.purpose.selectors.values import ValueRow, value_rows


@dataclass(frozen=True, slots=True)
class PurposeOverview:
    """What the overview shows; missing statements are None."""

    organisation: Statement | None
    text: str
    is_draft: bool
    review: ReviewDue
    endorsements: int
    values: tuple[ValueRow, ...]
    mine: Statement | None
    my_text: str
    near: tuple[Statement, ...]
    units_without: tuple[tuple[int, str], ...]
    can_write: Verdict
    can_manage_values: Verdict


def purpose_overview(actor: Actor) -> PurposeOverview:
    """Everything of the overview but the long list of units, in a fixed number of queries."""
    organisation = statement_of_level(actor, Level.ORGANISATION)
    mine = statement_of_level(actor, Level.PERSON) if actor.person_id is not None else None
    texts = shown_texts([row for row in (organisation, mine) if row is not None])
    near = tuple(
        statements_visible_to(actor)
        .filter(level=Level.UNIT, unit_id__in=actor.own_unit_ids)
        .order_by("unit__depth", "unit__name")
    )
    day = today(actor.time_zone)
    return PurposeOverview(
        organisation=organisation,
        text=texts.get(organisation.pk, "") if organisation is not None else "",
        is_draft=organisation is not None and organisation.adopted_version is None,
        review=review_due(organisation.review_on if organisation is not None else None, day),
        endorsements=Endorsement.objects.filter(statement=organisation).count() if organisation is not None else 0,
        values=value_rows(actor),
        mine=mine,
        my_text=texts.get(mine.pk, "") if mine is not None else "",
        near=near,
        units_without=_units_without(actor, {row.unit_id for row in near}),
        can_write=can_write(actor, level=Level.ORGANISATION),
        can_manage_values=can_manage_values(actor),
    )


def units_with_purposes(actor: Actor, *, cursor: str = "", size: int = 30) -> Page[Statement]:
    """Units' purposes by the name of the unit, a page at a time; one query."""
    rows = statements_visible_to(actor).filter(level=Level.UNIT)
    return page_of(rows, order=("unit__name", "id"), cursor=cursor, size=size)


def shown_texts(statements: Collection[Statement]) -> dict[int, str]:
    """The adopted text of each, else its draft; one query."""
    rows = StatementVersion.objects.filter(
        Q(version=F("statement__adopted_version"))
        | Q(statement__adopted_version=None, version=F("statement__latest_version")),
        statement__in=[row.pk for row in statements],
    )
    return dict(rows.values_list("statement_id", "text"))


def _units_without(actor: Actor, known: Collection[int | None]) -> tuple[tuple[int, str], ...]:
    """Own units that have no purpose yet and whose draft this actor may begin."""
    missing = [
        number
        for number in sorted(actor.own_unit_ids)
        if number not in known and can_write(actor, level=Level.UNIT, unit_id=number)
    ]
    return unit_names(actor, missing)


def unit_names(actor: Actor, ids: Collection[int]) -> tuple[tuple[int, str], ...]:
    """Names of living units by number; no query for none."""
    if not ids:
        return ()
    units = units_visible_to(actor).filter(pk__in=ids, ended_on=None)
    return tuple(units.order_by("name").values_list("pk", "name"))


def reviews_due(actor: Actor, *, on: date) -> list[Statement]:
    """Statements whose review is due within the reminder's time; the system asks."""
    return list(
        statements_visible_to(actor)
        .filter(review_on__lte=on + timedelta(days=REMIND_BEFORE_DAYS))
        .order_by("review_on", "id")
    )
