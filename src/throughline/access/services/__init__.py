"""Changes to who belongs to an organisation and how they get in."""

from throughline.access.services.accounts import account_create, sessions_end_everywhere
from throughline.access.services.invitations import (
    InvitationMade,
    invitation_create,
    invitation_resend,
    invitation_revoke,
)
from throughline.access.services.joining import Joined, invitation_accept
from throughline.access.services.members import (
    member_join,
    membership_end,
    membership_reactivate,
    roles_change,
)
from throughline.access.services.organisations import (
    OrganisationStart,
    organisation_change,
    organisation_create,
)
from throughline.access.services.purging import once_keys_purge
from throughline.access.services.shares import GuestShare, share_end, share_with_guest
from throughline.access.services.tokens import TokenMade, token_create, token_revoke

__all__ = [
    "GuestShare",
    "InvitationMade",
    "Joined",
    "OrganisationStart",
    "TokenMade",
    "account_create",
    "invitation_accept",
    "invitation_create",
    "invitation_resend",
    "invitation_revoke",
    "member_join",
    "membership_end",
    "membership_reactivate",
    "once_keys_purge",
    "organisation_change",
    "organisation_create",
    "roles_change",
    "sessions_end_everywhere",
    "share_end",
    "share_with_guest",
    "token_create",
    "token_revoke",
]
