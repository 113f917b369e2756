"""Everything a bulk change is compared with, in four queries of plain values."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Q

from throughline.kernel.actor import Actor
from throughline.people.models import Person, Unit, UnitMembership
from throughline.people.rules.present import MembershipNow, PersonNow, Present, UnitNow


def people_present(actor: Actor, *, on: date) -> Present:
    """All people, living units, and memberships that last on this day or begin later. The caller may import."""
    people = Person.objects.order_by("id").values_list(
        "id",
        "external_id",
        "email",
        "name",
        "title",
        "location",
        "manager_id",
        "started_on",
        "left_on",
        "is_guest",
        "version",
    )
    memberships = (
        UnitMembership.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))
        .order_by("starts_on", "id")
        .values_list("id", "person_id", "unit_id", "is_lead", "starts_on", "ends_on", "is_imported")
    )
    units = (
        Unit.objects.filter(ended_on__isnull=True)
        .order_by("id")
        .values_list("id", "parent_id", "name", "path", "depth")
    )
    return Present(
        people=[PersonNow(*row) for row in people.iterator(chunk_size=5000)],
        memberships=[MembershipNow(*row) for row in memberships.iterator(chunk_size=5000)],
        units=[UnitNow(*row) for row in units],
    )


def missing_from(
    present: Present, *, actor: Actor, ids: Collection[str], emails: Collection[str], has_ids: bool
) -> list[PersonNow]:
    """Who is here but not in a file: never guests, the actor, or people the file's key could not have named."""
    seen_emails = set(emails)
    return [
        person
        for person in present.people
        if person.left_on is None
        and not person.is_guest
        and person.id != actor.person_id
        and (person.external_id if has_ids else person.email)
        and person.external_id not in ids
        and person.email.lower() not in seen_emails
    ]
