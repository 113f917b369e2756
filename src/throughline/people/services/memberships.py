"""Who belongs to which unit, from when to when, and who leads it."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q

from throughline.kernel.actor import Actor
from throughline.kernel.clock import today
from throughline.kernel.errors import Conflict, Invalid
from throughline.ledger.services import event_record
from throughline.people import policies
from throughline.people.events import LeadChanged, MembershipEnded, MembershipStarted
from throughline.people.models import Person, Unit, UnitMembership
from throughline.people.services.checking import span_check
from throughline.people.services.persons import person_ref
from throughline.people.services.units import unit_ref


@transaction.atomic
def membership_start(
    *, actor: Actor, person: Person, unit: Unit, starts_on: date | None = None, is_lead: bool = False
) -> UnitMembership:
    """Somebody belongs to a unit from a day on; one place in one unit at a time."""
    policies.can_change_members(actor, unit).require()
    if is_lead:
        policies.can_name_leads(actor, unit).require()
    day = starts_on or today(actor.time_zone)
    if unit.ended_on is not None:
        raise Invalid({"unit": f"“{unit.name}” has ended. Choose a unit that is there."})
    if person.left_on is not None and person.left_on < day:
        raise Invalid({"person": f"{person.name} has left on {person.left_on.isoformat()}. Return them first."})
    overlap = UnitMembership.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), person=person, unit=unit)
    if overlap.exists():
        raise Invalid({"person": f"{person.name} belongs to “{unit.name}” at that time already."})
    membership = UnitMembership.objects.create(
        org_id=actor.org_id, person=person, unit=unit, starts_on=day, ends_on=person.left_on, is_lead=is_lead
    )
    event = MembershipStarted(
        membership_id=membership.pk, person_id=person.pk, unit_id=unit.pk, is_lead=is_lead, starts_on=day
    )
    event_record(actor, event, subject=unit_ref(unit.pk), context=person_ref(person.pk))
    return membership


@transaction.atomic
def membership_end(*, actor: Actor, membership: UnitMembership, ends_on: date | None = None) -> UnitMembership:
    """The last day of somebody's time in a unit."""
    policies.can_change_members(actor, membership.unit).require()
    if membership.is_lead:
        policies.can_name_leads(actor, membership.unit).require()
    day = ends_on or today(actor.time_zone)
    if membership.ends_on is not None and membership.ends_on <= day:
        raise Conflict(f"This membership has ended on {membership.ends_on.isoformat()} already.")
    span_check(membership.starts_on, day, field="ends_on")
    membership.ends_on = day
    membership.save(update_fields=["ends_on"])
    event = MembershipEnded(
        membership_id=membership.pk, person_id=membership.person_id, unit_id=membership.unit_id, ends_on=day
    )
    event_record(actor, event, subject=unit_ref(membership.unit_id), context=person_ref(membership.person_id))
    return membership


@transaction.atomic
def membership_resume(*, actor: Actor, membership: UnitMembership) -> UnitMembership:
    """Undo an ending, unless the person has been given another place in the unit since."""
    policies.can_change_members(actor, membership.unit).require()
    if membership.is_lead:
        policies.can_name_leads(actor, membership.unit).require()
    if membership.ends_on is None:
        raise Conflict("This membership has not ended.")
    if membership.person.left_on is not None or membership.unit.ended_on is not None:
        raise Conflict("The person has left or the unit has ended. Return or reopen it first.")
    later = UnitMembership.objects.filter(
        person_id=membership.person_id, unit_id=membership.unit_id, starts_on__gt=membership.ends_on
    )
    if later.exists():
        raise Conflict(
            f"{membership.person.name} has belonged to “{membership.unit.name}” again since; there is nothing to undo."
        )
    membership.ends_on = None
    membership.save(update_fields=["ends_on"])
    event = MembershipStarted(
        membership_id=membership.pk,
        person_id=membership.person_id,
        unit_id=membership.unit_id,
        is_lead=membership.is_lead,
        starts_on=membership.starts_on,
    )
    event_record(actor, event, subject=unit_ref(membership.unit_id), context=person_ref(membership.person_id))
    return membership


@transaction.atomic
def membership_move(
    *,
    actor: Actor,
    membership: UnitMembership,
    unit: Unit,
    starts_on: date | None = None,
    is_lead: bool = False,
) -> UnitMembership:
    """From one unit to another without a gap: ends the day before, starts on the day."""
    day = starts_on or today(actor.time_zone)
    if membership.unit_id == unit.pk:
        raise Invalid({"unit": f"{membership.person.name} belongs to “{unit.name}” already. Choose another unit."})
    if membership.starts_on >= day:
        raise Invalid(
            {"starts_on": f"Choose a day after {membership.starts_on.isoformat()}, the first of the present one."}
        )
    membership_end(actor=actor, membership=membership, ends_on=day - timedelta(days=1))
    return membership_start(actor=actor, person=membership.person, unit=unit, starts_on=day, is_lead=is_lead)


@transaction.atomic
def membership_lead(*, actor: Actor, membership: UnitMembership, is_lead: bool) -> UnitMembership:
    """Whether somebody leads the unit; asking for what is so already changes nothing."""
    policies.can_name_leads(actor, membership.unit).require()
    if membership.is_lead == is_lead:
        return membership
    if membership.ends_on is not None and membership.ends_on < today(actor.time_zone):
        raise Conflict("This membership has ended; only who belongs to a unit can lead it.")
    membership.is_lead = is_lead
    membership.save(update_fields=["is_lead"])
    event = LeadChanged(
        membership_id=membership.pk,
        person_id=membership.person_id,
        unit_id=membership.unit_id,
        is_lead=is_lead,
    )
    event_record(actor, event, subject=unit_ref(membership.unit_id), context=person_ref(membership.person_id))
    return membership
