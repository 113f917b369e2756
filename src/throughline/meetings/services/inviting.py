"""Inviting people to a meeting, and sharing it with guests."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from throughline.access.services import GuestShare, share_with_guest
from throughline.kernel.actor import Actor
from throughline.kernel.clock import now
from throughline.kernel.errors import Conflict, Invalid
from throughline.ledger.services import event_record
from throughline.meetings import policies
from throughline.meetings.events import PeopleInvited, PersonUninvited
from throughline.meetings.models import Meeting, MeetingPerson
from throughline.meetings.references import meeting_ref
from throughline.meetings.selectors.presence import people_known
from throughline.notify.services import notify


@transaction.atomic
def people_invite(
    *, actor: Actor, meeting: Meeting, person_ids: Collection[int], are_facilitators: bool = False
) -> int:
    """Invite people of the organisation and tell them. Answers how many were not invited before."""
    policies.can_change_meeting(actor, meeting).require()
    wanted = people_known(actor, person_ids)
    if not wanted:
        raise Invalid({"people": "Name at least one member of this organisation; guests are invited by e-mail."})
    known = set(MeetingPerson.objects.filter(meeting=meeting, person_id__in=wanted).values_list("person_id", flat=True))
    new = wanted - known
    MeetingPerson.objects.bulk_create(
        [
            MeetingPerson(org_id=actor.org_id, meeting=meeting, person_id=person_id, invited_at=now())
            for person_id in sorted(new)
        ]
    )
    if are_facilitators:
        MeetingPerson.objects.filter(meeting=meeting, person_id__in=wanted).update(is_facilitator=True)
    ref = meeting_ref(meeting.pk)
    event = event_record(
        actor,
        PeopleInvited(person_ids=tuple(sorted(wanted)), are_facilitators=are_facilitators),
        subject=ref,
        context=ref,
    )
    notify(actor=actor, person_ids=new, kind="meetings.invited", subject=ref, once=f"meetings.invited:{event.pk}")
    return len(new)


@transaction.atomic
def guest_invite(*, actor: Actor, meeting: Meeting, email: str, name: str) -> GuestShare:
    """Share a meeting with somebody outside: at once with a guest who is here, else by an invitation link."""
    policies.can_change_meeting(actor, meeting).require()
    return share_with_guest(actor=actor, subject=meeting_ref(meeting.pk), email=email, name=name)


@transaction.atomic
def person_uninvite(*, actor: Actor, meeting: Meeting, person_id: int) -> None:
    """Take an invitation back. What the person said stays."""
    policies.can_change_meeting(actor, meeting).require()
    row = MeetingPerson.objects.filter(meeting=meeting, person_id=person_id).first()
    if row is None:
        return
    if row.person_id == meeting.created_by_id:
        raise Conflict("Whoever called the meeting stays; name another facilitator beside them.")
    row.delete()
    ref = meeting_ref(meeting.pk)
    event_record(actor, PersonUninvited(person_id=person_id), subject=ref, context=ref)
