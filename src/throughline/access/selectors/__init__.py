"""Reads of access; the actor first."""

from throughline.access.selectors.invitations import (
    InvitationState,
    OpenInvitation,
    invitation_by_secret,
    invitation_for_change,
    invitations_page,
    landing_url,
)
from throughline.access.selectors.members import (
    MemberFilter,
    administrators_of,
    emails_of,
    member_for_change,
    members_page,
    time_zones_of,
)
from throughline.access.selectors.organisations import (
    OrganisationLink,
    organisation_ids_of_addresses,
    organisation_of,
    organisations_all,
    organisations_of_account,
    slug_of,
    start_verdict,
)
from throughline.access.selectors.shares import share_for_change, shares_page
from throughline.access.selectors.tokens import token_for_change, tokens_page

__all__ = [
    "InvitationState",
    "MemberFilter",
    "OpenInvitation",
    "OrganisationLink",
    "administrators_of",
    "emails_of",
    "invitation_by_secret",
    "invitation_for_change",
    "invitations_page",
    "landing_url",
    "member_for_change",
    "members_page",
    "organisation_ids_of_addresses",
    "organisation_of",
    "organisations_all",
    "organisations_of_account",
    "share_for_change",
    "shares_page",
    "slug_of",
    "start_verdict",
    "time_zones_of",
    "token_for_change",
    "tokens_page",
]
