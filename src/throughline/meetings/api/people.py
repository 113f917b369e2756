"""Who is invited to a meeting: people of the organisation, and guests."""

from typing import Any

from django.http import HttpResponse
from ninja import Status

from throughline.access.rest import ApiPage, ApiRequest, Cursor, Id, Size
from throughline.kernel.errors import Invalid
from throughline.kernel.paging import page_of
from throughline.meetings import policies, selectors, services
from throughline.meetings.api.router import made_at, router
from throughline.meetings.schemas import GuestBody, GuestInvited, InviteBody, InvitedItem, InviteDone
from throughline.meetings.selectors.presence import people_known


@router.get("meetings/{meeting_id}/people", response=ApiPage[InvitedItem], operation_id="meeting_people")
def meeting_people(request: ApiRequest, meeting_id: Id, cursor: Cursor = "", size: Size = 50) -> dict[str, Any]:
    """The people invited, in the order of their invitation. Members of the meeting's unit need none."""
    meeting = selectors.meeting_for(request.actor, meeting_id)
    page = page_of(meeting.people.select_related("person"), order=("id",), cursor=cursor, size=size)
    items = [
        InvitedItem(
            person_id=row.person_id,
            name=row.person.name,
            is_facilitator=row.is_facilitator,
            invited_at=row.invited_at,
        )
        for row in page.rows
    ]
    return {"items": items, "next_cursor": page.next_cursor}


@router.post("meetings/{meeting_id}/people", response=InviteDone, operation_id="people_invite")
def meeting_invite(request: ApiRequest, meeting_id: Id, payload: InviteBody) -> InviteDone:
    """Invite people of the organisation, perhaps to facilitate, and tell them. All of them, or none."""
    actor = request.actor
    meeting = selectors.meeting_for(actor, meeting_id)
    policies.can_change_meeting(actor, meeting).require()
    unknown = sorted(set(payload.person_ids) - people_known(actor, payload.person_ids))
    if unknown:
        named = ", ".join(map(str, unknown[:10]))
        raise Invalid(
            {"person_ids": f"No member of this organisation has the id {named}; guests are invited by e-mail."}
        )
    invited = services.people_invite(
        actor=actor, meeting=meeting, person_ids=payload.person_ids, are_facilitators=payload.are_facilitators
    )
    return InviteDone(newly_invited=invited)


@router.delete("meetings/{meeting_id}/people/{person_id}", response={204: None}, operation_id="person_uninvite")
def meeting_uninvite(request: ApiRequest, meeting_id: Id, person_id: Id) -> Status[None]:
    """Take an invitation back. What the person said stays."""
    meeting = selectors.meeting_for(request.actor, meeting_id)
    services.person_uninvite(actor=request.actor, meeting=meeting, person_id=person_id)
    return Status(204, None)


@router.post("meetings/{meeting_id}/guests", response={201: GuestInvited}, operation_id="meeting_guest_invite")
def meeting_guest_invite(
    request: ApiRequest, meeting_id: Id, payload: GuestBody, response: HttpResponse
) -> Status[GuestInvited]:
    """Open this meeting, and nothing else, to somebody outside.

    At once for a guest who is here already; otherwise the answer holds the invitation's link, which is told this once.
    """
    # Holds a secret: neither caches nor the idempotency record keep it.
    response["Cache-Control"] = "no-store"
    meeting = selectors.meeting_for(request.actor, meeting_id)
    made = services.guest_invite(actor=request.actor, meeting=meeting, **payload.dict())
    if made.invitation is not None:
        invitation_id = made.invitation.invitation.pk
        made_at(request, response, "invitation", invitation_id=invitation_id)
        return Status(201, GuestInvited(share_id=None, invitation_id=invitation_id, invitation_url=made.invitation.url))
    share_id = made.share.pk if made.share is not None else None
    if share_id is not None:
        made_at(request, response, "share", share_id=share_id)
    return Status(201, GuestInvited(share_id=share_id, invitation_id=None, invitation_url=""))
