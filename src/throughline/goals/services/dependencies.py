"""What a goal needs from others: asked for by its owners, answered by who provides it. Both ends sign the goal."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from throughline.goals import policies
from throughline.goals.events import DependencyChanged
from throughline.goals.models import Dependency, Goal
from throughline.goals.rules import NEXT_DEPENDENCY_STATES, DependencyState
from throughline.goals.services.fields import owner_problems
from throughline.goals.services.versions import goal_ref, objective_for_change, version_next
from throughline.kernel.actor import Actor
from throughline.kernel.clock import now
from throughline.kernel.errors import Conflict, Invalid, NotFound
from throughline.ledger.services import event_record

TEXT_LENGTH, ANSWER_LENGTH = 600, 2000


@transaction.atomic
def dependency_request(
    *,
    actor: Actor,
    goal: Goal,
    provider_id: int,
    text: str,
    version: int,
    provider_goal: Goal | None = None,
    needed_on: date | None = None,
    reason: str = "",
) -> Dependency:
    """Ask somebody for what an objective depends on; they sign the goal as provider."""
    policies.can_edit_goal(actor, goal).require()
    row = objective_for_change(goal, version=version)
    problems: dict[str, str] = {}
    if not text.strip() or len(text.strip()) > TEXT_LENGTH:
        problems["text"] = f"Say what is needed, in up to {TEXT_LENGTH} characters."
    if owner_problems(actor, provider_id):
        problems["provider_id"] = "Choose the person who would provide it."
    if provider_goal is not None and provider_goal.objective_id == row.pk:
        problems["provider_goal"] = "A goal cannot depend on itself."
    if problems:
        raise Invalid(problems)
    if provider_goal is not None:
        policies.can_read_goal(actor, provider_goal).require()
    dependency = Dependency.objects.create(
        org_id=actor.org_id,
        goal=row,
        provider_goal_id=provider_goal.objective_id if provider_goal is not None else None,
        provider_id=provider_id,
        text=text.strip(),
        needed_on=needed_on,
        requested_by_id=actor.person_id,
        created_at=now(),
    )
    _record(actor, dependency)
    version_next(actor, row, reason=reason)
    return dependency


@transaction.atomic
def dependency_accept(*, actor: Actor, dependency: Dependency, answer: str = "") -> Dependency:
    """Promise what is asked for."""
    return _answer(actor, dependency, DependencyState.ACCEPTED, answer=answer)


@transaction.atomic
def dependency_decline(*, actor: Actor, dependency: Dependency, answer: str = "") -> Dependency:
    """Say no, and why; the goal no longer counts on it."""
    if not answer.strip():
        raise Invalid({"answer": "Say why, so that the goal's owners can look for another way."})
    return _answer(actor, dependency, DependencyState.DECLINED, answer=answer)


@transaction.atomic
def dependency_at_risk(*, actor: Actor, dependency: Dependency, answer: str = "") -> Dependency:
    """Warn that the promise may not be kept, and why."""
    if not answer.strip():
        raise Invalid({"answer": "Say what is in the way, so that the goal's owners can act."})
    return _answer(actor, dependency, DependencyState.AT_RISK, answer=answer)


@transaction.atomic
def dependency_deliver(*, actor: Actor, dependency: Dependency, answer: str = "") -> Dependency:
    """Say that it is done."""
    return _answer(actor, dependency, DependencyState.DELIVERED, answer=answer)


def _answer(actor: Actor, dependency: Dependency, state: DependencyState, *, answer: str) -> Dependency:
    policies.can_answer_dependency(actor, dependency).require()
    row = Dependency.objects.select_for_update().filter(pk=dependency.pk).first()
    if row is None:
        raise NotFound
    if state not in NEXT_DEPENDENCY_STATES[DependencyState(row.state)]:
        raise Conflict(f"This was {row.state.replace('_', ' ')} already; reload the page to see where it stands.")
    if len(answer) > ANSWER_LENGTH:
        raise Invalid({"answer": f"Shorten the answer to {ANSWER_LENGTH} characters."})
    was_counted = row.state != DependencyState.DECLINED
    row.state, row.answer, row.answered_at = state, answer.strip(), now()
    row.save(update_fields=["state", "answer", "answered_at"])
    _record(actor, row)
    if was_counted != (state != DependencyState.DECLINED):
        # A declined dependency is no part of the text any more; both ends are asked again.
        version_next(actor, objective_for_change(row.goal), reason=answer)
    return row


def _record(actor: Actor, dependency: Dependency) -> None:
    event = DependencyChanged(
        dependency_id=dependency.pk,
        state=DependencyState(dependency.state),
        provider_id=dependency.provider_id,
    )
    event_record(actor, event, subject=goal_ref(dependency.goal))
