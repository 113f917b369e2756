"""Contesting that a change was only editorial."""

from __future__ import annotations

from django.db import transaction

from throughline.decisions.events import EditorialContested
from throughline.decisions.models import EditorialDeclaration, Proposal, Signatory
from throughline.decisions.policies import can_contest
from throughline.decisions.services.opening import context_of
from throughline.decisions.services.polling import proposal_locked
from throughline.decisions.services.versions import MoveResult, ask_again
from throughline.kernel.actor import Actor
from throughline.kernel.clock import now
from throughline.kernel.errors import Conflict, Invalid
from throughline.ledger.services import event_record


@transaction.atomic
def editorial_contest(*, actor: Actor, proposal: Proposal, reason: str) -> MoveResult:
    """Within seven days any signatory may refuse an editorial declaration; then everyone is asked about the
    text.

    All declarations that can still be contested fall together, so that one objection is enough.
    """
    proposal = proposal_locked(proposal)
    can_contest(actor, proposal).require()
    if not reason.strip():
        raise Invalid({"reason": "Say what the change alters for you; everyone asked again reads it."})
    if len(reason) > 2_000:
        raise Invalid({"reason": "Shorten the reason to 2,000 characters."})
    moment = now()
    declared = list(
        EditorialDeclaration.objects.filter(proposal=proposal, contested_at=None, contest_until__gte=moment).order_by(
            "version"
        )
    )
    if not declared:
        raise Conflict("No editorial change of the last seven days is left to contest. Propose a change instead.")
    EditorialDeclaration.objects.filter(pk__in=[row.pk for row in declared]).update(
        contested_by_id=actor.person_id, contested_at=moment, reason=reason.strip()
    )
    event_record(
        actor,
        EditorialContested(version=declared[0].version),
        subject=proposal.ref,
        context=context_of(proposal),
    )
    # Asked about the text as it now stands: whoever signed this very version already has answered.
    Signatory.objects.filter(proposal=proposal, dropped_since=None, asked_since__lt=proposal.version).update(
        asked_since=proposal.version
    )
    return ask_again(actor, proposal)
