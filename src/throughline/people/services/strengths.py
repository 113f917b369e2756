"""Gifts, strengths and assets of people and units."""

from __future__ import annotations

from django.db import transaction

from throughline.kernel.actor import Actor
from throughline.kernel.errors import Invalid
from throughline.kernel.ids import SubjectRef
from throughline.ledger.services import event_record
from throughline.people import policies
from throughline.people.events import StrengthAdded, StrengthRemoved
from throughline.people.models import Person, Strength, Unit
from throughline.people.rules import STRENGTH_KINDS, StrengthKind
from throughline.people.services.checking import words_checked
from throughline.people.services.persons import person_ref
from throughline.people.services.units import unit_ref

MOST_STRENGTHS = 60


@transaction.atomic
def strength_add(
    *,
    actor: Actor,
    kind: str,
    name: str,
    note: str = "",
    person: Person | None = None,
    unit: Unit | None = None,
) -> Strength:
    """Record what a person or a unit (exactly one of them) brings; the same again returns what is there."""
    if (person is None) == (unit is None):
        raise ValueError("A strength belongs to a person or to a unit, exactly one of them.")
    policies.can_change_strengths(actor, person=person, unit=unit).require()
    if kind not in STRENGTH_KINDS:
        raise Invalid({"kind": f"Choose one of {', '.join(STRENGTH_KINDS.values())}."})
    values = words_checked({"name": name, "note": note}, {"name": 120, "note": 400}, required=("name",))
    of_owner = Strength.objects.filter(person=person) if person is not None else Strength.objects.filter(unit=unit)
    found = of_owner.filter(kind=kind, name__iexact=values["name"]).first()
    if found is not None:
        return found
    if of_owner.count() >= MOST_STRENGTHS:
        raise Invalid({"": f"{MOST_STRENGTHS} strengths are recorded already. Remove one that says least."})
    strength = Strength.objects.create(org_id=actor.org_id, person=person, unit=unit, kind=kind, **values)
    event = StrengthAdded(strength_id=strength.pk, strength_kind=StrengthKind(kind))
    event_record(actor, event, subject=_owner_ref(strength))
    return strength


@transaction.atomic
def strength_remove(*, actor: Actor, strength: Strength) -> None:
    """Take a strength off its person or unit."""
    policies.can_change_strengths(actor, person=strength.person, unit=strength.unit).require()
    event = StrengthRemoved(strength_id=strength.pk, strength_kind=StrengthKind(strength.kind))
    event_record(actor, event, subject=_owner_ref(strength))
    strength.delete()


def _owner_ref(strength: Strength) -> SubjectRef:
    if strength.person_id is not None:
        return person_ref(strength.person_id)
    # The row's constraint: a strength without a person has a unit.
    return unit_ref(strength.unit_id or 0)
