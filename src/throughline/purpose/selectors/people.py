"""Whom a purpose concerns: who keeps it, whom to ask, whose numbers have which names."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Q

from throughline.kernel.actor import Actor
from throughline.kernel.clock import today
from throughline.people.selectors import people_visible_to
from throughline.purpose.models import Statement
from throughline.purpose.rules import ASK_ALL_UP_TO, Level


def _current(actor: Actor, **wanted: Any) -> Q:
    """People with a unit membership of today that is as wanted."""
    day = today(actor.time_zone)
    named = {f"unit_memberships__{key}": value for key, value in wanted.items()}
    return Q(
        Q(unit_memberships__ends_on=None) | Q(unit_memberships__ends_on__gte=day),
        unit_memberships__starts_on__lte=day,
        left_on=None,
        **named,
    )


def keepers_of(actor: Actor, statement: Statement) -> set[int]:
    """Who answers for a purpose: its owner, the unit's leads, or the leads of the topmost units."""
    if statement.level == Level.PERSON:
        return {statement.person_id} if statement.person_id is not None else set()
    where: dict[str, Any] = {"unit_id": statement.unit_id} if statement.level == Level.UNIT else {"unit__parent": None}
    people = people_visible_to(actor).filter(_current(actor, is_lead=True, **where))
    return set(people.values_list("pk", flat=True))


def asked_by_default(actor: Actor, statement: Statement) -> list[str]:
    """Names to begin with when a draft is proposed: a small unit's members, else leads."""
    people = people_visible_to(actor).order_by("name").distinct()
    if statement.level == Level.UNIT:
        members = people.filter(_current(actor, unit_id=statement.unit_id))
        names = list(members.values_list("name", flat=True)[: ASK_ALL_UP_TO + 1])
        if len(names) <= ASK_ALL_UP_TO:
            return names
        leads = people.filter(_current(actor, unit_id=statement.unit_id, is_lead=True))
    else:
        leads = people.filter(_current(actor, unit__depth__lte=1, is_lead=True))
    return list(leads.values_list("name", flat=True)[:ASK_ALL_UP_TO])


def names_of(actor: Actor, person_ids: Collection[int]) -> dict[int, str]:
    """Names by number; one query."""
    if not person_ids:
        return {}
    return dict(people_visible_to(actor).filter(pk__in=person_ids).values_list("pk", "name"))
