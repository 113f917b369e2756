"""Key results, initiatives and milestones: parts of an objective, changed on its version."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max

from throughline.goals import policies
from throughline.goals.events import InitiativeDone, MilestoneDone, PartAdded, PartEdited, PartRemoved
from throughline.goals.models import Goal, Milestone
from throughline.goals.rules import GoalKind, GoalState, Measure
from throughline.goals.services.checkins import due_after
from throughline.goals.services.fields import (
    KeyResultTerms,
    MilestoneTerms,
    owner_problems,
    terms_checked,
    text_problems,
)
from throughline.goals.services.rolling import MEASURED_FIELDS, key_result_measured, roll_up_above
from throughline.goals.services.versions import goal_ref, objective_for_change, version_next
from throughline.kernel.actor import Actor
from throughline.kernel.clock import now, today
from throughline.kernel.errors import Conflict, Invalid, NotFound
from throughline.ledger.services import event_record


@transaction.atomic
def key_result_add(*, actor: Actor, goal: Goal, terms: KeyResultTerms, version: int, reason: str = "") -> Goal:
    """Give an objective one more key result; `version` is the objective's."""
    policies.can_edit_goal(actor, goal).require()
    objective = objective_for_change(goal, version=version)
    terms_checked(actor, terms)
    part = _new_part(actor, objective, kind=GoalKind.KEY_RESULT)
    terms_apply(part, terms)
    part.due_on = due_after(part, objective, day=today(actor.time_zone))
    part.save()
    _milestones_set(actor, part, terms.milestones)
    _measure_again(part)
    _changed(actor, part, objective, reason=reason, event=PartAdded(goal_kind=GoalKind.KEY_RESULT))
    roll_up_above(actor, [objective.pk])
    return part


@transaction.atomic
def key_result_edit(
    *,
    actor: Actor,
    key_result: Goal,
    terms: KeyResultTerms,
    version: int,
    reason: str = "",
    is_editorial: bool = False,
) -> Goal:
    """Change a key result's terms; its readings stay, its progress follows the new terms."""
    policies.can_edit_goal(actor, key_result).require()
    objective = objective_for_change(key_result, version=version)
    terms_checked(actor, terms)
    part = _part_locked(key_result, kind=GoalKind.KEY_RESULT)
    terms_apply(part, terms)
    part.due_on = due_after(part, objective, day=part.checked_in_on or today(actor.time_zone))
    part.save()
    _milestones_set(actor, part, terms.milestones)
    _measure_again(part)
    event = PartEdited(goal_kind=GoalKind.KEY_RESULT)
    _changed(actor, part, objective, reason=reason, event=event, is_editorial=is_editorial)
    roll_up_above(actor, [objective.pk])
    return part


@transaction.atomic
def key_result_remove(*, actor: Actor, key_result: Goal, version: int, reason: str) -> Goal:
    """Take a key result out; it stays struck through with its readings, and the rest is renormalised."""
    part = _remove(actor, key_result, kind=GoalKind.KEY_RESULT, version=version, reason=reason)
    roll_up_above(actor, [part.objective_id])
    return part


@transaction.atomic
def initiative_add(
    *,
    actor: Actor,
    goal: Goal,
    title: str,
    version: int,
    description: str = "",
    owner_id: int | None = None,
    ends_on: date | None = None,
    reason: str = "",
) -> Goal:
    """Name a piece of work meant to move the objective; it is never counted in progress."""
    policies.can_edit_goal(actor, goal).require()
    objective = objective_for_change(goal, version=version)
    _initiative_checked(actor, title=title, description=description, owner_id=owner_id)
    part = _new_part(actor, objective, kind=GoalKind.INITIATIVE)
    part.title, part.description, part.owner_id, part.ends_on = title.strip(), description.strip(), owner_id, ends_on
    part.save()
    _changed(actor, part, objective, reason=reason, event=PartAdded(goal_kind=GoalKind.INITIATIVE))
    return part


@transaction.atomic
def initiative_edit(
    *,
    actor: Actor,
    initiative: Goal,
    title: str,
    version: int,
    description: str = "",
    owner_id: int | None = None,
    ends_on: date | None = None,
    reason: str = "",
) -> Goal:
    """Change an initiative."""
    policies.can_edit_goal(actor, initiative).require()
    objective = objective_for_change(initiative, version=version)
    _initiative_checked(actor, title=title, description=description, owner_id=owner_id)
    part = _part_locked(initiative, kind=GoalKind.INITIATIVE)
    part.title, part.description, part.owner_id, part.ends_on = title.strip(), description.strip(), owner_id, ends_on
    part.save()
    _changed(actor, part, objective, reason=reason, event=PartEdited(goal_kind=GoalKind.INITIATIVE))
    return part


@transaction.atomic
def initiative_remove(*, actor: Actor, initiative: Goal, version: int, reason: str) -> Goal:
    """Take an initiative out; it stays, struck through."""
    return _remove(actor, initiative, kind=GoalKind.INITIATIVE, version=version, reason=reason)


@transaction.atomic
def initiative_done(*, actor: Actor, initiative: Goal, is_done: bool = True) -> Goal:
    """Mark an initiative done, or open again. No new version: what was promised stays the same."""
    policies.can_check_in(actor, initiative).require()
    objective = objective_for_change(initiative)
    part = _part_locked(initiative, kind=GoalKind.INITIATIVE)
    state = GoalState.CLOSED if is_done else GoalState.ACTIVE
    if part.state == state:
        return part
    part.state, part.changed_at = state, now()
    part.save(update_fields=["state", "changed_at"])
    event_record(actor, InitiativeDone(is_done=is_done), subject=goal_ref(part), context=goal_ref(objective))
    return part


@transaction.atomic
def milestone_done(*, actor: Actor, milestone: Milestone, is_done: bool = True) -> Milestone:
    """Reach a milestone, or take that back; the key result and everything above follow."""
    key_result = milestone.key_result
    policies.can_check_in(actor, key_result).require()
    objective = objective_for_change(key_result)
    part = _part_locked(key_result, kind=GoalKind.KEY_RESULT)
    row = Milestone.objects.select_for_update().get(pk=milestone.pk)
    if (row.done_on is not None) == is_done:
        return row
    row.done_on = today(actor.time_zone) if is_done else None
    row.save(update_fields=["done_on"])
    _measure_again(part)
    event_record(
        actor,
        MilestoneDone(milestone_id=row.pk, is_done=is_done),
        subject=goal_ref(part),
        context=goal_ref(objective),
    )
    roll_up_above(actor, [objective.pk])
    return row


def _new_part(actor: Actor, objective: Goal, *, kind: GoalKind) -> Goal:
    last = Goal.objects.filter(part_of_id=objective.pk).aggregate(last=Max("position"))["last"]
    moment = now()
    return Goal(
        org_id=actor.org_id,
        kind=kind,
        part_of=objective,
        state=GoalState.ACTIVE,
        level=objective.level,
        unit_id=objective.unit_id,
        cycle_id=objective.cycle_id,
        visibility=objective.visibility,
        position=0 if last is None else last + 1,
        created_by_id=actor.person_id,
        created_at=moment,
        changed_at=moment,
    )


def _part_locked(part: Goal, *, kind: GoalKind) -> Goal:
    row = Goal.objects.select_for_update().filter(pk=part.pk, kind=kind).first()
    if row is None:
        raise NotFound
    if row.state == GoalState.DROPPED:
        raise Conflict("This was removed from its goal; add it anew if it is needed after all.")
    return row


def terms_apply(part: Goal, terms: KeyResultTerms) -> None:
    """Set the columns of a key result; those its measure does not use are emptied."""
    for name, value in terms_kept(terms).items():
        setattr(part, name, value)
    part.changed_at = now()


def terms_kept(terms: KeyResultTerms) -> dict[str, Any]:
    """What the columns of a key result hold after these terms were applied."""
    is_band, is_milestones = terms.measure == Measure.KEEP_WITHIN, terms.measure == Measure.MILESTONES
    return {
        "title": terms.title.strip(),
        "description": terms.description.strip(),
        "measure": terms.measure,
        "baseline": None if is_milestones else terms.baseline,
        "target": None if is_band or is_milestones else terms.target,
        "low": terms.low if is_band else None,
        "high": terms.high if is_band else None,
        "metric_key": terms.metric_key.strip(),
        "metric_unit": terms.metric_unit.strip(),
        "weight": terms.weight,
        "owner_id": terms.owner_id,
        "cadence": terms.cadence,
        "starts_on": terms.starts_on,
        "ends_on": terms.ends_on,
    }


def _measure_again(part: Goal) -> None:
    key_result_measured(part)
    part.save(update_fields=MEASURED_FIELDS)


def _milestones_set(actor: Actor, part: Goal, wanted: tuple[MilestoneTerms, ...]) -> None:
    items = wanted if part.measure == Measure.MILESTONES else ()
    known = {row.pk: row for row in Milestone.objects.filter(key_result=part)}
    kept = {item.id for item in items if item.id is not None}
    if not kept <= known.keys():
        raise Invalid({"milestones": "One of the milestones is gone; reload the page and try again."})
    Milestone.objects.filter(key_result=part).exclude(pk__in=kept).delete()
    added = []
    for position, item in enumerate(items):
        row = known[item.id] if item.id is not None else Milestone(org_id=actor.org_id, key_result=part)
        row.title, row.weight, row.due_on, row.position = item.title.strip(), item.weight, item.due_on, position
        if item.id is None:
            added.append(row)
    Milestone.objects.bulk_create(added)
    changed = [known[number] for number in sorted(kept)]
    Milestone.objects.bulk_update(changed, ["title", "weight", "due_on", "position"], batch_size=200)


def _changed(
    actor: Actor,
    part: Goal,
    objective: Goal,
    *,
    reason: str,
    event: PartAdded | PartEdited | PartRemoved,
    is_editorial: bool = False,
) -> None:
    event_record(actor, event, subject=goal_ref(part), context=goal_ref(objective))
    version_next(actor, objective, reason=reason, is_editorial=is_editorial)


def _remove(actor: Actor, part: Goal, *, kind: GoalKind, version: int, reason: str) -> Goal:
    policies.can_edit_goal(actor, part).require()
    objective = objective_for_change(part, version=version)
    row = _part_locked(part, kind=kind)
    if not reason.strip():
        raise Invalid({"reason": "Say why it is taken out; people who signed it will read it."})
    row.state, row.due_on, row.changed_at = GoalState.DROPPED, None, now()
    row.save(update_fields=["state", "due_on", "changed_at"])
    _changed(actor, row, objective, reason=reason, event=PartRemoved(goal_kind=kind))
    return row


def _initiative_checked(actor: Actor, *, title: str, description: str, owner_id: int | None) -> None:
    problems = text_problems(title=title, description=description)
    problems |= owner_problems(actor, owner_id)
    if problems:
        raise Invalid(problems)
