"""Who may see and change people, units, strengths, stakeholders and imports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from throughline.kernel.actor import Actor, Role
from throughline.kernel.verdict import Verdict, allow_if, no

if TYPE_CHECKING:
    from throughline.people.models import PeopleImport, Person, Stakeholder, Strength, Unit

_ADMINISTRATORS = "Only an administrator can change this; ask one to do it."


def can_see_person(actor: Actor, person: Person) -> Verdict:
    """Members see everybody, leavers too; guests see themselves and whoever was shared with them."""
    is_known = person.pk == actor.person_id or person.pk in actor.shared_ids("people.person")
    return allow_if(person.org_id == actor.org_id and (actor.is_member or is_known), "You cannot open this person.")


def visible_people(actor: Actor) -> Q:
    """The query twin of `can_see_person`."""
    if actor.is_member:
        return Q(org_id=actor.org_id)
    own = {actor.person_id} if actor.person_id is not None else set()
    return Q(org_id=actor.org_id, pk__in=actor.shared_ids("people.person") | own)


def can_see_unit(actor: Actor, unit: Unit) -> Verdict:
    """Members see the whole tree; guests the units shared with them."""
    is_known = actor.is_member or unit.pk in actor.shared_ids("people.unit")
    return allow_if(unit.org_id == actor.org_id and is_known, "You cannot open this unit.")


def visible_units(actor: Actor) -> Q:
    """The query twin of `can_see_unit`."""
    if actor.is_member:
        return Q(org_id=actor.org_id)
    return Q(org_id=actor.org_id, pk__in=actor.shared_ids("people.unit"))


def can_see_stakeholder(actor: Actor, stakeholder: Stakeholder) -> Verdict:
    """Members see the register; guests their own entries and those shared with them."""
    own = actor.stakeholder_ids | actor.shared_ids("people.stakeholder")
    is_known = actor.is_member or stakeholder.pk in own
    return allow_if(stakeholder.org_id == actor.org_id and is_known, "You cannot open this stakeholder.")


def visible_stakeholders(actor: Actor) -> Q:
    """The query twin of `can_see_stakeholder`."""
    if actor.is_member:
        return Q(org_id=actor.org_id)
    return Q(org_id=actor.org_id, pk__in=actor.stakeholder_ids | actor.shared_ids("people.stakeholder"))


def can_see_strength(actor: Actor, strength: Strength) -> Verdict:
    """A strength is seen by whoever sees its person or unit."""
    if actor.is_member:
        return allow_if(strength.org_id == actor.org_id, "You cannot open this strength.")
    is_known = (
        strength.person_id is not None
        and (strength.person_id == actor.person_id or strength.person_id in actor.shared_ids("people.person"))
    ) or (strength.unit_id is not None and strength.unit_id in actor.shared_ids("people.unit"))
    return allow_if(strength.org_id == actor.org_id and is_known, "You cannot open this strength.")


def visible_strengths(actor: Actor) -> Q:
    """The query twin of `can_see_strength`."""
    if actor.is_member:
        return Q(org_id=actor.org_id)
    own = {actor.person_id} if actor.person_id is not None else set()
    of_people = Q(person_id__in=actor.shared_ids("people.person") | own)
    return Q(org_id=actor.org_id) & (of_people | Q(unit_id__in=actor.shared_ids("people.unit")))


def can_see_import(actor: Actor, people_import: PeopleImport) -> Verdict:
    """An upload holds HR data: only whoever uploaded it reads it, and only while an administrator."""
    is_own = actor.is_system or (actor.is_administrator and people_import.started_by_id == actor.person_id)
    return allow_if(
        people_import.org_id == actor.org_id and is_own, "Only the person who uploaded this file can open it."
    )


def visible_imports(actor: Actor) -> Q:
    """The query twin of `can_see_import`."""
    if actor.is_system:
        return Q(org_id=actor.org_id)
    if not actor.is_administrator:
        return Q(pk__in=())
    return Q(org_id=actor.org_id, started_by_id=actor.person_id)


def can_add_person(actor: Actor) -> Verdict:
    """People come in through an administrator or an HR import."""
    return allow_if(actor.is_administrator, "Only an administrator can add people; ask one to do it.")


def can_edit_person(actor: Actor, person: Person) -> Verdict:
    """Administrators change everything about a person."""
    return allow_if(actor.is_administrator, _ADMINISTRATORS)


def can_edit_profile(actor: Actor, person: Person) -> Verdict:
    """Everybody writes their own profile: name, place, time zone, about."""
    is_own = actor.person_id is not None and person.pk == actor.person_id
    return allow_if(
        is_own or actor.is_administrator, "Only the person themself or an administrator can change a profile."
    )


def can_end_person(actor: Actor, person: Person) -> Verdict:
    """Administrators end people, but not themselves: somebody must be left to undo it."""
    if actor.person_id is not None and person.pk == actor.person_id:
        return no("You cannot end yourself; another administrator can.")
    return allow_if(actor.is_administrator, _ADMINISTRATORS)


def can_shape_units(actor: Actor) -> Verdict:
    """Creating, moving and ending units is for administrators."""
    return allow_if(actor.is_administrator, _ADMINISTRATORS)


def can_rename_unit(actor: Actor, unit: Unit) -> Verdict:
    """A unit's name and function are its leads' and the administrators' to change."""
    return allow_if(
        actor.is_administrator or actor.leads(unit.pk),
        "Only who leads this unit or an administrator can change it.",
    )


def can_change_members(actor: Actor, unit: Unit) -> Verdict:
    """Who leads a unit says who belongs to it; administrators may too."""
    return allow_if(
        actor.is_administrator or actor.leads(unit.pk),
        "Only who leads this unit or an administrator can change who belongs to it.",
    )


def can_name_leads(actor: Actor, unit: Unit) -> Verdict:
    """A lead is named from above: by who leads the unit above, a leader, or an administrator."""
    return allow_if(
        actor.is_administrator or actor.is_leader or (unit.parent_id is not None and actor.leads(unit.parent_id)),
        "Who leads a unit is named by whoever leads the unit above, or by an administrator.",
    )


def can_change_strengths(actor: Actor, *, person: Person | None = None, unit: Unit | None = None) -> Verdict:
    """People add their own strengths; those of a unit are added by who leads it. Administrators may help."""
    if actor.is_administrator:
        return allow_if(True, "")
    if person is not None:
        return allow_if(
            person.pk == actor.person_id,
            "Everybody adds their own strengths; ask the person to add this one.",
        )
    return allow_if(
        unit is not None and actor.leads(unit.pk),
        "Only who leads this unit or an administrator can change its strengths.",
    )


def can_keep_register(actor: Actor) -> Verdict:
    """The stakeholder register is kept by leads, leaders, facilitators and administrators."""
    is_keeper = actor.is_facilitator or Role.TEAM_LEAD in actor.roles or bool(actor.led_unit_ids)
    return allow_if(
        actor.is_member and is_keeper,
        "The register is kept by leads, leaders, facilitators and administrators; tell one of them who is missing.",
    )


def can_import(actor: Actor) -> Verdict:
    """HR imports are for administrators."""
    return allow_if(actor.is_administrator, "Only an administrator can import people.")
