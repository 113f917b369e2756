"""Accepting an invitation."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from throughline.access.events import InvitationAccepted
from throughline.access.models import Account, Invitation, Membership
from throughline.access.people_hook import person_ensure
from throughline.access.selectors.invitations import InvitationState, invitation_by_secret
from throughline.access.services.accounts import account_create
from throughline.access.services.members import member_join
from throughline.access.services.shares import share_grant
from throughline.kernel.actor import Role, system_actor
from throughline.kernel.clock import now
from throughline.kernel.errors import Conflict, NotFound, Refused
from throughline.kernel.ids import SubjectRef
from throughline.kernel.scoping import in_org
from throughline.ledger.services import event_record


@dataclass(frozen=True, slots=True)
class Joined:
    """Who joined, and what to show them first (None: the organisation's home)."""

    account: Account
    membership: Membership
    org_slug: str
    subject: SubjectRef | None


@transaction.atomic
def invitation_accept(*, secret: str, account: Account | None = None, name: str = "", password: str = "") -> Joined:
    """Join by a link: with an existing account of the invited address, or by making one with name and
    password.
    """
    found = invitation_by_secret(secret)
    if found is None:
        raise NotFound("This invitation does not exist. Ask whoever sent it for a new link.")
    with in_org(found.org.pk):
        invitation = Invitation.objects.select_for_update().get(pk=found.invitation.pk)
        if found.state is not InvitationState.OPEN or invitation.accepted_at is not None:
            raise Conflict(found.state_sentence)
        if account is None:
            account = account_create(email=invitation.email, name=name, password=password)
        elif account.email != invitation.email:
            raise Refused(f"This invitation is for {invitation.email}; you are signed in as {account.email}.")
        return _join(invitation, account, org_slug=found.org.slug)


def _join(invitation: Invitation, account: Account, *, org_slug: str) -> Joined:
    # The inviter was checked when the link was made; the system now does what the link promised.
    actor = system_actor(invitation.org_id, org_slug)
    is_guest = Role.GUEST in invitation.roles
    known = Membership.objects.filter(account=account).first()
    person_id = (
        known.person_id
        if known is not None and (is_guest or Role.GUEST not in known.roles)
        else person_ensure(
            invitation.org,
            account.name or invitation.name or account.email,
            email=account.email,
            is_guest=is_guest,
        )
    )
    membership = member_join(actor=actor, account=account, person_id=person_id, roles=invitation.roles)
    subject: SubjectRef | None = None
    if invitation.subject_id is not None:
        subject = SubjectRef(invitation.subject_kind, invitation.subject_id)
        share_grant(
            actor=actor,
            person_id=membership.person_id,
            subject=subject,
            shared_by_id=invitation.invited_by_id,
        )
    invitation.accepted_at, invitation.person_id = now(), membership.person_id
    invitation.save(update_fields=["accepted_at", "person_id"])
    event = InvitationAccepted(membership.person_id)
    event_record(actor, event, subject=SubjectRef("access.invitation", invitation.pk))
    return Joined(account, membership, org_slug, subject)
