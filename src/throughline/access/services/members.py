"""Who is a member, in which roles."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from throughline.access import policies
from throughline.access.events import MemberJoined, MembershipEnded, MembershipReactivated, RolesChanged
from throughline.access.models import Account, Membership
from throughline.access.rules import GIVABLE_ROLES, ROLE_WORDS, roles_kept
from throughline.access.selectors.members import holding
from throughline.kernel.actor import Actor, Role
from throughline.kernel.clock import now
from throughline.kernel.errors import Conflict, Invalid, Refused
from throughline.kernel.ids import SubjectRef
from throughline.ledger.services import event_record

LAST_ADMINISTRATOR = (
    "This is the last administrator. Make somebody else administrator first, or nobody could change settings any more."
)


@transaction.atomic
def member_join(*, actor: Actor, account: Account, person_id: int, roles: Sequence[str]) -> Membership:
    """Tie an account to a person of the organisation in scope; joining again reactivates and sets the roles.

    Called by services that have checked who invited whom, by the command line and by the demo.
    """
    policies.can_administer(actor).require()
    is_guest = Role.GUEST in roles
    kept = [str(Role.GUEST)] if is_guest else roles_kept(roles)
    membership = Membership.objects.filter(account=account).first()
    if membership is None:
        if Membership.objects.filter(person_id=person_id).exists():
            raise Conflict(
                "This person signs in here with another account already. Sign in with that one, "
                "or ask an administrator to change the e-mail address of the person."
            )
        membership = Membership(org_id=actor.org_id, account=account, person_id=person_id, joined_at=now())
    elif membership.is_active and is_guest:
        # A member who opens a link meant for guests stays what they are.
        return membership
    membership.roles, membership.is_active = kept, True
    membership.save()
    event = MemberJoined(membership.pk, tuple(Role(role) for role in kept))
    event_record(actor, event, subject=SubjectRef("people.person", membership.person_id))
    return membership


@transaction.atomic
def roles_change(
    *, actor: Actor, membership: Membership, roles: Sequence[str], seen_roles: Sequence[str]
) -> Membership:
    """Give a member these roles and no others. `seen_roles` are those the form was made from."""
    policies.can_administer(actor).require()
    row = Membership.objects.select_for_update().get(pk=membership.pk)
    unknown = sorted(set(roles) - set(map(str, GIVABLE_ROLES)))
    if unknown:
        raise Invalid({"roles": f"“{unknown[0]}” is not a role that can be given."})
    if sorted(row.roles) != sorted(seen_roles):
        now_held = ", ".join(ROLE_WORDS[Role(role)] for role in row.roles)
        raise Conflict(f"Somebody else changed these roles meanwhile: they are now {now_held}. Look, then save again.")
    kept = roles_kept(roles)
    if Role.ADMINISTRATOR in row.roles and Role.ADMINISTRATOR not in kept:
        _require_another_administrator(row)
    event = RolesChanged(
        row.pk, before=tuple(Role(role) for role in row.roles), after=tuple(Role(role) for role in kept)
    )
    if event.before == event.after:
        return row
    row.roles = kept
    row.save(update_fields=["roles"])
    event_record(actor, event, subject=SubjectRef("people.person", row.person_id))
    return row


@transaction.atomic
def membership_end(*, actor: Actor, membership: Membership) -> Membership:
    """Take away somebody's access; what they did stays, and the membership can be reactivated."""
    policies.can_administer(actor).require()
    row = Membership.objects.select_for_update().get(pk=membership.pk)
    if not row.is_active:
        return row
    if Role.ADMINISTRATOR in row.roles:
        _require_another_administrator(row)
    row.is_active = False
    row.save(update_fields=["is_active"])
    event_record(actor, MembershipEnded(row.pk), subject=SubjectRef("people.person", row.person_id))
    return row


@transaction.atomic
def membership_reactivate(*, actor: Actor, membership: Membership) -> Membership:
    """Give ended access back, with the roles it had."""
    policies.can_administer(actor).require()
    row = Membership.objects.select_for_update().get(pk=membership.pk)
    if row.is_active:
        return row
    row.is_active = True
    row.save(update_fields=["is_active"])
    event_record(actor, MembershipReactivated(row.pk), subject=SubjectRef("people.person", row.person_id))
    return row


def _require_another_administrator(row: Membership) -> None:
    others = Membership.objects.filter(holding(Role.ADMINISTRATOR), is_active=True).exclude(pk=row.pk)
    # Locked, so that two administrators cannot remove each other at the same moment.
    if others.select_for_update().first() is None:
        raise Refused(LAST_ADMINISTRATOR)
