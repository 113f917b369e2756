"""What waits for a person in goals: check-ins that are due, and dependencies to answer."""

from __future__ import annotations

from throughline.goals.policies import GOAL
from throughline.goals.rules import due_state
from throughline.goals.selectors.line import checkins_due, dependencies_asked
from throughline.kernel.actor import Actor
from throughline.kernel.clock import today
from throughline.kernel.ids import SubjectRef
from throughline.notify.waiting import WaitingItem, waiting_register


def checkins_waiting(actor: Actor) -> list[WaitingItem]:
    """Check-ins the actor owes; one query."""
    return [
        WaitingItem(
            key=f"checkin:{row.goal_id}",
            title=f"Check in on “{row.title}”",
            url=row.url,
            state=row.due.state,
            state_label=row.due.label,
            meta=row.objective_title,
            due_on=row.due_on,
            subject=SubjectRef(GOAL, row.goal_id),
        )
        for row in checkins_due(actor)
    ]


def dependencies_waiting(actor: Actor) -> list[WaitingItem]:
    """Dependencies that wait for the actor's answer; one query."""
    day = today(actor.time_zone)
    items = []
    for row in dependencies_asked(actor):
        due = due_state(row.needed_on, day) if row.needed_on is not None else None
        items.append(
            WaitingItem(
                key=f"dependency:{row.dependency_id}",
                title=f"Answer: {row.text}",
                url=row.url,
                state=due.state if due is not None else "wait",
                state_label=f"needed, {due.label}" if due is not None else "asked of you",
                meta=row.goal_title,
                due_on=row.needed_on,
                subject=SubjectRef(GOAL, row.goal_id),
            )
        )
    return items


waiting_register("goals.checkins", checkins_waiting)
waiting_register("goals.dependencies", dependencies_waiting)
