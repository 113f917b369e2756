"""Writing goals down and changing them. Every change of the text is a new version that asks again whom it affects."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import transaction

from throughline.goals import policies
from throughline.goals.events import GoalCreated, GoalSettingsChanged
from throughline.goals.models import Goal, GoalCoOwner, GoalStakeholder, GoalStep
from throughline.goals.rules import GoalKind, GoalState, Visibility
from throughline.goals.services.fields import GoalFields, fields_checked
from throughline.goals.services.versions import (
    goal_ref,
    objective_for_change,
    objective_locked,
    version_first,
    version_next,
)
from throughline.kernel.actor import Actor
from throughline.kernel.clock import now, today
from throughline.kernel.errors import Invalid
from throughline.kernel.ids import SubjectRef
from throughline.ledger.models import Relation
from throughline.ledger.services import event_record, link_create, link_remove
from throughline.ledger.subjects import subject_cards, subject_kinds


@transaction.atomic
def goal_create(*, actor: Actor, fields: GoalFields, prompted_by: Sequence[SubjectRef] = ()) -> Goal:
    """Write down a candidate. `prompted_by`: themes or contributions behind it, which the actor must be able to see."""
    policies.can_create_goal(actor, level=fields.level, owner_id=fields.owner_id).require()
    fields_checked(actor, fields)
    seen = subject_cards(actor, prompted_by)
    if any(ref not in seen for ref in prompted_by):
        raise Invalid({"prompted_by": "One of the things behind this goal is nothing that you can open."})
    moment = now()
    goal = Goal(
        org_id=actor.org_id,
        kind=GoalKind.OBJECTIVE,
        state=GoalState.CANDIDATE,
        created_by_id=actor.person_id,
        created_at=moment,
        changed_at=moment,
    )
    fields_apply(goal, fields)
    goal.save()
    _co_owners_set(actor, goal, fields.co_owner_ids)
    step_write(actor, goal, from_state="", to_state=GoalState.CANDIDATE)
    version_first(actor, goal)
    for earlier in prompted_by:
        link_create(actor=actor, later=goal_ref(goal), relation=Relation.PROMPTED_BY, earlier=earlier)
    _advances(actor, goal, old=set(), new=served(goal))
    event_record(actor, GoalCreated(goal_kind=GoalKind.OBJECTIVE), subject=goal_ref(goal), context=cycle_ref(goal))
    return goal


@transaction.atomic
def goal_edit(
    *,
    actor: Actor,
    goal: Goal,
    fields: GoalFields,
    version: int,
    reason: str = "",
    is_editorial: bool = False,
) -> Goal:
    """Change an objective's own fields; its parts, alignments and dependencies have services of their own."""
    policies.can_edit_goal(actor, goal).require()
    row = objective_for_change(goal, version=version)
    if row.pk != goal.pk:
        raise Invalid("This is part of a goal; change it as a key result or initiative.")
    fields_checked(actor, fields, goal=row)
    before, settings = served(row), _settings(row)
    fields_apply(row, fields)
    row.changed_at = now()
    row.save()
    _co_owners_set(actor, row, fields.co_owner_ids)
    parts_follow(row)
    _advances(actor, row, old=before, new=served(row))
    written = version_next(actor, row, reason=reason, is_editorial=is_editorial)
    if written is None and _settings(row) != settings:
        event_record(actor, GoalSettingsChanged(), subject=goal_ref(row))
    return row


@transaction.atomic
def goal_share_co_owner(*, actor: Actor, goal: Goal, person_id: int, version: int, reason: str = "") -> Goal:
    """Own an objective together with one more person, who signs as co-owner."""
    policies.can_edit_goal(actor, goal).require()
    row = objective_for_change(goal, version=version)
    person = SubjectRef("people.person", person_id)
    if "people.person" in subject_kinds() and person not in subject_cards(actor, [person]):
        raise Invalid({"person_id": "Choose a person of the organisation."})
    if person_id == row.owner_id:
        raise Invalid({"person_id": "This person owns the goal already."})
    known = set(GoalCoOwner.objects.filter(goal=row).values_list("person_id", flat=True))
    _co_owners_set(actor, row, known | {person_id})
    version_next(actor, row, reason=reason)
    return row


@transaction.atomic
def goal_visibility_set(*, actor: Actor, goal: Goal, visibility: str) -> Goal:
    """Open a goal to the whole organisation, or keep it to owner, unit and leaders."""
    policies.can_edit_goal(actor, goal).require()
    if visibility not in set(Visibility):
        raise Invalid({"visibility": "Choose open to everybody, or the team only."})
    row = objective_locked(goal)
    if row.visibility == visibility:
        return row
    row.visibility = visibility
    row.save(update_fields=["visibility"])
    parts_follow(row)
    event_record(actor, GoalSettingsChanged(), subject=goal_ref(row))
    return row


@transaction.atomic
def goal_signatories_set(*, actor: Actor, goal: Goal, stakeholder_ids: Collection[int]) -> Goal:
    """Name the stakeholders who must sign; those of the cycle's register or any other of the organisation."""
    policies.can_edit_goal(actor, goal).require()
    row = objective_for_change(goal)
    wanted = {SubjectRef("people.stakeholder", number) for number in stakeholder_ids}
    if "people.stakeholder" in subject_kinds() and len(subject_cards(actor, wanted)) < len(wanted):
        raise Invalid({"stakeholder_ids": "Choose stakeholders from the organisation's register."})
    named = GoalStakeholder.objects.filter(goal=row)
    known = set(named.values_list("stakeholder_id", flat=True))
    numbers = {ref.id for ref in wanted}
    if known == numbers:
        return row
    named.exclude(stakeholder_id__in=numbers).delete()
    GoalStakeholder.objects.bulk_create(
        [GoalStakeholder(org_id=actor.org_id, goal=row, stakeholder_id=number) for number in sorted(numbers - known)]
    )
    event_record(actor, GoalSettingsChanged(), subject=goal_ref(row))
    return row


def step_write(actor: Actor, goal: Goal, *, from_state: str, to_state: str, reason: str = "") -> GoalStep:
    """Keep one change of state with its reason."""
    return GoalStep.objects.create(
        org_id=actor.org_id,
        goal=goal,
        from_state=from_state,
        to_state=to_state,
        reason=reason.strip(),
        by_person_id=actor.person_id,
        on=today(actor.time_zone),
        created_at=now(),
    )


def cycle_ref(goal: Goal) -> SubjectRef | None:
    """The cycle of a goal, as the context of its events."""
    return SubjectRef(policies.CYCLE, goal.cycle_id) if goal.cycle_id is not None else None


def served(goal: Goal) -> set[SubjectRef]:
    """What an objective advances: the purpose or value it serves and its strategic theme."""
    found = set()
    if goal.serves_id is not None:
        found.add(SubjectRef(goal.serves_kind, goal.serves_id))
    if goal.theme_id is not None:
        found.add(SubjectRef(policies.THEME, goal.theme_id))
    return found


def parts_follow(goal: Goal) -> None:
    """Keep the columns that parts share with their objective equal to it."""
    Goal.objects.filter(part_of_id=goal.pk).update(
        unit_id=goal.unit_id, level=goal.level, cycle_id=goal.cycle_id, visibility=goal.visibility
    )


def fields_apply(goal: Goal, fields: GoalFields) -> None:
    """Set an objective's own columns."""
    goal.title, goal.description = fields.title.strip(), fields.description.strip()
    goal.level, goal.unit_id, goal.owner_id = fields.level, fields.unit_id, fields.owner_id
    goal.cycle_id, goal.theme_id = fields.cycle_id, fields.theme_id
    goal.serves_kind = fields.serves.kind if fields.serves is not None else ""
    goal.serves_id = fields.serves.id if fields.serves is not None else None
    goal.starts_on, goal.ends_on = fields.starts_on, fields.ends_on
    goal.cadence, goal.visibility = fields.cadence, fields.shown_to
    goal.metric_key, goal.metric_unit = fields.metric_key.strip(), fields.metric_unit.strip()
    goal.weight = fields.weight


def _settings(goal: Goal) -> tuple[str, str, float]:
    return goal.cadence, goal.visibility, goal.weight


def _co_owners_set(actor: Actor, goal: Goal, person_ids: Collection[int]) -> None:
    wanted = set(person_ids) - {goal.owner_id}
    rows = GoalCoOwner.objects.filter(goal=goal)
    known = set(rows.values_list("person_id", flat=True))
    rows.exclude(person_id__in=wanted).delete()
    GoalCoOwner.objects.bulk_create(
        [
            GoalCoOwner(org_id=actor.org_id, goal=goal, person_id=person_id, since=today(actor.time_zone))
            for person_id in sorted(wanted - known)
        ]
    )


def _advances(actor: Actor, goal: Goal, *, old: set[SubjectRef], new: set[SubjectRef]) -> None:
    for gone in sorted(old - new):
        link_remove(actor=actor, later=goal_ref(goal), relation=Relation.ADVANCES, earlier=gone)
    for added in sorted(new - old):
        link_create(actor=actor, later=goal_ref(goal), relation=Relation.ADVANCES, earlier=added)
