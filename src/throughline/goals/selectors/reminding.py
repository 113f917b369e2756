"""Who hears about a goal, and which check-ins ask for a reminder."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.apps import apps
from django.db.models import F

from throughline.access.actors import actor_of_person
from throughline.goals.models import Goal, GoalCoOwner
from throughline.goals.policies import can_read_goal
from throughline.goals.rules import ReminderStage
from throughline.kernel.actor import Actor

# Reminders are written in batches of this size, each its own transaction.
BATCH = 500


@dataclass(frozen=True, slots=True)
class DueCheckIn:
    """A key result whose check-in is due, with everybody a reminder might go to."""

    goal_id: int
    due_on: date
    reminded: int
    owner_id: int | None
    unit_id: int | None


def owners_of(actor: Actor, goal_id: int) -> set[int]:
    """Owners and co-owners of a goal and, for a part, of its objective; two queries."""
    found: set[int] = set()
    objective_id = goal_id
    rows = Goal.objects.filter(pk=goal_id).values_list("owner_id", "part_of_id", "part_of__owner_id")
    for owner_id, part_of_id, above_id in rows:
        found |= {number for number in (owner_id, above_id) if number is not None}
        objective_id = part_of_id or goal_id
    co_owners = GoalCoOwner.objects.filter(goal_id=objective_id).values_list("person_id", flat=True)
    return found | set(co_owners)


def readers_among(actor: Actor, goal: Goal, person_ids: Collection[int]) -> set[int]:
    """Those of a few people who may read the goal now; some queries each, so for a handful only."""
    readers = set()
    for person_id in person_ids:
        reader = actor_of_person(person_id, actor.org_id)
        if reader is not None and can_read_goal(reader, goal):
            readers.add(person_id)
    return readers


def checkins_to_remind(actor: Actor, *, day: date, after_id: int = 0) -> list[DueCheckIn]:
    """The next 500 key results with a check-in due whose last reminder stage is not reached yet, by number."""
    rows = (
        Goal.objects.filter(due_on__lte=day, reminded__lt=ReminderStage.LEAD_TOLD, pk__gt=after_id)
        .annotate(above_owner_id=F("part_of__owner_id"))
        .order_by("id")
        .values_list("id", "due_on", "reminded", "owner_id", "above_owner_id", "unit_id")
    )
    return [
        DueCheckIn(number, due_on, reminded, owner_id or above_id, unit_id)
        for number, due_on, reminded, owner_id, above_id, unit_id in rows[:BATCH]
        if due_on is not None
    ]


def leads_of_units(actor: Actor, unit_ids: Collection[int], *, day: date) -> dict[int, set[int]]:
    """Who leads each of these units today; one query on the memberships, by their registered name."""
    memberships = apps.get_model("people.UnitMembership").objects.filter(
        unit_id__in=set(unit_ids), is_lead=True, starts_on__lte=day
    )
    found: dict[int, set[int]] = {}
    for unit_id, person_id, ends_on in memberships.values_list("unit_id", "person_id", "ends_on"):
        if ends_on is None or ends_on >= day:
            found.setdefault(unit_id, set()).add(person_id)
    return found
