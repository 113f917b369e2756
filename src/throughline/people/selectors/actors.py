"""Completing an actor with units and stakeholder entries."""

from __future__ import annotations

from dataclasses import replace

from django.db.models import Q

from throughline.kernel.actor import Actor
from throughline.kernel.clock import today
from throughline.people.models import Stakeholder, Unit, UnitMembership


def actor_with_units(actor: Actor) -> Actor:
    """The same actor with units, led subtrees and stakeholder entries of today; at most three queries."""
    if actor.person_id is None:
        return actor
    day = today(actor.time_zone)
    current = Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day))
    rows = list(
        UnitMembership.objects.filter(current, person_id=actor.person_id).values_list(
            "unit_id", "unit__path", "is_lead"
        )
    )
    above = {int(part) for _, path, _ in rows for part in path.split(".") if part}
    led_paths = [path for _, path, is_lead in rows if is_lead]
    led: set[int] = set()
    if led_paths:
        subtree = Q()
        for path in led_paths:
            subtree |= Q(path=path) | Q(path__startswith=f"{path}.")
        led = set(Unit.objects.filter(subtree).values_list("id", flat=True))
    stakes = Stakeholder.objects.filter(person_id=actor.person_id, ended_on=None).values_list("id", flat=True)
    return replace(
        actor,
        unit_ids=frozenset(above),
        own_unit_ids=frozenset(unit_id for unit_id, _, _ in rows),
        led_unit_ids=frozenset(led),
        stakeholder_ids=frozenset(stakes),
    )
