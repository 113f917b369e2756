"""The way of a goal: proposed, signed, started, closed, dropped, reopened; each step with its reason."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

from django.db import transaction

from throughline.access.services.shares import share_grant
from throughline.decisions.selectors import sign_off_of
from throughline.goals import policies
from throughline.goals.events import (
    GoalClosed,
    GoalDropped,
    GoalProposalWithdrawn,
    GoalProposed,
    GoalReopened,
    GoalSignaturesReopened,
    GoalSigned,
    GoalStarted,
    GoalStateChanged,
)
from throughline.goals.models import Goal, GoalVersion
from throughline.goals.rules import COUNTING_STATES, STATE_LABELS, GoalState, may_follow, needs_reason
from throughline.goals.services.checkins import due_after
from throughline.goals.services.goals import cycle_ref, step_write
from throughline.goals.services.rolling import roll_up_above
from throughline.goals.services.signing import guests_named, sign_off_open, sign_off_withdraw
from throughline.goals.services.versions import goal_ref, objective_locked
from throughline.kernel.actor import Actor
from throughline.kernel.clock import today
from throughline.kernel.errors import Conflict, Invalid
from throughline.ledger.services import event_record

EventT = TypeVar("EventT", bound=GoalStateChanged)
RETROSPECTIVE_LENGTH, REASON_LENGTH = 8000, 2000


@transaction.atomic
def goal_propose(*, actor: Actor, goal: Goal, version: int, note: str = "", closes_on: date | None = None) -> Goal:
    """Ask everybody concerned to sign the goal's newest version."""
    policies.can_propose_goal(actor, goal).require()
    row = objective_locked(goal, version=version)
    _require_step(row, GoalState.PROPOSED, reason=note)
    problems: dict[str, str] = {}
    if row.owner_id is None:
        problems["owner_id"] = "Give the goal an owner first; the owner signs it."
    if row.serves_id is None:
        problems["serves"] = "Name the purpose or value the goal serves first; people sign that too."
    if problems:
        raise Invalid(problems)
    written = GoalVersion.objects.get(goal_id=row.pk, number=row.version)
    sign_off_open(actor, row, text=written.text, closes_on=closes_on)
    for person_id in guests_named(row):
        share_grant(actor=actor, person_id=person_id, subject=goal_ref(row))
    return _step(actor, row, GoalState.PROPOSED, reason=note, event=GoalProposed)


@transaction.atomic
def goal_withdraw_proposal(*, actor: Actor, goal: Goal, reason: str) -> Goal:
    """Take a proposed goal back; it becomes a candidate again and may be changed freely."""
    policies.can_propose_goal(actor, goal).require()
    row = objective_locked(goal)
    _require_step(row, GoalState.CANDIDATE, reason=reason)
    sign_off_withdraw(actor, row, reason=reason)
    return _step(actor, row, GoalState.CANDIDATE, reason=reason, event=GoalProposalWithdrawn)


@transaction.atomic
def goal_sign_off_follow(*, actor: Actor, goal: Goal) -> Goal:
    """Bring a goal's state up to its sign-off; for reactions, and right after a change of version. Idempotent.

    Complete: proposed becomes signed off, and active when its cycle runs. Reopened: signed off becomes proposed; an
    active goal stays active, its signed version shows that the newest one still waits.
    """
    row = objective_locked(goal)
    found = sign_off_of(actor, goal_ref(row))
    if found is None or row.state not in (GoalState.PROPOSED, GoalState.SIGNED_OFF, GoalState.ACTIVE):
        return row
    if not found.is_complete:
        if row.state == GoalState.SIGNED_OFF:
            _step(actor, row, GoalState.PROPOSED, reason="", event=GoalSignaturesReopened)
        return row
    if row.signed_version < found.version:
        row.signed_version = found.version
        row.save(update_fields=["signed_version"])
        if row.state != GoalState.PROPOSED:
            _record(actor, row, GoalSigned(GoalState(row.state), GoalState(row.state), found.version))
    if row.state == GoalState.PROPOSED:
        _step(actor, row, GoalState.SIGNED_OFF, reason="", event=GoalSigned)
    if row.state == GoalState.SIGNED_OFF and row.cycle is not None and row.cycle.state == "running":
        _step(actor, row, GoalState.ACTIVE, reason="", event=GoalStarted)
    return row


@transaction.atomic
def goal_start(*, actor: Actor, goal: Goal, reason: str = "") -> Goal:
    """Begin work on a signed goal before its cycle starts, or without a cycle."""
    policies.can_edit_goal(actor, goal).require()
    row = objective_locked(goal)
    _require_step(row, GoalState.ACTIVE, reason=reason)
    return _step(actor, row, GoalState.ACTIVE, reason=reason, event=GoalStarted)


@transaction.atomic
def goal_close(*, actor: Actor, goal: Goal, score_0_1: float | None, retrospective: str, reason: str) -> Goal:
    """End an active goal with a score and what was learned."""
    policies.can_close_goal(actor, goal).require()
    row = objective_locked(goal)
    problems: dict[str, str] = {}
    if score_0_1 is not None and not 0 <= score_0_1 <= 1:
        problems["score_0_1"] = "The score runs from 0 to 1."
    if len(retrospective) > RETROSPECTIVE_LENGTH:
        problems["retrospective"] = f"Shorten the retrospective to {RETROSPECTIVE_LENGTH} characters."
    if problems:
        raise Invalid(problems)
    _require_step(row, GoalState.CLOSED, reason=reason)
    row.score_0_1, row.retrospective = score_0_1, retrospective.strip()
    row.save(update_fields=["score_0_1", "retrospective"])
    before = row.state
    _move(actor, row, GoalState.CLOSED, reason=reason)
    event = GoalClosed(GoalState(before), GoalState.CLOSED, row.version, score_0_1)
    _record(actor, row, event)
    return row


@transaction.atomic
def goal_drop(*, actor: Actor, goal: Goal, reason: str) -> Goal:
    """Give a goal up. It stays readable, struck through, and counts for nothing above it."""
    policies.can_close_goal(actor, goal).require()
    row = objective_locked(goal)
    _require_step(row, GoalState.DROPPED, reason=reason)
    sign_off_withdraw(actor, row, reason=reason)
    return _step(actor, row, GoalState.DROPPED, reason=reason, event=GoalDropped)


@transaction.atomic
def goal_reopen(*, actor: Actor, goal: Goal, reason: str) -> Goal:
    """Take a closed goal up again as active, or a dropped one as a candidate."""
    policies.can_close_goal(actor, goal).require()
    row = objective_locked(goal)
    following = GoalState.ACTIVE if row.state == GoalState.CLOSED else GoalState.CANDIDATE
    if row.state not in (GoalState.CLOSED, GoalState.DROPPED):
        raise Conflict(f"This goal is {STATE_LABELS[GoalState(row.state)].lower()}; there is nothing to reopen.")
    _require_step(row, following, reason=reason)
    return _step(actor, row, following, reason=reason, event=GoalReopened)


def _require_step(goal: Goal, following: GoalState, *, reason: str) -> None:
    state = GoalState(goal.state)
    if not may_follow(state, following):
        raise Conflict(
            f"This goal is {STATE_LABELS[state].lower()}, so it cannot become "
            f"{STATE_LABELS[following].lower()} now. Reload the page to see where it stands."
        )
    if needs_reason(state, following) and not reason.strip():
        raise Invalid({"reason": "Say why, in a sentence; people who signed or contributed will read it."})
    if len(reason) > REASON_LENGTH:
        raise Invalid({"reason": f"Shorten the reason to {REASON_LENGTH} characters."})


def _step(actor: Actor, goal: Goal, following: GoalState, *, reason: str, event: type[EventT]) -> Goal:
    before = GoalState(goal.state)
    _move(actor, goal, following, reason=reason)
    _record(actor, goal, event(before, following, goal.version))
    return goal


def _record(actor: Actor, goal: Goal, event: GoalStateChanged) -> None:
    event_record(actor, event, subject=goal_ref(goal), context=cycle_ref(goal))


def _move(actor: Actor, goal: Goal, following: GoalState, *, reason: str) -> None:
    """Change the state, keep the step, expect or stop check-ins, and roll up when what counts has changed."""
    before = GoalState(goal.state)
    goal.state = following
    goal.save(update_fields=["state"])
    step_write(actor, goal, from_state=before, to_state=following, reason=reason)
    if (before == GoalState.ACTIVE) != (following == GoalState.ACTIVE):
        checkins_expect(actor, goal)
    if (before in COUNTING_STATES) != (following in COUNTING_STATES):
        roll_up_above(actor, [goal.pk])


def checkins_expect(actor: Actor, goal: Goal) -> None:
    """Set or clear the due dates of an objective's key results; the first one is due one rhythm after today."""
    parts = list(Goal.objects.filter(part_of_id=goal.pk, kind="key_result"))
    for part in parts:
        part.due_on, part.reminded = due_after(part, goal, day=today(actor.time_zone)), 0
    Goal.objects.bulk_update(parts, ["due_on", "reminded"], batch_size=500)
