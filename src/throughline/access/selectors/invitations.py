"""Invitations: the list for whoever sent them, and the one a link belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.urls import NoReverseMatch, reverse

from throughline.access.actors import actor_of_person
from throughline.access.models import Account, Invitation, Organisation
from throughline.access.policies import visible_invitations
from throughline.kernel.actor import Actor
from throughline.kernel.clock import now
from throughline.kernel.errors import NotFound
from throughline.kernel.ids import SubjectRef, secret_hash
from throughline.kernel.paging import Page, page_of
from throughline.kernel.scoping import across_orgs, in_org
from throughline.ledger.subjects import subject_card


class InvitationState(StrEnum):
    """Where an invitation stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REVOKED = "revoked"
    EXPIRED = "expired"


STATE_SENTENCES = {
    InvitationState.OPEN: "",
    InvitationState.ACCEPTED: "This invitation was used already. Sign in to go on.",
    InvitationState.REVOKED: "This invitation was taken back. Ask whoever sent it for a new link.",
    InvitationState.EXPIRED: "This invitation has run out. Ask whoever sent it for a new link.",
}


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """What a link is for: who invites to what. `title` is the shared thing, "" for a membership."""

    invitation: Invitation
    org: Organisation
    state: InvitationState
    by: str
    title: str
    has_account: bool

    @property
    def state_sentence(self) -> str:
        return STATE_SENTENCES[self.state]


def state_of(invitation: Invitation) -> InvitationState:
    """Where an invitation stands now."""
    if invitation.accepted_at is not None:
        return InvitationState.ACCEPTED
    if invitation.revoked_at is not None:
        return InvitationState.REVOKED
    return InvitationState.EXPIRED if invitation.expires_at <= now() else InvitationState.OPEN


def invitation_by_secret(secret: str) -> OpenInvitation | None:
    """The invitation behind a link, or None. Whoever holds the secret may know what it is for."""
    with across_orgs(reason="a link names no organisation; its secret finds the invitation"):
        invitation = (
            Invitation.objects.select_related("org", "invited_by").filter(secret_hash=secret_hash(secret)).first()
        )
    if invitation is None:
        return None
    title = ""
    if invitation.subject_id is not None and invitation.invited_by_id is not None:
        with in_org(invitation.org_id):
            inviter = actor_of_person(invitation.invited_by_id, invitation.org_id)
            ref = SubjectRef(invitation.subject_kind, invitation.subject_id)
            card = subject_card(inviter, ref) if inviter is not None else None
        title = card.title if card is not None else "a page"
    return OpenInvitation(
        invitation=invitation,
        org=invitation.org,
        state=state_of(invitation),
        by=invitation.invited_by.name if invitation.invited_by is not None else "An administrator",
        title=title,
        has_account=Account.objects.filter(email=invitation.email).exists(),
    )


def invitations_page(actor: Actor, *, state: str = "", cursor: str = "", size: int = 50) -> Page[Invitation]:
    """Invitations, newest first, that the actor may see; one query."""
    rows = Invitation.objects.filter(visible_invitations(actor)).select_related("invited_by")
    if state == InvitationState.ACCEPTED:
        rows = rows.filter(accepted_at__isnull=False)
    elif state == InvitationState.REVOKED:
        rows = rows.filter(accepted_at=None, revoked_at__isnull=False)
    elif state == InvitationState.EXPIRED:
        rows = rows.filter(accepted_at=None, revoked_at=None, expires_at__lte=now())
    elif state == InvitationState.OPEN:
        rows = rows.filter(accepted_at=None, revoked_at=None, expires_at__gt=now())
    return page_of(rows, order=("-id",), cursor=cursor, size=size)


def invitation_for_change(actor: Actor, invitation_id: int) -> Invitation:
    """One invitation that the actor may see, or NotFound."""
    row = Invitation.objects.filter(visible_invitations(actor), pk=invitation_id).first()
    if row is None:
        raise NotFound()
    return row


def landing_url(org_slug: str, person_id: int, *, org_id: int, subject: SubjectRef | None) -> str:
    """Where somebody who just joined arrives: the shared thing itself, else the organisation's first page."""
    if subject is not None:
        with in_org(org_id):
            actor = actor_of_person(person_id, org_id)
            card = subject_card(actor, subject) if actor is not None else None
        if card is not None and card.url:
            return card.url
    try:
        return reverse("shell:home", args=[org_slug])
    except NoReverseMatch:
        return f"/o/{org_slug}/"
