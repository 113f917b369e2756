"""What access's endpoints take and answer, and how rows become it."""

from datetime import date, datetime
from typing import Literal

from ninja import Schema
from pydantic import Field

from throughline.access.models import ApiToken, Invitation, Membership, Share
from throughline.access.selectors.invitations import state_of
from throughline.access.services import InvitationMade

RoleName = Literal["administrator", "leader", "team_lead", "facilitator", "member"]


class MeOut(Schema):
    """Who the request acts as, and where."""

    person_id: int
    name: str
    organisation: str
    slug: str
    roles: list[str]
    unit_ids: list[int]
    led_unit_ids: list[int]
    time_zone: str


class OrganisationOut(Schema):
    """The organisation."""

    name: str
    slug: str
    time_zone: str
    created_at: datetime


class OrganisationIn(Schema):
    """Name and time zone, and those the change was made from."""

    name: str = Field(max_length=120)
    time_zone: str = Field(max_length=60)
    seen_name: str = Field(max_length=120)
    seen_time_zone: str = Field(max_length=60)


class MemberOut(Schema):
    """A person's place in the organisation. `id` is the membership, `person_id` the person."""

    id: int
    person_id: int
    name: str
    email: str
    roles: list[str]
    is_active: bool
    joined_at: datetime


class RolesIn(Schema):
    """The roles a member shall have, and those the change was made from."""

    roles: list[RoleName] = Field(max_length=5)
    seen_roles: list[str] = Field(max_length=6)


class ActiveIn(Schema):
    """Whether a member has access."""

    is_active: bool


class InvitationIn(Schema):
    """Somebody to invite as a member."""

    email: str = Field(max_length=254)
    name: str = Field("", max_length=120)
    roles: list[RoleName] = Field(default_factory=list, max_length=5)


class InvitationOut(Schema):
    """An invitation. `subject` is the shared thing of a guest's invitation, "" for a member's."""

    id: int
    email: str
    name: str
    roles: list[str]
    subject: str
    state: str
    created_at: datetime
    expires_at: datetime
    mailed_at: datetime | None


class InvitationMadeOut(InvitationOut):
    """An invitation with its link, which is told this once."""

    url: str


class ShareIn(Schema):
    """A thing ("goals.goal:12") to open to somebody outside."""

    subject: str = Field(max_length=90, pattern=r"^[a-z_]+\.[a-z_]+:[0-9]{1,18}$")
    email: str = Field(max_length=254)
    name: str = Field(max_length=120)


class ShareOut(Schema):
    """A thing that is open to a guest."""

    id: int
    subject: str
    person_id: int
    created_at: datetime


class SharingOut(Schema):
    """What sharing led to: a share for a guest who is here, or an invitation for one who is not."""

    share: ShareOut | None
    invitation: InvitationMadeOut | None


class TokenIn(Schema):
    """A token to make. Without `lasts_days` it lasts until it is revoked."""

    name: str = Field(max_length=80)
    can_write: bool = False
    lasts_days: int | None = Field(90, ge=1, le=3650)


class TokenOut(Schema):
    """One of your tokens, without its secret."""

    id: int
    name: str
    can_write: bool
    created_at: datetime
    expires_at: datetime | None
    last_used_on: date | None


class TokenMadeOut(TokenOut):
    """A token with its secret, which is told this once."""

    secret: str


def member_out(row: Membership) -> MemberOut:
    """A membership as the API shows it; fetch account and person along."""
    return MemberOut(
        id=row.pk,
        person_id=row.person_id,
        name=row.person.name,
        email=row.account.email,
        roles=list(row.roles),
        is_active=row.is_active,
        joined_at=row.joined_at,
    )


def invitation_out(row: Invitation) -> InvitationOut:
    """An invitation as the API shows it."""
    subject = f"{row.subject_kind}:{row.subject_id}" if row.subject_id is not None else ""
    return InvitationOut(
        id=row.pk,
        email=row.email,
        name=row.name,
        roles=list(row.roles),
        subject=subject,
        state=str(state_of(row)),
        created_at=row.created_at,
        expires_at=row.expires_at,
        mailed_at=row.mailed_at,
    )


def invitation_made_out(made: InvitationMade) -> InvitationMadeOut:
    """A new invitation with its link."""
    return InvitationMadeOut(**invitation_out(made.invitation).dict(), url=made.url)


def share_out(row: Share) -> ShareOut:
    """A share as the API shows it."""
    subject = f"{row.subject_kind}:{row.subject_id}"
    return ShareOut(id=row.pk, subject=subject, person_id=row.person_id, created_at=row.created_at)


def token_out(row: ApiToken) -> TokenOut:
    """A token as the API shows it."""
    return TokenOut(
        id=row.pk,
        name=row.name,
        can_write=row.can_write,
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_on=row.last_used_on,
    )
