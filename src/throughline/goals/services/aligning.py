"""Connecting goals upwards. Alignments are dated, so that any past day's roll-up can be repeated."""

from __future__ import annotations

from django.db import transaction

from throughline.goals import policies
from throughline.goals.events import GoalAligned, GoalUnaligned
from throughline.goals.models import Alignment, Goal
from throughline.goals.rules import GoalKind, GoalState, weight_problem
from throughline.goals.selectors.graph import path_up
from throughline.goals.services.rolling import roll_up_above
from throughline.goals.services.versions import goal_ref, objective_for_change, version_next
from throughline.kernel.actor import Actor
from throughline.kernel.clock import today
from throughline.kernel.errors import Conflict, Invalid, NotFound
from throughline.ledger.models import Relation
from throughline.ledger.services import event_record, link_create, link_remove

RULES = frozenset({"contributes", "supports"})


@transaction.atomic
def goal_align(
    *,
    actor: Actor,
    child: Goal,
    parent: Goal,
    version: int,
    rule: str = "contributes",
    weight: float = 1.0,
    reason: str = "",
) -> Alignment:
    """Put an objective under another one, or change how it stands there; `version` is the child's.

    An alignment that would close a circle is refused with the way named.
    """
    policies.can_align(actor, child, parent).require()
    row = objective_for_change(child, version=version)
    _check(actor, row, parent, rule=rule, weight=weight)
    day = today(actor.time_zone)
    old = Alignment.objects.select_for_update().filter(child=row, parent=parent, ends_on=None).first()
    if old is not None and (old.rule, old.weight) == (rule, weight):
        return old
    if old is not None:
        old.ends_on = day
        old.save(update_fields=["ends_on"])
    alignment = Alignment.objects.create(
        org_id=actor.org_id, child=row, parent=parent, rule=rule, weight=weight, starts_on=day
    )
    Goal.objects.filter(pk=row.pk).update(is_aligned=True)
    link_create(actor=actor, later=goal_ref(row), relation=Relation.ADVANCES, earlier=goal_ref(parent))
    event_record(
        actor,
        GoalAligned(alignment_id=alignment.pk, is_counted=rule == "contributes"),
        subject=goal_ref(row),
        context=goal_ref(parent),
    )
    version_next(actor, row, reason=reason)
    roll_up_above(actor, [parent.pk])
    return alignment


@transaction.atomic
def goal_unalign(*, actor: Actor, alignment: Alignment, version: int, reason: str = "") -> Alignment:
    """End an alignment today; `version` is the child's."""
    policies.can_edit_goal(actor, alignment.child).require()
    child = objective_for_change(alignment.child, version=version)
    row = Alignment.objects.select_for_update().filter(pk=alignment.pk).first()
    if row is None:
        raise NotFound
    if row.ends_on is not None:
        raise Conflict("This alignment has ended already; reload the page.")
    row.ends_on = today(actor.time_zone)
    row.save(update_fields=["ends_on"])
    still = Alignment.objects.filter(child=child, ends_on=None).exists()
    Goal.objects.filter(pk=child.pk).update(is_aligned=still)
    parent = goal_ref(row.parent)
    link_remove(actor=actor, later=goal_ref(child), relation=Relation.ADVANCES, earlier=parent)
    event_record(actor, GoalUnaligned(alignment_id=row.pk), subject=goal_ref(child), context=parent)
    version_next(actor, child, reason=reason)
    roll_up_above(actor, [row.parent_id])
    return row


def _check(actor: Actor, child: Goal, parent: Goal, *, rule: str, weight: float) -> None:
    problems: dict[str, str] = {}
    if rule not in RULES:
        problems["rule"] = "Choose whether it contributes (counts) or supports (is shown, never counts)."
    if weight_problem(weight):
        problems["weight"] = weight_problem(weight)
    if child.kind != GoalKind.OBJECTIVE or parent.kind != GoalKind.OBJECTIVE:
        problems["parent"] = "Objectives are aligned to objectives; a key result counts for its own objective."
    elif child.pk == parent.pk:
        problems["parent"] = "A goal cannot be aligned to itself."
    elif parent.state in (GoalState.CLOSED, GoalState.DROPPED):
        problems["parent"] = f"“{parent.title}” is {parent.state}; choose a goal that is still open."
    if problems:
        raise Invalid(problems)
    circle = path_up(actor, start_id=parent.pk, goal_id=child.pk)
    if circle:
        raise Invalid({"parent": circle_words(actor, circle)})


def circle_words(actor: Actor, circle: list[int]) -> str:
    """Why an alignment is refused, naming the goals on the way as far as the actor may read them."""
    titles = dict(Goal.objects.filter(policies.visible_goals(actor), pk__in=circle).values_list("id", "title"))
    way = " → ".join(f"“{titles[number]}”" if number in titles else "a goal you cannot open" for number in circle)
    return f"That would close a circle: {way} already leads up. Remove one of these alignments first."
