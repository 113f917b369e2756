"""Resolving who acts: from an account and an organisation's slug to an immutable `Actor`.

`people` adds units and stakeholder entries through `actor_facts_register`, so this module needs no product
nouns.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from throughline.access.models import ApiToken, Membership, Share
from throughline.kernel.actor import Actor, Role
from throughline.kernel.clock import now, today
from throughline.kernel.ids import SubjectRef, secret_hash
from throughline.kernel.scoping import across_orgs, in_org

# Every request reads these, so it reads no more of three wide rows than an actor is made of.
_ACTOR_COLUMNS = (
    "roles", "org__slug", "org__name", "org__time_zone", "person__org_id", "person__name", "person__time_zone",
)  # fmt: skip
FactsProvider = Callable[[Actor], Actor]
_providers: list[FactsProvider] = []


def actor_facts_register(provider: FactsProvider) -> None:
    """Add a function that completes an actor with what its app knows, called inside the organisation's
    scope.
    """
    if provider not in _providers:
        _providers.append(provider)


def actor_of_account(account_id: int, org_slug: str) -> Actor | None:
    """The actor an account is in an organisation, or None for strangers and ended memberships."""
    with across_orgs(reason="finding the organisation a request is for, before a scope can exist"):
        membership = (
            Membership.objects.select_related("org", "person")
            .only(*_ACTOR_COLUMNS)
            .filter(account_id=account_id, org__slug=org_slug, is_active=True)
            .first()
        )
    return _actor(membership) if membership is not None else None


def actor_of_token(secret: str, org_slug: str) -> tuple[Actor, bool] | None:
    """The actor behind an API token and whether it may write, or None when it is unknown, ended or of
    another one.
    """
    with across_orgs(reason="finding the organisation a token is for, before a scope can exist"):
        token = (
            ApiToken.objects.select_related("membership__org", "membership__person")
            .filter(
                secret_hash=secret_hash(secret),
                org__slug=org_slug,
                revoked_at=None,
                membership__is_active=True,
                membership__account__is_active=True,
            )
            .first()
        )
        if token is None or (token.expires_at is not None and token.expires_at <= now()):
            return None
        if token.last_used_on != today():
            ApiToken.objects.filter(pk=token.pk).update(last_used_on=today())
    return _actor(token.membership), token.can_write


def actor_of_person(person_id: int, org_id: int) -> Actor | None:
    """The actor a person would be, for judging what they may see (mentions, notifications). None
    without membership.
    """
    with in_org(org_id):
        membership = (
            Membership.objects.select_related("org", "person").filter(person_id=person_id, is_active=True).first()
        )
    return _actor(membership) if membership is not None else None


def _actor(membership: Membership) -> Actor:
    person = membership.person
    roles = frozenset(Role(role) for role in membership.roles if role in Role._value2member_map_)
    actor = Actor(
        org_id=membership.org_id,
        org_slug=membership.org.slug,
        person_id=person.pk,
        name=person.name,
        org_name=membership.org.name,
        roles=frozenset({Role.GUEST}) if Role.GUEST in roles else roles or frozenset({Role.MEMBER}),
        time_zone=person.time_zone or membership.org.time_zone,
    )
    with in_org(actor.org_id):
        if actor.is_guest:
            shares = Share.objects.filter(person_id=person.pk).values_list("subject_kind", "subject_id")
            actor = replace(actor, shared=frozenset(SubjectRef(kind, number) for kind, number in shares))
        for provider in _providers:
            actor = provider(actor)
    return actor
