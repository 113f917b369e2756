"""Staged reminders of due check-ins: the owner when due and three days late, the lead when seven days late."""

from __future__ import annotations

from django.db import transaction

from throughline.goals.models import Goal
from throughline.goals.policies import GOAL
from throughline.goals.rules import ReminderStage, reminder_stage
from throughline.goals.selectors.reminding import DueCheckIn, checkins_to_remind, leads_of_units
from throughline.kernel.actor import Actor
from throughline.kernel.clock import today
from throughline.kernel.errors import Refused
from throughline.kernel.ids import SubjectRef
from throughline.notify.services import notify

_KINDS = {
    ReminderStage.DUE: "goals.checkin_due",
    ReminderStage.LATE: "goals.checkin_late",
    ReminderStage.LEAD_TOLD: "goals.checkin_lead",
}


def checkins_remind(*, actor: Actor) -> int:
    """Send every reminder that is due by now, each stage once; answers how many. Safe to repeat and to interrupt."""
    if not actor.is_system:
        raise Refused("Reminders are sent by the product itself.")
    sent, after_id = 0, 0
    while batch := checkins_to_remind(actor, day=today(actor.time_zone), after_id=after_id):
        sent += _batch_remind(actor, batch)
        after_id = batch[-1].goal_id
    return sent


@transaction.atomic
def _batch_remind(actor: Actor, batch: list[DueCheckIn]) -> int:
    day = today(actor.time_zone)
    stages = {row.goal_id: reminder_stage(row.due_on, day) for row in batch}
    telling = [row for row in batch if stages[row.goal_id] > row.reminded]
    leads = leads_of_units(actor, {row.unit_id for row in telling if row.unit_id is not None}, day=day)
    sent = 0
    for row in telling:
        stage = stages[row.goal_id]
        people = {row.owner_id} if row.owner_id is not None else set()
        if stage is ReminderStage.LEAD_TOLD:
            people = leads.get(row.unit_id, set()) if row.unit_id is not None else set()
        sent += notify(
            actor=actor,
            person_ids=people,
            kind=_KINDS[stage],
            subject=SubjectRef(GOAL, row.goal_id),
            once=f"{_KINDS[stage]}:{row.goal_id}:{row.due_on}",
            data={"days": (day - row.due_on).days},
        )
    for stage in ReminderStage:
        ids = [row.goal_id for row in telling if stages[row.goal_id] is stage]
        Goal.objects.filter(pk__in=ids).update(reminded=stage)
    return sent
