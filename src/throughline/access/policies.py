"""Who may run an organisation's access."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from throughline.kernel.actor import Actor
from throughline.kernel.verdict import Verdict, allow_if

if TYPE_CHECKING:
    from throughline.access.models import ApiToken, Invitation, Membership, Share

_NOTHING = Q(pk__in=())


def own_person_id(actor: Actor) -> int:
    """The actor's person; raises `Refused` for the system, which has none."""
    allow_if(actor.person_id is not None, "Only a person can do this, not the system.").require()
    return actor.person_id or 0


def can_administer(actor: Actor) -> Verdict:
    """Settings, roles, imports, mail and the member list are for administrators."""
    return allow_if(actor.is_administrator, "Only an administrator can change this; ask one to do it.")


def can_invite(actor: Actor) -> Verdict:
    """Members join by an administrator's invitation."""
    return allow_if(actor.is_administrator, "Only an administrator can invite people to the organisation.")


def can_share(actor: Actor) -> Verdict:
    """Any member may share a thing they can see with a guest; guests cannot pass on what was shared
    with them.
    """
    return allow_if(actor.is_member, "Guests cannot share; ask the person who invited you.")


def can_end_share(actor: Actor, share: Share) -> Verdict:
    """Whoever shared a thing, or an administrator, may take it back."""
    is_theirs = actor.person_id is not None and share.shared_by_id == actor.person_id
    return allow_if(
        actor.is_administrator or is_theirs,
        "Only the person who shared this, or an administrator, can end it.",
    )


def can_use_tokens(actor: Actor) -> Verdict:
    """Everybody manages their own API tokens."""
    return allow_if(actor.person_id is not None and not actor.is_guest, "Guests have no API tokens.")


def can_see_member(actor: Actor, membership: Membership) -> Verdict:
    """Members know who else is a member; a guest knows only themselves."""
    return allow_if(actor.is_member or membership.person_id == actor.person_id, "Guests do not see who else is here.")


def visible_members(actor: Actor) -> Q:
    """Twin of `can_see_member`, over Membership."""
    return Q() if actor.is_member else Q(person_id=actor.person_id)


def can_see_invitation(actor: Actor, invitation: Invitation) -> Verdict:
    """Administrators see every invitation; others the ones they sent."""
    is_theirs = actor.is_member and actor.person_id is not None and invitation.invited_by_id == actor.person_id
    return allow_if(actor.is_administrator or is_theirs, "You see only the invitations that you sent.")


def visible_invitations(actor: Actor) -> Q:
    """Twin of `can_see_invitation`, over Invitation."""
    if actor.is_administrator:
        return Q()
    return Q(invited_by_id=actor.person_id) if actor.is_member and actor.person_id is not None else _NOTHING


def can_see_share(actor: Actor, share: Share) -> Verdict:
    """Administrators see every share, others what they shared, a guest what was shared with them."""
    is_theirs = actor.person_id is not None and actor.person_id in (share.shared_by_id, share.person_id)
    return allow_if(actor.is_administrator or is_theirs, "You see only what you shared, or what was shared with you.")


def visible_shares(actor: Actor) -> Q:
    """Twin of `can_see_share`, over Share."""
    if actor.is_administrator:
        return Q()
    if actor.person_id is None:
        return _NOTHING
    return Q(shared_by_id=actor.person_id) | Q(person_id=actor.person_id)


def can_see_token(actor: Actor, token: ApiToken) -> Verdict:
    """A token is its owner's alone; administrators cannot see it either."""
    return allow_if(
        can_use_tokens(actor).allowed and token.membership.person_id == actor.person_id,
        "This token is not yours.",
    )


def visible_tokens(actor: Actor) -> Q:
    """Twin of `can_see_token`, over ApiToken."""
    return Q(membership__person_id=actor.person_id) if can_use_tokens(actor) else _NOTHING
