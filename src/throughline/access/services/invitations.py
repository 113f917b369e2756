"""Inviting people by a link that works once, for fourteen days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse

from throughline.access import policies
from throughline.access.events import InvitationRevoked, InvitationSent
from throughline.access.models import Invitation, Membership, Organisation
from throughline.access.outgoing import MailFailed, NoMailServer, absolute_url, header_text, mail_send
from throughline.access.rules import GIVABLE_ROLES, INVITATION_LASTS, roles_kept
from throughline.access.services.accounts import email_checked
from throughline.kernel.actor import Actor, Role
from throughline.kernel.clock import now
from throughline.kernel.errors import Conflict, Invalid
from throughline.kernel.ids import SubjectRef, secret_hash, secret_new
from throughline.kernel.scoping import in_org
from throughline.ledger.services import event_record
from throughline.ledger.subjects import subject_card


@dataclass(frozen=True, slots=True)
class InvitationMade:
    """An invitation and its link, which is stored nowhere and shown this once."""

    invitation: Invitation
    url: str


@transaction.atomic
def invitation_create(*, actor: Actor, email: str, name: str, roles: Sequence[str]) -> InvitationMade:
    """Invite somebody to be a member. An open invitation to the same address is replaced by the new one."""
    policies.can_invite(actor).require()
    plain = email_checked(email)
    unknown = sorted(set(roles) - set(map(str, GIVABLE_ROLES)))
    if unknown:
        raise Invalid({"roles": f"“{unknown[0]}” is not a role that can be given."})
    member = Membership.objects.filter(account__email=plain, is_active=True).first()
    if member is not None and Role.GUEST not in member.roles:
        raise Invalid({"email": "Somebody with this address is a member already; change their roles under Members."})
    return invite(actor, email=plain, name=name, roles=roles_kept(roles), subject=None)


def invite(actor: Actor, *, email: str, name: str, roles: Sequence[str], subject: SubjectRef | None) -> InvitationMade:
    """Write an invitation and mail it after the commit; the caller has checked who may invite whom."""
    moment = now()
    Invitation.objects.filter(
        email=email,
        subject_kind=subject.kind if subject else "",
        subject_id=subject.id if subject else None,
        accepted_at=None,
        revoked_at=None,
    ).update(revoked_at=moment)
    secret = secret_new()
    invitation = Invitation.objects.create(
        org_id=actor.org_id,
        email=email,
        name=header_text(name)[:120],
        roles=list(roles),
        subject_kind=subject.kind if subject else "",
        subject_id=subject.id if subject else None,
        secret_hash=secret_hash(secret),
        invited_by_id=actor.person_id,
        created_at=moment,
        expires_at=moment + INVITATION_LASTS,
    )
    return _sent(actor, invitation, secret, is_resent=False)


@transaction.atomic
def invitation_resend(*, actor: Actor, invitation: Invitation) -> InvitationMade:
    """A fresh link for fourteen more days; the old link stops working."""
    policies.can_see_invitation(actor, invitation).require()
    row = Invitation.objects.select_for_update().get(pk=invitation.pk)
    _require_open(row)
    secret = secret_new()
    row.secret_hash, row.expires_at = secret_hash(secret), now() + INVITATION_LASTS
    row.mailed_at, row.mail_problem = None, ""
    row.save(update_fields=["secret_hash", "expires_at", "mailed_at", "mail_problem"])
    return _sent(actor, row, secret, is_resent=True)


@transaction.atomic
def invitation_revoke(*, actor: Actor, invitation: Invitation) -> Invitation:
    """Make the link worthless; revoking twice changes nothing."""
    policies.can_see_invitation(actor, invitation).require()
    row = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if row.revoked_at is not None:
        return row
    _require_open(row)
    row.revoked_at = now()
    row.save(update_fields=["revoked_at"])
    event_record(actor, InvitationRevoked(), subject=SubjectRef("access.invitation", row.pk))
    return row


def _require_open(row: Invitation) -> None:
    if row.accepted_at is not None:
        raise Conflict("This invitation was accepted already; the person is in the list of members.")
    if row.revoked_at is not None:
        raise Conflict("This invitation was revoked; make a new one.")


def _sent(actor: Actor, invitation: Invitation, secret: str, *, is_resent: bool) -> InvitationMade:
    event_record(actor, InvitationSent(is_resent), subject=SubjectRef("access.invitation", invitation.pk))
    url = absolute_url(reverse("access:join", args=[secret]))
    ref = SubjectRef(invitation.subject_kind, invitation.subject_id) if invitation.subject_id is not None else None
    card = subject_card(actor, ref) if ref is not None else None
    context: dict[str, object] = {
        "org_name": Organisation.objects.get(pk=actor.org_id).name,
        "by": actor.name,
        "name": invitation.name,
        "title": card.title if card is not None else "",
        "url": url,
        "expires_at": invitation.expires_at,
    }
    # After the commit: a slow mail server must not hold the database, and a rolled back invitation is
    # never mailed.
    transaction.on_commit(lambda: _mail(invitation, context))
    return InvitationMade(invitation, url)


def _mail(invitation: Invitation, context: dict[str, object]) -> None:
    subject = f"{context['by']} invites you to {context['title'] or context['org_name']}"
    with in_org(invitation.org_id):
        try:
            mail_send("access/mail/invitation", invitation.email, subject=subject, context=context)
        except NoMailServer:
            return
        except MailFailed as error:
            invitation.mail_problem = str(error)[:300]
        else:
            invitation.mailed_at = now()
        invitation.save(update_fields=["mailed_at", "mail_problem"])
