"""What a person sees first: the goals on their line, and the check-ins they owe."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, islice

from django.db.models import Q

from throughline.goals.models import Dependency, Goal, GoalCoOwner
from throughline.goals.policies import visible_goals
from throughline.goals.rules import OPEN_STATES, DueState, GoalLevel, GoalState, due_state
from throughline.goals.selectors.rows import GoalRow, goal_url, rows_from, url_prefix, with_row_columns
from throughline.kernel.actor import Actor
from throughline.kernel.clock import today
from throughline.kernel.prepared import Prepared

# A check-in is listed from this many days before it is due.
SHOWN_AHEAD_DAYS = 2
ON_THE_LINE = 8
MOST_DUE = 50


@dataclass(frozen=True, slots=True)
class LineGoals:
    """Goals in force on a person's line: the organisation's, their units', their own."""

    organisation: tuple[GoalRow, ...]
    unit: tuple[GoalRow, ...]
    own: tuple[GoalRow, ...]


@dataclass(frozen=True, slots=True)
class DueRow:
    """A check-in somebody owes."""

    goal_id: int
    title: str
    url: str
    objective_title: str
    due: DueState
    due_on: date


@dataclass(frozen=True, slots=True)
class AskedRow:
    """A dependency somebody is asked to answer."""

    dependency_id: int
    goal_id: int
    goal_title: str
    url: str
    text: str
    needed_on: date | None


_DUE = Prepared(
    lambda person_id, until: (
        Goal.objects.filter(Q(owner_id=person_id) | Q(owner_id=None, part_of__owner_id=person_id), due_on__lte=until)
        .order_by("due_on", "id")
        .values_list("id", "title", "part_of__title", "due_on")[:MOST_DUE]
    ),
    person_id=int,
    until=date,
)
_ASKED = Prepared(
    lambda person_id: (
        Dependency.objects.filter(provider_id=person_id, state="requested")
        .exclude(goal__state__in=[GoalState.DROPPED, GoalState.CLOSED])
        .order_by("needed_on", "id")
        .values_list("id", "goal_id", "goal__title", "text", "needed_on")[:MOST_DUE]
    ),
    person_id=int,
)


def goals_for_line(actor: Actor) -> LineGoals:
    """Up to eight goals in force of each level of the actor's line, those in trouble first; three queries."""
    running = (
        Goal.objects.filter(visible_goals(actor), kind="objective", state__in=OPEN_STATES)
        .exclude(state=GoalState.CANDIDATE)
        .order_by("progress", "title", "id")
    )
    person_id = actor.person_id or 0
    own = Q(owner_id=person_id) | Q(pk__in=GoalCoOwner.objects.filter(person_id=person_id).values("goal_id"))
    organisation = running.filter(level=GoalLevel.ORGANISATION)
    unit = running.filter(level=GoalLevel.UNIT, unit_id__in=actor.own_unit_ids)
    mine = running.filter(own).exclude(level=GoalLevel.ORGANISATION)
    levels = [list(with_row_columns(goals)[:ON_THE_LINE]) for goals in (organisation, unit)]
    levels.append(list(with_row_columns(mine)[:ON_THE_LINE]) if actor.person_id is not None else [])
    rows = iter(rows_from(actor, chain.from_iterable(levels)))
    return LineGoals(*(tuple(islice(rows, len(goals))) for goals in levels))


def checkins_due(actor: Actor) -> tuple[DueRow, ...]:
    """Check-ins the actor owes as owner of a key result, or of its objective where it has no owner; one query."""
    if actor.person_id is None:
        return ()
    day = today(actor.time_zone)
    rows = _DUE(person_id=actor.person_id, until=day + timedelta(days=SHOWN_AHEAD_DAYS))
    prefix = url_prefix(actor)
    return tuple(
        DueRow(number, title, f"{prefix}{number}/", objective or "", due_state(due_on, day), due_on)
        for number, title, objective, due_on in rows
    )


def dependencies_asked(actor: Actor) -> tuple[AskedRow, ...]:
    """Dependencies that wait for the actor's answer; one query."""
    if actor.person_id is None:
        return ()
    return tuple(
        AskedRow(number, goal_id, title, goal_url(actor, goal_id), text, needed_on)
        for number, goal_id, title, text, needed_on in _ASKED(person_id=actor.person_id)
    )
