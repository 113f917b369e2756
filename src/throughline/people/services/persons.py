"""Adding, editing, ending and returning people. Nothing deletes a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q

from throughline.kernel.actor import Actor, system_actor
from throughline.kernel.clock import today
from throughline.kernel.errors import Conflict, Invalid
from throughline.kernel.ids import SubjectRef
from throughline.ledger.services import event_record, search_index
from throughline.people import policies
from throughline.people.events import PersonAdded, PersonEdited, PersonEnded, PersonField, PersonReturned
from throughline.people.models import Person, UnitMembership
from throughline.people.rules import found_by
from throughline.people.services.accounts import account_close, account_reopen
from throughline.people.services.checking import (
    email_checked,
    span_check,
    time_zone_checked,
    version_require,
    words_checked,
)

if TYPE_CHECKING:
    from throughline.access.models import Organisation

KIND = "people.person"
_LONGEST = {"name": 160, "title": 160, "location": 120, "about": 2000, "external_id": 120, "time_zone": 60}
_OWN = frozenset({"name", "location", "time_zone", "about"})


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What is known of a person. `manager_id` and `started_on` may be None; texts may be empty but for the
    name.
    """

    name: str
    email: str = ""
    external_id: str = ""
    title: str = ""
    location: str = ""
    time_zone: str = ""
    about: str = ""
    manager_id: int | None = None
    started_on: date | None = None


def person_ref(person_id: int) -> SubjectRef:
    """The subject reference of a person."""
    return SubjectRef(KIND, person_id)


@transaction.atomic
def person_add(*, actor: Actor, facts: PersonFacts, is_guest: bool = False) -> Person:
    """A new person; raises Invalid when the e-mail or id is somebody's already."""
    policies.can_add_person(actor).require()
    values = _checked(facts, person=None)
    person = Person(org_id=actor.org_id, is_guest=is_guest, **values)
    _save(actor, person)
    event_record(actor, PersonAdded(person_id=person.pk, is_guest=is_guest), subject=person_ref(person.pk))
    return person


@transaction.atomic
def person_edit(*, actor: Actor, person: Person, facts: PersonFacts, version: int | None = None) -> Person:
    """Everything about a person as an administrator sees it; the same facts again change and record nothing."""
    policies.can_edit_person(actor, person).require()
    version_require(person, version, noun="person")
    return _apply(actor, person, _checked(facts, person=person))


@transaction.atomic
def profile_edit(
    *,
    actor: Actor,
    person: Person,
    name: str,
    location: str,
    time_zone: str,
    about: str,
    version: int | None = None,
) -> Person:
    """The part of a person that is their own to write."""
    policies.can_edit_profile(actor, person).require()
    version_require(person, version, noun="profile")
    given = {"name": name, "location": location, "time_zone": time_zone, "about": about}
    values = words_checked(given, {key: _LONGEST[key] for key in _OWN}, required=("name",))
    time_zone_checked(values["time_zone"])
    return _apply(actor, person, values)


@transaction.atomic
def person_end(*, actor: Actor, person: Person, left_on: date | None = None) -> Person:
    """Their last day: memberships end with it, sign-in closes once it is over. Nothing is deleted."""
    policies.can_end_person(actor, person).require()
    day = left_on or today(actor.time_zone)
    if person.left_on is not None:
        raise Conflict(
            f"{person.name} has left on {person.left_on.isoformat()} already. Return them first to change the day."
        )
    span_check(person.started_on, day, field="left_on")
    person.left_on = day
    person.version += 1
    person.save(update_fields=["left_on", "version"])
    current = UnitMembership.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day), person=person)
    # A membership that would begin later never begins.
    current.filter(starts_on__gt=day).delete()
    current.update(ends_on=day)
    if day <= today(actor.time_zone):
        account_close(actor=actor, person=person)
    event_record(actor, PersonEnded(person_id=person.pk, left_on=day), subject=person_ref(person.pk))
    return person


@transaction.atomic
def person_return(*, actor: Actor, person: Person) -> Person:
    """Undo an ending: they are here again, and so are the memberships that ended on their last day."""
    policies.can_end_person(actor, person).require()
    if person.left_on is None:
        raise Conflict(f"{person.name} has not left.")
    UnitMembership.objects.filter(person=person, ends_on=person.left_on, unit__ended_on__isnull=True).update(
        ends_on=None
    )
    person.left_on = None
    person.version += 1
    person.save(update_fields=["left_on", "version"])
    account_reopen(actor=actor, person=person)
    event_record(actor, PersonReturned(person_id=person.pk), subject=person_ref(person.pk))
    return person


@transaction.atomic
def person_for_account(*, actor: Actor, name: str, email: str, is_guest: bool) -> int:
    """The id of the person with this e-mail, added when there is none: how an invitation finds its person.

    The caller has required the right to invite or share; so a member who shares with an outsider may add that guest.
    """
    address = email_checked(email)
    found = Person.objects.filter(email=address).first() if address else None
    if found is not None:
        return found.pk
    person = Person(
        org_id=actor.org_id,
        is_guest=is_guest,
        **_checked(PersonFacts(name=name or address, email=address), person=None),
    )
    _save(actor, person)
    event_record(actor, PersonAdded(person_id=person.pk, is_guest=is_guest), subject=person_ref(person.pk))
    return person.pk


def person_of_organisation(org: Organisation, name: str, email: str, is_guest: bool) -> int:
    """`person_for_account` in the shape of access's hook: called before the person can act for themself."""
    return person_for_account(actor=system_actor(org.pk, org.slug), name=name, email=email, is_guest=is_guest)


def _checked(facts: PersonFacts, *, person: Person | None) -> dict[str, Any]:
    given = {key: getattr(facts, key) for key in _LONGEST}
    values: dict[str, Any] = dict(words_checked(given, _LONGEST, required=("name",)))
    values["email"] = email_checked(facts.email)
    time_zone_checked(values["time_zone"])
    values["started_on"], values["manager_id"] = facts.started_on, facts.manager_id
    span_check(facts.started_on, person.left_on if person else None, field="started_on")
    others = Person.objects.exclude(pk=person.pk) if person else Person.objects.all()
    problems: dict[str, str] = {}
    for key, noun in (("email", "e-mail address"), ("external_id", "id")):
        owner = others.filter(**{key: values[key]}).first() if values[key] else None
        if owner is not None:
            problems[key] = f"This {noun} belongs to {owner.name} already."
    if facts.manager_id is not None:
        trouble = _manager_trouble(person, facts.manager_id)
        if trouble:
            problems["manager"] = trouble
    if problems:
        raise Invalid(problems)
    return values


def _manager_trouble(person: Person | None, manager_id: int) -> str:
    """Why this manager cannot be, or "". Walks the chain upward, one query per level."""
    manager = Person.objects.filter(pk=manager_id, is_guest=False).first()
    if manager is None:
        return "Choose somebody of the organisation as manager."
    if person is None:
        return ""
    if manager_id == person.pk:
        return "Nobody reports to themself."
    names = [person.name, manager.name]
    above = manager
    while above.manager_id is not None and len(names) < 100:
        if above.manager_id == person.pk:
            return f"This would close a circle: {' reports to '.join([*names, person.name])}."
        above = Person.objects.get(pk=above.manager_id)
        names.append(above.name)
    return ""


def _apply(actor: Actor, person: Person, values: Mapping[str, Any]) -> Person:
    changed = {key for key, value in values.items() if getattr(person, key) != value}
    if not changed:
        return person
    for key in changed:
        setattr(person, key, values[key])
    person.version += 1
    _save(actor, person)
    fields = tuple(PersonField(key.removesuffix("_id") if key == "manager_id" else key) for key in sorted(changed))
    event_record(actor, PersonEdited(person_id=person.pk, fields=fields), subject=person_ref(person.pk))
    return person


def _save(actor: Actor, person: Person) -> None:
    person.words = found_by(name=person.name, title=person.title, email=person.email, external_id=person.external_id)
    person.save()
    search_index(
        actor=actor,
        ref=person_ref(person.pk),
        title=person.name,
        body=person_body(person.title, person.location),
    )


def person_body(title: str, location: str) -> str:
    """The words beside the name by which search finds a person."""
    return " ".join(part for part in (title, location) if part)
