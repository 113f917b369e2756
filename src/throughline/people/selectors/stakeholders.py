"""The stakeholder register: list, grid, and what is missing from it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet

from throughline.kernel.actor import Actor
from throughline.kernel.errors import NotFound
from throughline.kernel.paging import Page, page_of
from throughline.people import policies
from throughline.people.models import Stakeholder
from throughline.people.rules import CORNERS, HIGH, STAKEHOLDER_KINDS, Corner, corner_of

# The grid names this many per corner; the rest are counted and listed in the table.
MOST_PER_CORNER = 12


@dataclass(frozen=True, slots=True)
class GridCorner:
    """One corner of the grid: who stands there, strongest first, and how many more."""

    corner: Corner
    stakeholders: Sequence[Stakeholder]
    more: int


@dataclass(frozen=True, slots=True)
class StakeholderGaps:
    """What a register, or the part of it a cycle asks, leaves out.

    `kinds_missing`: kinds (key, label) with nobody. `groups_unspoken`: groups nobody stands for.
    `strong_unspoken`: single stakeholders of high influence and high interest without a person.
    """

    kinds_missing: Sequence[tuple[str, str]]
    groups_unspoken: Sequence[Stakeholder]
    strong_unspoken: Sequence[Stakeholder]
    counts: Mapping[str, int]

    @property
    def is_empty(self) -> bool:
        return not (self.kinds_missing or self.groups_unspoken or self.strong_unspoken)


def stakeholders_visible_to(
    actor: Actor, *, words: str = "", kind: str = "", presence: str = "", corner: str = ""
) -> QuerySet[Stakeholder]:
    """The register, narrowed. `presence` is "", "ended" or "all"."""
    found = Stakeholder.objects.filter(policies.visible_stakeholders(actor)).select_related("person")
    if presence != "all":
        found = found.filter(ended_on__isnull=presence != "ended")
    for word in words.split()[:8]:
        found = found.filter(Q(name__icontains=word) | Q(represents__icontains=word))
    if kind:
        found = found.filter(kind=kind)
    if corner in {entry.key for entry in CORNERS}:
        found = found.filter(_in_corner(corner))
    return found


def stakeholder_visible(actor: Actor, stakeholder_id: int) -> Stakeholder:
    """One entry, or NotFound."""
    found = (
        Stakeholder.objects.filter(policies.visible_stakeholders(actor), pk=stakeholder_id)
        .select_related("person")
        .first()
    )
    if found is None:
        raise NotFound("There is no stakeholder here that you can open.")
    return found


def stakeholders_page(found: QuerySet[Stakeholder], *, cursor: str = "", size: int = 50) -> Page[Stakeholder]:
    """One page of the register by name."""
    return page_of(found, order=("name", "id"), cursor=cursor, size=size)


def stakeholder_grid(found: QuerySet[Stakeholder]) -> list[GridCorner]:
    """Who stands where between influence and interest; two queries per corner."""
    corners = []
    for corner in CORNERS:
        there = found.filter(_in_corner(corner.key))
        shown = list(there.order_by((F("influence") + F("interest")).desc(), "name", "id")[: MOST_PER_CORNER + 1])
        more = there.count() - MOST_PER_CORNER if len(shown) > MOST_PER_CORNER else 0
        corners.append(GridCorner(corner, shown[:MOST_PER_CORNER], more))
    return corners


def stakeholder_gaps(actor: Actor, stakeholder_ids: Collection[int] | None = None) -> StakeholderGaps:
    """Who is missing: from the whole register, or from those a cycle asks; one query."""
    found = stakeholders_visible_to(actor)
    if stakeholder_ids is not None:
        found = found.filter(pk__in=stakeholder_ids)
    rows = list(found.order_by("name", "id"))
    counts = {key: sum(row.kind == key for row in rows) for key in STAKEHOLDER_KINDS}
    return StakeholderGaps(
        kinds_missing=[(key, label) for key, label in STAKEHOLDER_KINDS.items() if not counts[key]],
        groups_unspoken=[row for row in rows if row.is_group and row.person_id is None],
        strong_unspoken=[
            row
            for row in rows
            if not row.is_group and row.person_id is None and corner_of(row.influence, row.interest) == "together"
        ],
        counts=counts,
    )


def stakeholders_export(found: QuerySet[Stakeholder]) -> Iterator[list[object]]:
    """Header and rows of the register."""
    yield [
        "Kind",
        "Name",
        "Group",
        "Represents",
        "Influence",
        "Interest",
        "Person",
        "E-mail",
        "Ended",
        "Note",
    ]
    for row in found.order_by("name", "id").iterator(chunk_size=1000):
        yield [
            STAKEHOLDER_KINDS.get(row.kind, row.kind),
            row.name,
            "yes" if row.is_group else "",
            row.represents,
            row.influence,
            row.interest,
            row.person.name if row.person else "",
            row.person.email if row.person else "",
            row.ended_on.isoformat() if row.ended_on else "",
            row.note,
        ]


def _in_corner(key: str) -> Q:
    influence = Q(influence__gte=HIGH) if key in ("together", "win") else Q(influence__lt=HIGH)
    interest = Q(interest__gte=HIGH) if key in ("together", "voice") else Q(interest__lt=HIGH)
    return influence & interest
