"""This app's endpoints, below `/api/v1/o/<org>/`."""

from typing import Literal

from django.http import HttpResponse
from django.urls import reverse

from throughline.access import selectors, services
from throughline.access.rest import ApiPage, ApiRequest, Cursor, Id, Size, Words, api_router
from throughline.access.shapes import (
    ActiveIn,
    InvitationIn,
    InvitationMadeOut,
    InvitationOut,
    MemberOut,
    MeOut,
    OrganisationIn,
    OrganisationOut,
    RolesIn,
    ShareIn,
    ShareOut,
    SharingOut,
    TokenIn,
    TokenMadeOut,
    TokenOut,
    invitation_made_out,
    invitation_out,
    member_out,
    share_out,
    token_out,
)
from throughline.kernel.ids import SubjectRef

router = api_router("access")


def _told_once(response: HttpResponse) -> None:
    """The answer holds a secret: neither caches nor the idempotency record keep it."""
    response["Cache-Control"] = "no-store"


def _location(request: ApiRequest, response: HttpResponse, name: str, **kwargs: int) -> None:
    response["Location"] = reverse(f"api:{name}", kwargs={"org": request.actor.org_slug, **kwargs})


@router.get("me", response=MeOut)
def me(request: ApiRequest) -> MeOut:
    """Who you are here: person, roles, units."""
    actor = request.actor
    return MeOut(
        person_id=actor.person_id or 0,
        name=actor.name,
        organisation=actor.org_name,
        slug=actor.org_slug,
        roles=sorted(actor.roles),
        unit_ids=sorted(actor.own_unit_ids),
        led_unit_ids=sorted(actor.led_unit_ids),
        time_zone=actor.time_zone,
    )


@router.get("organisation", response=OrganisationOut)
def organisation(request: ApiRequest) -> OrganisationOut:
    """The organisation's name, address and time zone."""
    row = selectors.organisation_of(request.actor)
    return OrganisationOut(name=row.name, slug=row.slug, time_zone=row.time_zone, created_at=row.created_at)


@router.put("organisation", response=OrganisationOut)
def organisation_change(request: ApiRequest, payload: OrganisationIn) -> OrganisationOut:
    """Rename the organisation or move its time zone; the address stays. Refused with 409 when what was seen is old."""
    services.organisation_change(actor=request.actor, **payload.dict())
    return organisation(request)


@router.get("members", response=ApiPage[MemberOut])
def members(
    request: ApiRequest,
    q: Words = "",
    role: Words = "",
    state: Literal["active", "ended", ""] = "active",
    cursor: Cursor = "",
    size: Size = 50,
) -> ApiPage[MemberOut]:
    """Members by name; guests get only themselves."""
    wanted = selectors.MemberFilter(q, role, state)
    page = selectors.members_page(request.actor, wanted=wanted, cursor=cursor, size=size)
    return ApiPage(items=[member_out(row) for row in page.rows], next_cursor=page.next_cursor)


@router.get("members/{membership_id}", response=MemberOut, url_name="member")
def member(request: ApiRequest, membership_id: Id) -> MemberOut:
    """One member."""
    return member_out(selectors.member_for_change(request.actor, membership_id))


@router.put("members/{membership_id}/roles", response=MemberOut)
def member_roles(request: ApiRequest, membership_id: Id, payload: RolesIn) -> MemberOut:
    """Give a member exactly these roles. Refused with 409 when `seen_roles` are no longer the ones held."""
    row = selectors.member_for_change(request.actor, membership_id)
    services.roles_change(actor=request.actor, membership=row, roles=payload.roles, seen_roles=payload.seen_roles)
    return member_out(selectors.member_for_change(request.actor, membership_id))


@router.put("members/{membership_id}/access", response=MemberOut)
def member_access(request: ApiRequest, membership_id: Id, payload: ActiveIn) -> MemberOut:
    """End a member's access, or give it back."""
    row = selectors.member_for_change(request.actor, membership_id)
    change = services.membership_reactivate if payload.is_active else services.membership_end
    change(actor=request.actor, membership=row)
    return member_out(selectors.member_for_change(request.actor, membership_id))


@router.get("invitations", response=ApiPage[InvitationOut])
def invitations(
    request: ApiRequest,
    state: Literal["open", "accepted", "revoked", "expired", ""] = "",
    cursor: Cursor = "",
    size: Size = 50,
) -> ApiPage[InvitationOut]:
    """Invitations you sent, newest first; administrators get all."""
    page = selectors.invitations_page(request.actor, state=state, cursor=cursor, size=size)
    return ApiPage(items=[invitation_out(row) for row in page.rows], next_cursor=page.next_cursor)


@router.post("invitations", response={201: InvitationMadeOut})
def invitation_create(request: ApiRequest, response: HttpResponse, payload: InvitationIn) -> InvitationMadeOut:
    """Invite a member. The link is in the answer, and mailed when mail is set up."""
    _told_once(response)
    made = services.invitation_create(actor=request.actor, email=payload.email, name=payload.name, roles=payload.roles)
    _location(request, response, "invitation", invitation_id=made.invitation.pk)
    response.status_code = 201
    return invitation_made_out(made)


@router.get("invitations/{invitation_id}", response=InvitationOut, url_name="invitation")
def invitation(request: ApiRequest, invitation_id: Id) -> InvitationOut:
    """One invitation."""
    return invitation_out(selectors.invitation_for_change(request.actor, invitation_id))


@router.post("invitations/{invitation_id}/resend", response=InvitationMadeOut)
def invitation_resend(request: ApiRequest, response: HttpResponse, invitation_id: Id) -> InvitationMadeOut:
    """A fresh link for fourteen more days; the old one stops working."""
    _told_once(response)
    row = selectors.invitation_for_change(request.actor, invitation_id)
    return invitation_made_out(services.invitation_resend(actor=request.actor, invitation=row))


@router.delete("invitations/{invitation_id}", response={204: None})
def invitation_revoke(request: ApiRequest, invitation_id: Id) -> None:
    """Take an invitation back."""
    row = selectors.invitation_for_change(request.actor, invitation_id)
    services.invitation_revoke(actor=request.actor, invitation=row)


@router.get("shares", response=ApiPage[ShareOut])
def shares(request: ApiRequest, cursor: Cursor = "", size: Size = 50) -> ApiPage[ShareOut]:
    """What you opened to guests, newest first; a guest gets what is open to them, administrators all."""
    page = selectors.shares_page(request.actor, cursor=cursor, size=size)
    return ApiPage(items=[share_out(row) for row in page.rows], next_cursor=page.next_cursor)


@router.post("shares", response={201: SharingOut})
def share_create(request: ApiRequest, response: HttpResponse, payload: ShareIn) -> SharingOut:
    """Open one thing, and nothing else, to somebody outside."""
    _told_once(response)
    made = services.share_with_guest(
        actor=request.actor, subject=SubjectRef.parse(payload.subject), email=payload.email, name=payload.name
    )
    if made.share is not None:
        _location(request, response, "share", share_id=made.share.pk)
    elif made.invitation is not None:
        _location(request, response, "invitation", invitation_id=made.invitation.invitation.pk)
    response.status_code = 201
    return SharingOut(
        share=share_out(made.share) if made.share is not None else None,
        invitation=invitation_made_out(made.invitation) if made.invitation is not None else None,
    )


@router.get("shares/{share_id}", response=ShareOut, url_name="share")
def share(request: ApiRequest, share_id: Id) -> ShareOut:
    """One share."""
    return share_out(selectors.share_for_change(request.actor, share_id))


@router.delete("shares/{share_id}", response={204: None})
def share_end(request: ApiRequest, share_id: Id) -> None:
    """Close a thing to a guest again."""
    services.share_end(actor=request.actor, share=selectors.share_for_change(request.actor, share_id))


@router.get("tokens", response=ApiPage[TokenOut])
def tokens(request: ApiRequest, cursor: Cursor = "", size: Size = 50) -> ApiPage[TokenOut]:
    """Your tokens that are not revoked, newest first."""
    page = selectors.tokens_page(request.actor, cursor=cursor, size=size)
    return ApiPage(items=[token_out(row) for row in page.rows], next_cursor=page.next_cursor)


@router.post("tokens", response={201: TokenMadeOut})
def token_create(request: ApiRequest, response: HttpResponse, payload: TokenIn) -> TokenMadeOut:
    """Make a token that acts as you. Its secret is in this answer and nowhere else."""
    _told_once(response)
    made = services.token_create(
        actor=request.actor, name=payload.name, can_write=payload.can_write, lasts_days=payload.lasts_days
    )
    _location(request, response, "token", token_id=made.token.pk)
    response.status_code = 201
    return TokenMadeOut(**token_out(made.token).dict(), secret=made.secret)


@router.get("tokens/{token_id}", response=TokenOut, url_name="token")
def token(request: ApiRequest, token_id: Id) -> TokenOut:
    """One of your tokens."""
    return token_out(selectors.token_for_change(request.actor, token_id))


@router.delete("tokens/{token_id}", response={204: None})
def token_revoke(request: ApiRequest, token_id: Id) -> None:
    """End a token at once."""
    services.token_revoke(actor=request.actor, token=selectors.token_for_change(request.actor, token_id))
