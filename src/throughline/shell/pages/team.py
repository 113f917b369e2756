"""Team: a unit's purpose, goals, who owes what, and who has not been heard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from throughline.access.requests import PageRequest
from throughline.components.parts import Row, TabLink
from throughline.goals.selectors import GoalFilter, GoalRow, cycle_current, goals_table
from throughline.goals.selectors.for_shell import OwedRow, owed_in_unit
from throughline.kernel.actor import Actor
from throughline.kernel.ids import SubjectRef
from throughline.ledger.selectors import links_from
from throughline.ledger.services import Relation
from throughline.meetings.selectors import named_contributor_ids
from throughline.people.models import Unit
from throughline.people.selectors.units import memberships_of_unit, unit_page
from throughline.purpose.selectors import PurposeLine, purposes_for_line

GOALS_SHOWN = 30
SWITCHER_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Unheard:
    """People of the team without a named post in the cycle's meetings; None when no meeting feeds the cycle yet."""

    cycle_name: str
    names: list[Row]
    heard: int
    has_meetings: bool


def team_page(request: PageRequest, unit_id: int | None = None) -> HttpResponse:
    """One unit; without a number the actor's own (the one they lead first), or a way to choose."""
    actor = request.actor
    chosen = unit_id if unit_id is not None else _own_unit(actor)
    if chosen is None:
        return render(request, "shell/team_none.html", {})
    page = unit_page(actor, chosen)
    members = memberships_of_unit(actor, page.unit, is_past=False)
    goals = goals_table(actor, GoalFilter(unit_id=chosen), size=GOALS_SHOWN).rows
    context = {
        "page": page,
        "tabs": _switcher(actor, page.below, chosen),
        "purpose": _purpose(actor, chosen),
        "goals": [_goal_row(row) for row in goals if row.state not in ("dropped", "closed")],
        "owed": [_owed_row(row) for row in owed_in_unit(actor, chosen)],
        "unheard": _unheard(actor, {row.person_id: row.person.name for row in members.rows}),
        "members": members.rows,
        "has_more_members": bool(members.next_cursor),
        "goals_url": f"{reverse('goals:list', args=[actor.org_slug])}?unit_id={chosen}",
        "unit_url": reverse("people:unit", args=[actor.org_slug, chosen]),
    }
    return render(request, "shell/team.html", context)


def _purpose(actor: Actor, unit_id: int) -> PurposeLine | None:
    lines = purposes_for_line(actor, unit_ids=[unit_id])
    return next((line for line in lines if line.level != "organisation"), None)


def _own_unit(actor: Actor) -> int | None:
    own = actor.own_unit_ids & actor.led_unit_ids or actor.own_unit_ids
    return min(own) if own else None


def _switcher(actor: Actor, below: Sequence[Unit], chosen: int) -> list[TabLink]:
    """The actor's own units and the ones right below the one shown."""
    from throughline.people.selectors.units import units_visible_to

    wanted = set(actor.own_unit_ids) | {chosen} | {unit.pk for unit in below[:SWITCHER_SHOWN]}
    if len(wanted) < 2:
        return []
    units = units_visible_to(actor).filter(pk__in=wanted, ended_on=None).order_by("depth", "name")
    return [
        TabLink(unit.name, reverse("shell:team_of", args=[actor.org_slug, unit.pk]), is_current=unit.pk == chosen)
        for unit in units[: SWITCHER_SHOWN + 2]
    ]


def _goal_row(row: GoalRow) -> Row:
    if not row.is_counted:
        return Row(title=row.title, url=row.url, side=row.state_label, meta=row.owner_name, state="wait")
    side = "no reading yet" if row.is_unread else f"{row.progress_percent} %"
    state = {"on_track": "good", "at_risk": "warn", "off_track": "bad"}.get(row.status, "")
    meta = ", ".join(part for part in (row.owner_name, row.status_label) if part)
    return Row(title=row.title, url=row.url, side=side, meta=meta, state=state)


def _owed_row(row: OwedRow) -> Row:
    return Row(title=row.title, url=row.url, side=row.due.label, meta=row.owner_name, state=row.due.state)


def _unheard(actor: Actor, names: dict[int, str]) -> Unheard | None:
    cycle = cycle_current(actor)
    if cycle is None:
        return None
    meetings = [
        link.to_id
        for link in links_from(actor, [SubjectRef("goals.cycle", cycle.pk)], Relation.PROMPTED_BY)
        if link.to_kind == "meetings.meeting"
    ]
    heard = named_contributor_ids(actor, meetings) & names.keys()
    rows = [
        Row(title=name, url=reverse("people:person", args=[actor.org_slug, person_id]))
        for person_id, name in sorted(names.items(), key=lambda item: item[1])
        if person_id not in heard
    ]
    return Unheard(cycle.name, rows, len(heard), bool(meetings))
