"""Members and their roles."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q

from throughline.access.models import Membership
from throughline.access.policies import visible_members
from throughline.access.rules import GIVABLE_ROLES
from throughline.kernel.actor import Actor, Role
from throughline.kernel.errors import NotFound
from throughline.kernel.paging import Page, page_of


@dataclass(frozen=True, slots=True)
class MemberFilter:
    """What to look for: words in name or e-mail, one role, and "active", "ended" or "" for both."""

    words: str = ""
    role: str = ""
    state: str = "active"


def holding(role: Role) -> Q:
    """Memberships that hold a role. By position: SQLite cannot ask whether a JSON list contains something."""
    condition = Q()
    for position in range(len(GIVABLE_ROLES)):
        condition |= Q(**{f"roles__{position}": str(role)})
    return condition


def members_page(actor: Actor, *, wanted: MemberFilter, cursor: str = "", size: int = 50) -> Page[Membership]:
    """Members by name with account and person; one query."""
    rows = Membership.objects.filter(visible_members(actor)).select_related("account", "person")
    for word in wanted.words.replace("\x00", "").split()[:5]:
        rows = rows.filter(Q(person__name__icontains=word) | Q(account__email__icontains=word))
    if wanted.role:
        rows = rows.filter(holding(Role(wanted.role))) if wanted.role in Role._value2member_map_ else rows.none()
    if wanted.state in ("active", "ended"):
        rows = rows.filter(is_active=wanted.state == "active")
    return page_of(rows, order=("person__name", "id"), cursor=cursor, size=size)


def member_for_change(actor: Actor, membership_id: int) -> Membership:
    """One membership with account and person, or NotFound."""
    row = (
        Membership.objects.select_related("account", "person").filter(visible_members(actor), pk=membership_id).first()
    )
    if row is None:
        raise NotFound()
    return row


def administrators_of(actor: Actor) -> list[int]:
    """Persons who administer the organisation today."""
    rows = Membership.objects.filter(holding(Role.ADMINISTRATOR), is_active=True)
    return list(rows.order_by("id").values_list("person_id", flat=True))


def time_zones_of(actor: Actor, person_ids: Collection[int]) -> dict[int, str]:
    """The time zone of each person who has a membership: their own, else the organisation's."""
    rows = Membership.objects.filter(person_id__in=person_ids).values_list(
        "person_id", "person__time_zone", "org__time_zone"
    )
    return {person_id: own or org for person_id, own, org in rows}


def emails_of(actor: Actor, person_ids: Collection[int]) -> dict[int, str]:
    """The address by which each person with active access signs in; mail goes there."""
    rows = Membership.objects.filter(person_id__in=person_ids, is_active=True, account__is_active=True)
    return dict(rows.values_list("person_id", "account__email"))
