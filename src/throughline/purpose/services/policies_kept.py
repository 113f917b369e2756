"""Recording policies and the values they put into practice."""

from __future__ import annotations

from collections.abc import Collection

from django.db import IntegrityError, transaction

from throughline.kernel.actor import Actor
from throughline.kernel.clock import now
from throughline.kernel.errors import Conflict, Invalid, NotFound
from throughline.kernel.ids import SubjectRef
from throughline.ledger.models import Relation
from throughline.ledger.services import event_record, link_create, link_remove, search_remove
from throughline.purpose.events import PolicyChanged, PolicyEnded
from throughline.purpose.models import Policy, PolicyValue, Value
from throughline.purpose.policies import can_manage_values
from throughline.purpose.services.indexing import policy_refresh

TITLE_LENGTH, TEXT_LENGTH, REFERENCE_LENGTH = 200, 20_000, 500


@transaction.atomic
def policy_create(
    *, actor: Actor, title: str, text: str = "", reference: str = "", value_ids: Collection[int] = ()
) -> Policy:
    """Record a policy by its words or by where it is kept."""
    can_manage_values(actor).require()
    _check(title, text, reference=reference)
    policy = Policy(org_id=actor.org_id, created_at=now())
    return _save(actor, policy, title=title, text=text, reference=reference, value_ids=value_ids)


@transaction.atomic
def policy_edit(
    *,
    actor: Actor,
    policy: Policy,
    version: int,
    title: str,
    text: str = "",
    reference: str = "",
    value_ids: Collection[int] = (),
) -> Policy:
    """Change a policy or its values, from the version the form was made of."""
    can_manage_values(actor).require()
    policy = _locked(policy)
    if version != policy.version:
        raise Conflict("Somebody changed this policy while you edited it. Your words are kept; look at the new ones.")
    _check(title, text, reference=reference)
    policy.version += 1
    return _save(actor, policy, title=title, text=text, reference=reference, value_ids=value_ids)


@transaction.atomic
def policy_end(*, actor: Actor, policy: Policy) -> Policy:
    """A policy that no longer holds."""
    can_manage_values(actor).require()
    policy = _locked(policy)
    if policy.ended_at is not None:
        raise Conflict("This policy has ended already.")
    policy.ended_at = now()
    policy.save()
    search_remove(actor=actor, ref=policy.ref)
    event_record(actor, PolicyEnded(), subject=policy.ref)
    return policy


def _locked(policy: Policy) -> Policy:
    row = Policy.objects.select_for_update().filter(pk=policy.pk).first()
    if row is None:
        raise NotFound
    return row


def _check(title: str, text: str, *, reference: str) -> None:
    problems = {}
    if not title.strip():
        problems["title"] = "Give the policy its title."
    elif len(title.strip()) > TITLE_LENGTH:
        problems["title"] = f"Shorten the title to {TITLE_LENGTH} characters."
    if len(text) > TEXT_LENGTH:
        problems["text"] = f"Shorten the text to {TEXT_LENGTH:,} characters, or give its reference instead."
    if len(reference) > REFERENCE_LENGTH:
        problems["reference"] = f"Shorten the reference to {REFERENCE_LENGTH} characters."
    if not text.strip() and not reference.strip():
        problems["text"] = "Write the policy, or say where it is kept."
    if problems:
        raise Invalid(problems)


def _save(actor: Actor, policy: Policy, *, title: str, text: str, reference: str, value_ids: Collection[int]) -> Policy:
    policy.title, policy.text, policy.reference = title.strip(), text.strip(), reference.strip()
    try:
        with transaction.atomic():
            policy.save()
    except IntegrityError:
        raise Invalid({"title": f"There is a policy “{policy.title}” already; edit that one."}) from None
    wanted = set(Value.objects.filter(pk__in=value_ids, ended_at=None).values_list("pk", flat=True))
    for row in PolicyValue.objects.filter(policy=policy).exclude(value_id__in=wanted):
        value = SubjectRef("purpose.value", row.value_id)
        link_remove(actor=actor, later=policy.ref, relation=Relation.ADVANCES, earlier=value)
        row.delete()
    for number in sorted(wanted):
        PolicyValue.objects.get_or_create(org_id=actor.org_id, policy=policy, value_id=number)
        value = SubjectRef("purpose.value", number)
        link_create(actor=actor, later=policy.ref, relation=Relation.ADVANCES, earlier=value)
    event_record(actor, PolicyChanged(version=policy.version), subject=policy.ref)
    policy_refresh(actor, policy)
    return policy
