"""Who can …: strengths of people and units, for forming a group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from throughline.kernel.actor import Actor
from throughline.kernel.clock import today
from throughline.kernel.errors import NotFound
from throughline.kernel.paging import Page, page_of
from throughline.people import policies
from throughline.people.models import Strength, UnitMembership
from throughline.people.selectors.people import current_on


@dataclass(frozen=True, slots=True)
class StrengthLine:
    """A strength with who brings it, and the unit and function they bring it from."""

    strength: Strength
    owner: str
    unit: str
    function: str


@dataclass(frozen=True, slots=True)
class StrengthList:
    """One page of strengths found, with the functions its people work in."""

    lines: Sequence[StrengthLine]
    functions: Sequence[str]
    next_cursor: str
    previous_cursor: str


def strengths_visible_to(actor: Actor) -> QuerySet[Strength]:
    """Strengths of people who are here and of units that have not ended."""
    day = today(actor.time_zone)
    here = Q(person__left_on__isnull=True) | Q(person__left_on__gte=day)
    living = Q(unit__isnull=True) | Q(unit__ended_on__isnull=True)
    return Strength.objects.filter(policies.visible_strengths(actor)).filter(here, living)


def strength_visible(actor: Actor, strength_id: int) -> Strength:
    """One strength, or NotFound."""
    found = (
        Strength.objects.filter(policies.visible_strengths(actor), pk=strength_id)
        .select_related("person", "unit")
        .first()
    )
    if found is None:
        raise NotFound("There is no strength here that you can open.")
    return found


def strengths_page(actor: Actor, *, words: str = "", kind: str = "", cursor: str = "", size: int = 50) -> StrengthList:
    """Strengths whose name or note holds every word, by name; three queries."""
    found = strengths_visible_to(actor).select_related("person", "unit")
    for word in words.split()[:8]:
        found = found.filter(Q(name__icontains=word) | Q(note__icontains=word))
    if kind:
        found = found.filter(kind=kind)
    page: Page[Strength] = page_of(found, order=("name", "id"), cursor=cursor, size=size)
    homes = _homes(actor, [row.person_id for row in page.rows if row.person_id is not None])
    lines = []
    for row in page.rows:
        if row.person is not None:
            unit, function = homes.get(row.person.pk, ("", ""))
            lines.append(StrengthLine(row, row.person.name, unit, function))
        elif row.unit is not None:
            lines.append(StrengthLine(row, row.unit.name, "unit", row.unit.function))
    functions = sorted({line.function for line in lines if line.function})
    return StrengthList(lines, functions, page.next_cursor, page.previous_cursor)


def strength_names(actor: Actor, *, most: int = 30) -> list[tuple[str, int]]:
    """The strengths named most often, for a page without a search."""
    counted = strengths_visible_to(actor).values_list("name").annotate(count=Count("id")).order_by("-count", "name")
    return [(name, count) for name, count in counted[:most]]


def _homes(actor: Actor, person_ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    rows = UnitMembership.objects.filter(current_on(today(actor.time_zone)), person_id__in=person_ids)
    if not actor.is_member:
        rows = rows.filter(unit_id__in=actor.shared_ids("people.unit"))
    named = rows.order_by("-starts_on", "-id").values_list("person_id", "unit__name", "unit__function")
    return {person_id: (name, function) for person_id, name, function in named}
