"""Steps that lead from one app's thing to another app: from voices to goals."""

from __future__ import annotations

from django.urls import reverse

from throughline.goals.policies import can_create_goal
from throughline.kernel.actor import Actor
from throughline.kernel.ids import SubjectRef
from throughline.kernel.verdict import Verdict
from throughline.ledger.onward import OnwardStep, onward_register

VOICES = frozenset({"meetings.theme", "meetings.contribution", "meetings.anonymous"})


def _goal_url(actor: Actor, ref: SubjectRef) -> str:
    return f"{reverse('goals:new', args=[actor.org_slug])}?prompted_by={ref}"


def _may_write_goals(actor: Actor) -> Verdict:
    return can_create_goal(actor, level="unit", owner_id=None)


onward_register(OnwardStep("goals.new", "Make a goal of it", VOICES, _goal_url, _may_write_goals))
