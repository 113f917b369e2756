"""Who may see and do what with proposals. `visible_proposals` is the query twin of `can_see`."""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

from django.db.models import Q, QuerySet

from throughline.decisions.models import Objection, Proposal, Signatory
from throughline.decisions.rules import Capacity, ObjectionState, ProposalState
from throughline.kernel.actor import Actor
from throughline.kernel.verdict import YES, Verdict, allow_if, no
from throughline.ledger.subjects import subject_kinds, subject_type

_OWNERS = (Capacity.OWNER, Capacity.CO_OWNER)


@runtime_checkable
class ListsVisible(Protocol):
    """A subject type that says by query which of its things an actor may see; proposals about them follow it.

    A kind without it is treated as restricted: its proposals are seen by who opened them and who was asked.
    """

    def visible_ids(self, actor: Actor) -> QuerySet[Any]:
        """A one-column query of numbers."""
        ...


def own_id(actor: Actor) -> int:
    """The number of the person acting; 0, which is nobody's, for the system."""
    return actor.person_id if actor.person_id is not None else 0


def visible_proposals(actor: Actor) -> Q:
    """Proposals an actor may read: what was put to them, their own, and those about things they may see."""
    if actor.is_system:
        return Q()
    asked = Signatory.objects.filter(person_id=own_id(actor), dropped_since=None).values("proposal_id")
    mine = Q(pk__in=asked) | Q(pk__in=actor.shared_ids("decisions.proposal"))
    if not actor.is_member:
        return mine
    found = mine | Q(opened_by_id=actor.person_id) | Q(subject_kind="")
    for kind in subject_kinds():
        entry = subject_type(kind)
        if isinstance(entry, ListsVisible):
            found |= Q(subject_kind=kind, subject_id__in=entry.visible_ids(actor))
    return found


def can_see(actor: Actor, proposal: Proposal) -> Verdict:
    """The same for one proposal."""
    is_visible = Proposal.objects.filter(visible_proposals(actor), pk=proposal.pk).exists()
    return allow_if(is_visible, "This decision is about something you cannot open.")


def can_propose(actor: Actor) -> Verdict:
    """Every member may put something to decision; guests are asked, they do not ask."""
    return allow_if(actor.is_member, "Guests cannot propose a decision; ask the person who invited you to.")


def is_asked(actor: Actor, proposal: Proposal) -> bool:
    """Whether the proposal asks this person, in any capacity."""
    return Signatory.objects.filter(proposal_id=proposal.pk, person_id=own_id(actor), dropped_since=None).exists()


def is_steward(actor: Actor, proposal: Proposal) -> bool:
    """Whoever opened it, and its owners: they answer objections and record the outcome."""
    if actor.is_system:
        return True
    if actor.person_id is None or actor.is_guest:
        return False
    if proposal.opened_by_id == actor.person_id:
        return True
    return Signatory.objects.filter(
        proposal_id=proposal.pk, person_id=actor.person_id, dropped_since=None, capacity__in=_OWNERS
    ).exists()


def _open(proposal: Proposal) -> Verdict:
    if proposal.state == ProposalState.DECIDED:
        return no("This is decided. To change it, propose a new version.")
    if proposal.state == ProposalState.WITHDRAWN:
        return no("This proposal was withdrawn.")
    return YES


def can_take_position(actor: Actor, proposal: Proposal) -> Verdict:
    """Those who are asked may speak while it is open."""
    if not is_asked(actor, proposal):
        return no("Only the people asked take a position here. Ask whoever opened it to name you.")
    return _open(proposal)


def can_steward(actor: Actor, proposal: Proposal) -> Verdict:
    """Answer objections, record the outcome, withdraw."""
    if not is_steward(actor, proposal):
        return no("Only whoever opened this, or its owner, can do that.")
    return _open(proposal)


def can_revise(actor: Actor, proposal: Proposal) -> Verdict:
    """Change the text here. What belongs to another thing is changed on that thing's page."""
    if proposal.subject_id is not None:
        return no("This text belongs to what is decided about; change it there and everyone concerned is asked again.")
    return can_steward(actor, proposal)


def can_withdraw_objection(actor: Actor, objection: Objection) -> Verdict:
    """Only whoever raised it can withdraw it."""
    if not actor.is_system and objection.person_id != actor.person_id:
        return no("Only the person who raised this objection can withdraw it.")
    return _settleable(objection)


def can_settle_objection(actor: Actor, objection: Objection) -> Verdict:
    """Integrate it, or record it as standing."""
    if not is_steward(actor, objection.proposal):
        return no("Only whoever opened this, or its owner, can settle an objection.")
    return _settleable(objection)


def _settleable(objection: Objection) -> Verdict:
    if objection.state != ObjectionState.OPEN:
        return no("This objection is settled already; it stays visible with its answer.")
    return _open(objection.proposal)


def can_contest(actor: Actor, proposal: Proposal) -> Verdict:
    """Any signatory may contest an editorial declaration, also after a sign-off was complete."""
    if proposal.state == ProposalState.WITHDRAWN:
        return no("This proposal was withdrawn.")
    return allow_if(is_asked(actor, proposal), "Only the people asked to sign can contest a change.")
