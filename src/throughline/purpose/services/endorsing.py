"""Standing behind a purpose or a value, and no longer."""

from __future__ import annotations

from django.db import transaction

from throughline.kernel.actor import Actor
from throughline.kernel.clock import now
from throughline.ledger.services import event_record
from throughline.purpose.events import Endorsed, EndorsementWithdrawn
from throughline.purpose.models import Endorsement, Statement, Value
from throughline.purpose.policies import can_endorse, can_endorse_value, own_id


@transaction.atomic
def statement_endorse(*, actor: Actor, statement: Statement) -> Endorsement:
    """Stand behind what is adopted; doing it again after a new adoption moves the endorsement on to it."""
    can_endorse(actor, statement).require()
    number = statement.adopted_version or statement.latest_version
    row, is_new = Endorsement.objects.get_or_create(
        org_id=actor.org_id,
        person_id=own_id(actor),
        statement=statement,
        defaults={"version": number, "created_at": now()},
    )
    if not is_new and row.version == number:
        return row
    row.version, row.created_at = number, now()
    row.save()
    event_record(actor, Endorsed(version=number), subject=statement.ref)
    return row


@transaction.atomic
def value_endorse(*, actor: Actor, value: Value) -> Endorsement:
    """Stand behind a value."""
    can_endorse_value(actor).require()
    row, is_new = Endorsement.objects.get_or_create(
        org_id=actor.org_id,
        person_id=own_id(actor),
        value=value,
        defaults={"version": value.version, "created_at": now()},
    )
    if is_new:
        event_record(actor, Endorsed(version=value.version), subject=value.ref)
    return row


@transaction.atomic
def endorsement_withdraw(*, actor: Actor, statement: Statement) -> bool:
    """No longer stand behind a statement; answers whether one did."""
    gone, _ = Endorsement.objects.filter(person_id=own_id(actor), statement=statement).delete()
    if gone:
        event_record(actor, EndorsementWithdrawn(), subject=statement.ref)
    return bool(gone)


@transaction.atomic
def value_endorsement_withdraw(*, actor: Actor, value: Value) -> bool:
    """No longer stand behind a value; answers whether one did."""
    gone, _ = Endorsement.objects.filter(person_id=own_id(actor), value=value).delete()
    if gone:
        event_record(actor, EndorsementWithdrawn(), subject=value.ref)
    return bool(gone)
