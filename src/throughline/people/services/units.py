"""The unit tree: create, rename, move, end, reopen."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import F, IntegerField, Q, Value
from django.db.models.functions import Cast, Concat, Substr

from throughline.kernel.actor import Actor
from throughline.kernel.clock import today
from throughline.kernel.errors import Conflict, Invalid
from throughline.kernel.ids import SubjectRef
from throughline.ledger.services import event_record, search_index
from throughline.people import policies
from throughline.people.events import UnitCreated, UnitEnded, UnitMoved, UnitRenamed, UnitReopened
from throughline.people.models import Unit, UnitMembership
from throughline.people.rules import DEEPEST_UNIT
from throughline.people.services.checking import version_require, words_checked

KIND = "people.unit"
_LONGEST = {"name": 160, "function": 80, "external_id": 120}


def unit_ref(unit_id: int) -> SubjectRef:
    """The subject reference of a unit."""
    return SubjectRef(KIND, unit_id)


@transaction.atomic
def unit_create(
    *, actor: Actor, name: str, parent: Unit | None = None, function: str = "", external_id: str = ""
) -> Unit:
    """A new unit below `parent`, or at the top; names are unique among the living units in one place."""
    policies.can_shape_units(actor).require()
    values = words_checked(
        {"name": name, "function": function, "external_id": external_id}, _LONGEST, required=("name",)
    )
    _place_check(parent, values["name"], unit=None)
    if values["external_id"] and Unit.objects.filter(external_id=values["external_id"]).exists():
        raise Invalid({"external_id": "Another unit has this id already."})
    depth = parent.depth + 1 if parent else 0
    unit = Unit.objects.create(org_id=actor.org_id, parent=parent, depth=depth, path="", **values)
    unit.path = f"{parent.path}.{unit.pk}" if parent else str(unit.pk)
    unit.save(update_fields=["path"])
    search_index(actor=actor, ref=unit_ref(unit.pk), title=unit.name, body=unit.function)
    event_record(actor, UnitCreated(unit_id=unit.pk, parent_id=unit.parent_id), subject=unit_ref(unit.pk))
    return unit


@transaction.atomic
def unit_rename(*, actor: Actor, unit: Unit, name: str, function: str = "", version: int | None = None) -> Unit:
    """A unit's name and function."""
    policies.can_rename_unit(actor, unit).require()
    version_require(unit, version, noun="unit")
    values = words_checked({"name": name, "function": function}, _LONGEST, required=("name",))
    if (unit.name, unit.function) == (values["name"], values["function"]):
        return unit
    _place_check(unit.parent, values["name"], unit=unit)
    unit.name, unit.function, unit.version = values["name"], values["function"], unit.version + 1
    unit.save(update_fields=["name", "function", "version"])
    search_index(actor=actor, ref=unit_ref(unit.pk), title=unit.name, body=unit.function)
    event_record(actor, UnitRenamed(unit_id=unit.pk), subject=unit_ref(unit.pk))
    return unit


@transaction.atomic
def unit_move(*, actor: Actor, unit: Unit, parent: Unit | None, version: int | None = None) -> Unit:
    """Hang a unit and everything below it elsewhere; two statements whatever the size of the subtree."""
    policies.can_shape_units(actor).require()
    version_require(unit, version, noun="unit")
    if unit.parent_id == (parent.pk if parent else None):
        return unit
    if parent is not None and str(unit.pk) in parent.path.split("."):
        raise Invalid({"parent": f"“{parent.name}” is part of “{unit.name}”; a unit cannot hang below itself."})
    _place_check(parent, unit.name, unit=unit)
    below = Unit.objects.filter(path__startswith=f"{unit.path}.")
    old_path, old_depth, old_parent_id = unit.path, unit.depth, unit.parent_id
    new_path = f"{parent.path}.{unit.pk}" if parent else str(unit.pk)
    shift = (parent.depth + 1 if parent else 0) - old_depth
    deepest = below.order_by("-depth").values_list("depth", flat=True).first()
    if max(deepest or 0, old_depth) + shift >= DEEPEST_UNIT:
        raise Invalid({"parent": f"The tree would be deeper than {DEEPEST_UNIT} levels. Choose a place higher up."})
    moved = below.update(
        path=Concat(Value(new_path), Substr("path", len(old_path) + 1)),
        depth=Cast(F("depth") + shift, IntegerField()),
    )
    unit.parent, unit.path, unit.depth, unit.version = parent, new_path, old_depth + shift, unit.version + 1
    unit.save(update_fields=["parent", "path", "depth", "version"])
    event = UnitMoved(unit_id=unit.pk, from_parent_id=old_parent_id, to_parent_id=unit.parent_id, units_moved=moved + 1)
    event_record(actor, event, subject=unit_ref(unit.pk))
    return unit


@transaction.atomic
def unit_end(*, actor: Actor, unit: Unit, ended_on: date | None = None) -> Unit:
    """The last day of a unit without living units below it; memberships end with it."""
    policies.can_shape_units(actor).require()
    if unit.ended_on is not None:
        raise Conflict(f"“{unit.name}” has ended on {unit.ended_on.isoformat()} already.")
    below = Unit.objects.filter(parent=unit, ended_on__isnull=True).count()
    if below:
        noun, what = ("unit", "it") if below == 1 else ("units", "them")
        raise Conflict(f"“{unit.name}” has {below} {noun} below it. Move or end {what} first.")
    day = ended_on or today(actor.time_zone)
    unit.ended_on, unit.version = day, unit.version + 1
    unit.save(update_fields=["ended_on", "version"])
    current = UnitMembership.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day), unit=unit)
    current.filter(starts_on__gt=day).delete()
    current.update(ends_on=day)
    event_record(actor, UnitEnded(unit_id=unit.pk, ended_on=day), subject=unit_ref(unit.pk))
    return unit


@transaction.atomic
def unit_reopen(*, actor: Actor, unit: Unit) -> Unit:
    """Undo an ending; memberships that ended with the unit, of people still here, go on."""
    policies.can_shape_units(actor).require()
    if unit.ended_on is None:
        raise Conflict(f"“{unit.name}” has not ended.")
    if unit.parent is not None and unit.parent.ended_on is not None:
        raise Conflict(f"“{unit.parent.name}”, the unit above, has ended. Reopen it first.")
    _place_check(unit.parent, unit.name, unit=unit)
    UnitMembership.objects.filter(unit=unit, ends_on=unit.ended_on, person__left_on__isnull=True).update(ends_on=None)
    unit.ended_on, unit.version = None, unit.version + 1
    unit.save(update_fields=["ended_on", "version"])
    event_record(actor, UnitReopened(unit_id=unit.pk), subject=unit_ref(unit.pk))
    return unit


def organisation_units_begin(actor: Actor) -> None:
    """What a new organisation begins with: one unit of its name, led by whoever created it."""
    if Unit.objects.exists():
        return
    unit = unit_create(actor=actor, name=actor.org_name or "Organisation")
    if actor.person_id is not None:
        UnitMembership.objects.create(
            org_id=actor.org_id,
            person_id=actor.person_id,
            unit=unit,
            is_lead=True,
            starts_on=today(actor.time_zone),
        )


def _place_check(parent: Unit | None, name: str, *, unit: Unit | None) -> None:
    if parent is not None and parent.ended_on is not None:
        raise Invalid({"parent": f"“{parent.name}” has ended. Choose a unit that is there."})
    if parent is not None and parent.depth + 1 >= DEEPEST_UNIT:
        raise Invalid({"parent": f"The tree would be deeper than {DEEPEST_UNIT} levels. Choose a place higher up."})
    beside = Unit.objects.filter(parent=parent, name__iexact=name, ended_on__isnull=True)
    if unit is not None:
        beside = beside.exclude(pk=unit.pk)
    if beside.exists():
        place = f"below “{parent.name}”" if parent else "at the top"
        raise Invalid({"name": f"There is a unit “{name}” {place} already. Choose another name."})
