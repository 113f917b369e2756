"""Opening one thing to somebody outside."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from throughline.access import policies
from throughline.access.events import ShareEnded, SubjectShared
from throughline.access.models import Membership, Share
from throughline.access.services.accounts import email_checked
from throughline.access.services.invitations import InvitationMade, invite
from throughline.kernel.actor import Actor, Role
from throughline.kernel.clock import now
from throughline.kernel.errors import Invalid, NotFound
from throughline.kernel.ids import SubjectRef
from throughline.ledger.services import event_record
from throughline.ledger.subjects import subject_card


@dataclass(frozen=True, slots=True)
class GuestShare:
    """What sharing led to: a share for a guest who is here already, or an invitation whose link is
    shown once.
    """

    share: Share | None
    invitation: InvitationMade | None


@transaction.atomic
def share_with_guest(*, actor: Actor, subject: SubjectRef, email: str, name: str) -> GuestShare:
    """Open one thing, and nothing else, to somebody outside. Sharing it again with the same guest
    changes nothing.
    """
    policies.can_share(actor).require()
    if subject_card(actor, subject) is None:
        raise NotFound()
    plain = email_checked(email)
    membership = Membership.objects.filter(account__email=plain, is_active=True).first()
    if membership is not None and Role.GUEST not in membership.roles:
        raise Invalid(
            {"email": "This is a member of the organisation, not a guest; send them the address of the page."}
        )
    if membership is not None:
        return GuestShare(share_grant(actor=actor, person_id=membership.person_id, subject=subject), None)
    made = invite(actor, email=plain, name=name, roles=[str(Role.GUEST)], subject=subject)
    return GuestShare(None, made)


def share_grant(*, actor: Actor, person_id: int, subject: SubjectRef, shared_by_id: int | None = None) -> Share:
    """Write a share; the caller has checked that it may be."""
    share, is_new = Share.objects.get_or_create(
        org_id=actor.org_id,
        person_id=person_id,
        subject_kind=subject.kind,
        subject_id=subject.id,
        defaults={
            "shared_by_id": shared_by_id if shared_by_id is not None else actor.person_id,
            "created_at": now(),
        },
    )
    if is_new:
        event_record(actor, SubjectShared(person_id), subject=subject)
    return share


@transaction.atomic
def share_end(*, actor: Actor, share: Share) -> None:
    """Close a thing to a guest again."""
    policies.can_end_share(actor, share).require()
    event_record(actor, ShareEnded(share.person_id), subject=SubjectRef(share.subject_kind, share.subject_id))
    share.delete()
