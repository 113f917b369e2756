"""Sign-off of a goal: who signs, asking them, and what the answer makes of the goal. Decisions keep the signatures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from throughline.decisions.rules import Capacity
from throughline.decisions.selectors import proposal_for, sign_off_of
from throughline.decisions.services import Signatory, proposal_open, proposal_withdraw, version_move
from throughline.goals.models import Alignment, Dependency, Goal, GoalCoOwner, GoalStakeholder
from throughline.goals.policies import GOAL
from throughline.kernel.actor import Actor, system_actor
from throughline.kernel.ids import SubjectRef
from throughline.ledger.subjects import ChangeKind


def signatories_of(goal: Goal) -> list[Signatory]:
    """Everybody who must sign an objective, each in their capacity; four queries.

    Owner and co-owners, owners of the goals it contributes to or supports, who provides what it depends on, and the
    stakeholders named for it who are a person of the organisation or a guest.
    """
    return sorted(set(_signatories(goal)))


def _signatories(goal: Goal) -> Iterator[Signatory]:
    if goal.owner_id is not None:
        yield Signatory(goal.owner_id, Capacity.OWNER)
    for person_id in GoalCoOwner.objects.filter(goal_id=goal.pk).values_list("person_id", flat=True):
        yield Signatory(person_id, Capacity.CO_OWNER)
    parents = Alignment.objects.filter(child_id=goal.pk, ends_on=None, parent__owner__isnull=False)
    for person_id in parents.exclude(parent__state="dropped").values_list("parent__owner_id", flat=True):
        yield Signatory(person_id, Capacity.PARENT_OWNER)
    needs = Dependency.objects.filter(goal_id=goal.pk).exclude(state="declined")
    for person_id in needs.values_list("provider_id", flat=True):
        yield Signatory(person_id, Capacity.PROVIDER)
    named = GoalStakeholder.objects.filter(goal_id=goal.pk, stakeholder__person__isnull=False)
    for person_id in named.values_list("stakeholder__person_id", flat=True):
        yield Signatory(person_id, Capacity.STAKEHOLDER)


def guests_named(goal: Goal) -> list[int]:
    """Guests among the stakeholders who must sign; the goal is shared with them, and nothing else."""
    named = GoalStakeholder.objects.filter(goal_id=goal.pk, stakeholder__person__is_guest=True)
    return list(named.order_by("id").values_list("stakeholder__person_id", flat=True))


def sign_off_open(actor: Actor, goal: Goal, *, text: str, closes_on: date | None = None) -> int:
    """Ask everybody to sign the goal's newest version; answers the proposal's number."""
    serves = SubjectRef(goal.serves_kind, goal.serves_id) if goal.serves_id is not None else None
    proposal = proposal_open(
        actor=actor,
        subject=SubjectRef(GOAL, goal.pk),
        version=goal.version,
        text=text,
        method="sign_off",
        title=goal.title,
        signatories=signatories_of(goal),
        serves=serves,
        closes_on=closes_on,
    )
    return proposal.pk


def sign_off_move(actor: Actor, goal: Goal, *, text: str, changes: frozenset[ChangeKind]) -> None:
    """Take the sign-off on to the goal's newest version; who is not affected carries over."""
    version_move(
        actor=actor,
        subject=SubjectRef(GOAL, goal.pk),
        version=goal.version,
        text=text,
        changes=changes,
        signatories=signatories_of(goal),
    )


def sign_off_withdraw(actor: Actor, goal: Goal, *, reason: str) -> None:
    """Take back an open sign-off, if there is one. Policy and event of who did it are the goal's."""
    system = system_actor(actor.org_id, actor.org_slug)
    found = sign_off_of(system, SubjectRef(GOAL, goal.pk))
    if found is not None and not found.is_complete:
        proposal_withdraw(actor=system, proposal=proposal_for(system, found.proposal_id), reason=reason)
