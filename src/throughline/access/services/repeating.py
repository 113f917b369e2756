"""Forms outside an organisation that were sent twice: the second time leads to what the first one made."""

from __future__ import annotations

from dataclasses import dataclass

from throughline.access.models import Account, Membership
from throughline.access.rules import REPEAT_WITHIN
from throughline.access.selectors.members import holding
from throughline.kernel.actor import Role
from throughline.kernel.clock import now
from throughline.kernel.scoping import across_orgs


@dataclass(frozen=True, slots=True)
class Repeated:
    """The account and organisation that the first sending made."""

    account: Account
    org_slug: str


def start_repeated(*, name: str, slug: str, email: str, password: str, account: Account | None) -> Repeated | None:
    """What the same form made a moment ago, when the sender proves to be the one who made it; else None."""
    who = account or Account.objects.filter(email=email.strip().lower()).first()
    if who is None or not slug:
        return None
    with across_orgs(reason="a form to start an organisation may have been sent twice"):
        membership = (
            Membership.objects.select_related("org")
            .filter(
                holding(Role.ADMINISTRATOR),
                account=who,
                is_active=True,
                org__slug=slug,
                org__name=name.strip(),
                org__created_at__gte=now() - REPEAT_WITHIN,
            )
            .first()
        )
    if membership is None or (account is None and not who.check_password(password)):
        return None
    return Repeated(who, membership.org.slug)
