"""API tokens: made by their owner, shown once, revoked at any time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from throughline.access import policies
from throughline.access.events import TokenCreated, TokenRevoked
from throughline.access.models import ApiToken, Membership
from throughline.access.outgoing import header_text
from throughline.kernel.actor import Actor
from throughline.kernel.clock import now
from throughline.kernel.errors import Invalid
from throughline.kernel.ids import SubjectRef, secret_hash, secret_new
from throughline.ledger.services import event_record

# Lets secret scanners and people recognise a token that was pasted somewhere.
PREFIX = "thl_"
MOST_TOKENS = 50


@dataclass(frozen=True, slots=True)
class TokenMade:
    """A new token and its secret, which is stored nowhere and shown this once."""

    token: ApiToken
    secret: str


@transaction.atomic
def token_create(*, actor: Actor, name: str, can_write: bool, lasts_days: int | None) -> TokenMade:
    """A token that acts as its owner; without `lasts_days` it lasts until it is revoked."""
    policies.can_use_tokens(actor).require()
    problems: dict[str, str] = {}
    shown_name = header_text(name)
    if not shown_name:
        problems["name"] = "Name the token after the program that will use it."
    elif len(shown_name) > 80:
        problems["name"] = f"The name has {len(shown_name)} characters; keep it within 80."
    if lasts_days is not None and not 1 <= lasts_days <= 3650:
        problems["lasts_days"] = "A token lasts 1 to 3650 days, or until you revoke it."
    membership = Membership.objects.get(person_id=policies.own_person_id(actor))
    open_tokens = ApiToken.objects.filter(membership=membership, revoked_at=None).count()
    if open_tokens >= MOST_TOKENS:
        problems[""] = f"You have {open_tokens} tokens; revoke one that is no longer used first."
    if problems:
        raise Invalid(problems)
    secret = PREFIX + secret_new(32)
    token = ApiToken.objects.create(
        org_id=actor.org_id,
        membership=membership,
        name=shown_name,
        secret_hash=secret_hash(secret),
        can_write=can_write,
        created_at=now(),
        expires_at=None if lasts_days is None else now() + timedelta(days=lasts_days),
    )
    event_record(actor, TokenCreated(can_write), subject=SubjectRef("access.token", token.pk))
    return TokenMade(token, secret)


@transaction.atomic
def token_revoke(*, actor: Actor, token: ApiToken) -> ApiToken:
    """End a token at once; ending it twice changes nothing."""
    policies.can_see_token(actor, token).require()
    if token.revoked_at is None:
        token.revoked_at = now()
        token.save(update_fields=["revoked_at"])
        event_record(actor, TokenRevoked(), subject=SubjectRef("access.token", token.pk))
    return token
