"""What Home and Team show of goals: results of the past, and who owes a check-in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q

from throughline.goals.models import Goal
from throughline.goals.policies import visible_goals
from throughline.goals.rules import DueState, GoalState, due_state
from throughline.goals.selectors.rows import goal_url, url_prefix
from throughline.kernel.actor import Actor
from throughline.kernel.clock import today
from throughline.people.selectors import in_unit

MOST_OWED = 20


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A closed objective of the actor's line and how far it came."""

    goal_id: int
    title: str
    url: str
    words: str


@dataclass(frozen=True, slots=True)
class OwedRow:
    """A check-in somebody of a unit owes and its owner."""

    title: str
    url: str
    owner_name: str
    due: DueState
    due_on: date


def last_results(actor: Actor, *, limit: int = 1) -> tuple[ResultRow, ...]:
    """Closed objectives the actor owned or whose unit they belong to, newest first; one query."""
    mine = Q(owner_id=actor.person_id) | Q(unit_id__in=actor.own_unit_ids)
    closed = Goal.objects.filter(visible_goals(actor), mine, kind="objective", state=GoalState.CLOSED)
    rows = closed.order_by("-changed_at", "-id").values_list("id", "title", "score_0_1")[:limit]
    return tuple(
        ResultRow(
            number,
            title,
            goal_url(actor, number),
            "closed" if score is None else f"reached {score:.0%}".replace("%", " %"),
        )
        for number, title, score in rows
    )


def owed_in_unit(actor: Actor, unit_id: int) -> tuple[OwedRow, ...]:
    """Check-ins of a unit and the units below it that are due or late, latest first; two queries."""
    day = today(actor.time_zone)
    due = Goal.objects.filter(visible_goals(actor), in_unit(actor, unit_id), due_on__lte=day).order_by("due_on", "id")
    rows = due.annotate(owner_name=F("owner__name"), objective_owner=F("part_of__owner__name")).values_list(
        "id", "title", "owner_name", "objective_owner", "due_on"
    )
    prefix = url_prefix(actor)
    return tuple(
        OwedRow(title, f"{prefix}{number}/", owner or objective_owner or "Nobody", due_state(due_on, day), due_on)
        for number, title, owner, objective_owner, due_on in rows[:MOST_OWED]
        if due_on is not None
    )
