"""Organisations: one's own, and whether one may start another."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings

from throughline.access.models import Membership, Organisation
from throughline.access.rules import role_words
from throughline.access.selectors.members import holding
from throughline.kernel.actor import Actor, Role
from throughline.kernel.scoping import across_orgs
from throughline.kernel.verdict import YES, Verdict, allow_if


@dataclass(frozen=True, slots=True)
class OrganisationLink:
    """An organisation that an account belongs to."""

    name: str
    slug: str
    roles: str

    @property
    def url(self) -> str:
        return f"/o/{self.slug}/"


def organisations_of_account(account_id: int) -> list[OrganisationLink]:
    """Where an account is a member or guest today, by name; one query."""
    with across_orgs(reason="an account chooses among the organisations it belongs to"):
        rows = (
            Membership.objects.filter(account_id=account_id, is_active=True)
            .order_by("org__name", "id")
            .values_list("org__name", "org__slug", "roles")
        )
        return [OrganisationLink(name, slug, role_words(roles)) for name, slug, roles in rows]


def start_verdict(account_id: int | None) -> Verdict:
    """Whether this visitor may start an organisation on this installation."""
    if settings.OPEN_START or not Organisation.objects.exists():
        return YES
    with across_orgs(reason="an administrator of any organisation may start another one"):
        is_administrator = (
            account_id is not None
            and Membership.objects.filter(holding(Role.ADMINISTRATOR), account_id=account_id, is_active=True).exists()
        )
    return allow_if(
        is_administrator,
        "Only administrators start further organisations on this installation. Sign in as one, "
        "or ask whoever runs it to set THROUGHLINE_OPEN_START=1.",
    )


def organisation_of(actor: Actor) -> Organisation:
    """The actor's organisation."""
    return Organisation.objects.get(pk=actor.org_id)


def organisation_ids_of_addresses(addresses: Collection[str]) -> list[int]:
    """Organisations in which an account with one of these addresses is active."""
    with across_orgs(reason="mail about an account belongs to no organisation"):
        rows = Membership.objects.filter(account__email__in=addresses, is_active=True)
        return sorted(set(rows.values_list("org_id", flat=True)))


def slug_of(org_id: int) -> str:
    """The slug of an organisation, for addresses written by the system's actor; one query."""
    return str(Organisation.objects.values_list("slug", flat=True).get(pk=org_id))


def organisations_all() -> list[tuple[int, str]]:
    """Number and slug of every organisation of the installation, for periodic work that visits each in
    turn.
    """
    return list(Organisation.objects.order_by("id").values_list("id", "slug"))
