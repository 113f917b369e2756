"""The small world of every test: two organisations, a few units, and people with one role each.

Ada owns (leader and administrator), Ben contributes (member of Platform), Tom leads Platform, Lea is a leader, Fay
facilitates, Max administers, Mia is a member elsewhere (Clinics), Gus is a guest, Sid belongs to another organisation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from throughline.access.actors import actor_of_person
from throughline.access.models import Account, Membership, Organisation
from throughline.kernel.actor import Actor, Role
from throughline.kernel.scoping import in_org
from throughline.people.models import Person, Unit, UnitMembership

STARTED_ON = date(2026, 1, 5)
JOINED_AT = datetime(2026, 1, 5, 9, tzinfo=UTC)


@dataclass(frozen=True)
class World:
    """The people, units and organisations by name."""

    org: Organisation
    other_org: Organisation
    top: Unit
    platform: Unit
    clinics: Unit
    ada: Person
    ben: Person
    tom: Person
    lea: Person
    fay: Person
    max: Person
    mia: Person
    gus: Person
    sid: Person

    @property
    def everyone(self) -> dict[str, Person]:
        """Everybody who can sign in, by the role a permission table names."""
        return {
            "owner": self.ada,
            "member": self.ben,
            "team_lead": self.tom,
            "leader": self.lea,
            "facilitator": self.fay,
            "administrator": self.max,
            "elsewhere": self.mia,
            "guest": self.gus,
            "stranger": self.sid,
        }


def as_actor(person: Person) -> Actor:
    """The actor a person is, resolved as a request would resolve it."""
    actor = actor_of_person(person.pk, person.org_id)
    if actor is None:
        raise ValueError(f"{person.name} has no membership.")
    return actor


def add_person(
    org: Organisation, name: str, *, roles: list[Role], unit: Unit | None = None, is_lead: bool = False
) -> Person:
    """A person with an account (`<first name>@<slug>.example`), and their place in a unit."""
    email = f"{name.split()[0].lower()}@{org.slug}.example"
    person = Person.objects.create(
        org=org, name=name, email=email, is_guest=Role.GUEST in roles, started_on=STARTED_ON, time_zone="UTC"
    )
    account = Account.objects.create_user(email, "a long enough password", name=name)
    Membership.objects.create(
        org=org, account=account, person=person, roles=[str(role) for role in roles], joined_at=JOINED_AT
    )
    if unit is not None:
        UnitMembership.objects.create(org=org, person=person, unit=unit, is_lead=is_lead, starts_on=STARTED_ON)
    return person


def _unit(org: Organisation, name: str, parent: Unit | None = None) -> Unit:
    unit = Unit.objects.create(org=org, name=name, parent=parent, path="", depth=parent.depth + 1 if parent else 0)
    unit.path = f"{parent.path}.{unit.pk}" if parent else str(unit.pk)
    unit.save(update_fields=["path"])
    return unit


def build_world() -> World:
    """Build both organisations. Call outside any scope."""
    org = Organisation.objects.create(name="Meridian", slug="meridian", created_at=JOINED_AT)
    other = Organisation.objects.create(name="Otherwhere", slug="otherwhere", created_at=JOINED_AT)
    with in_org(org.pk):
        top = _unit(org, "Meridian Technology")
        platform, clinics = _unit(org, "Platform", top), _unit(org, "Clinics", top)
        people = {
            "ada": add_person(org, "Ada Adeyemi", roles=[Role.LEADER, Role.ADMINISTRATOR], unit=top, is_lead=True),
            "ben": add_person(org, "Ben Brandt", roles=[Role.MEMBER], unit=platform),
            "tom": add_person(org, "Tom Takeda", roles=[Role.TEAM_LEAD], unit=platform, is_lead=True),
            "lea": add_person(org, "Lea Lindqvist", roles=[Role.LEADER], unit=top),
            "fay": add_person(org, "Fay Fontaine", roles=[Role.FACILITATOR], unit=platform),
            "max": add_person(org, "Max Moreau", roles=[Role.ADMINISTRATOR], unit=top),
            "mia": add_person(org, "Mia Mbeki", roles=[Role.MEMBER], unit=clinics),
            "gus": add_person(org, "Gus Garnier", roles=[Role.GUEST]),
        }
    with in_org(other.pk):
        elsewhere = _unit(other, "Otherwhere")
        sid = add_person(other, "Sid Sorensen", roles=[Role.LEADER, Role.ADMINISTRATOR], unit=elsewhere, is_lead=True)
    return World(org=org, other_org=other, top=top, platform=platform, clinics=clinics, sid=sid, **people)
