"""The unit tree, a level at a time, and one unit's page."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.cache import cache
from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from throughline.kernel.actor import Actor
from throughline.kernel.clock import today
from throughline.kernel.errors import NotFound
from throughline.kernel.paging import Page, page_of
from throughline.people import policies
from throughline.people.models import Strength, Unit, UnitMembership
from throughline.people.selectors.people import current_on

# A level wider than this is cut, and says so; the rest is found by words.
MOST_CHILDREN = 200
MOST_OPEN = 40
# Counting a hundred thousand people takes a third of a second, and one more or less is no news.
COUNTED_AFRESH, KEPT_SECONDS = 5000, 300
# A branch of so many units is looked up by their numbers; above, a list of numbers is no quicker than reading all.
FEW_UNITS = 300


@dataclass(frozen=True, slots=True)
class UnitBranch:
    """One line of the tree in display order."""

    unit: Unit
    has_children: bool
    is_open: bool
    people_here: int


@dataclass(frozen=True, slots=True)
class UnitTree:
    """What is open of the tree. `cut_ids` are units with more children than are shown."""

    branches: Sequence[UnitBranch]
    is_cut: bool


@dataclass(frozen=True, slots=True)
class UnitPage:
    """Everything a unit's page shows but its people, who are paged."""

    unit: Unit
    above: Sequence[Unit]
    below: Sequence[Unit]
    is_below_cut: bool
    leads: Sequence[UnitMembership]
    strengths: Sequence[Strength]
    people_here: int
    people_all: int


def units_visible_to(actor: Actor) -> QuerySet[Unit]:
    """Units the actor may see, ended ones too."""
    return Unit.objects.filter(policies.visible_units(actor))


def units_below(actor: Actor, unit_id: int) -> QuerySet[Unit]:
    """A unit and every unit below it, ended ones too: what belonged to them still does. To filter by, not to show."""
    path = Unit.objects.filter(pk=unit_id).values_list("path", flat=True).first()
    if path is None:
        return Unit.objects.none()
    return Unit.objects.filter(Q(pk=unit_id) | Q(path__startswith=f"{path}."))


def in_unit(actor: Actor, unit_id: int) -> Q:
    """Rows whose `unit_id` is this unit or one below it; reads a few hundred numbers at most."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT path FROM people_unit WHERE id = %s AND org_id = %s", [unit_id, actor.org_id])
        path = cursor.fetchone()
        if path is None:
            return Q(unit_id__in=[])
        cursor.execute(
            "SELECT id FROM people_unit WHERE org_id = %s AND (id = %s OR path LIKE %s) LIMIT %s",
            [actor.org_id, unit_id, f"{path[0]}.%", FEW_UNITS + 1],
        )
        few = [row[0] for row in cursor.fetchall()]
    # A branch is looked up by its units; a trunk is where most rows are, so they are checked one by one as they come.
    return Q(unit_id__in=few) if len(few) <= FEW_UNITS else Q(unit_id__in=units_below(actor, unit_id).values("id"))


def _people_within(actor: Actor, unit: Unit, day: date) -> int:
    """How many people a unit has with those below it; of thousands, the number of up to five minutes ago."""
    key = f"people.within.{actor.org_id}.{unit.pk}.{day}"
    kept = cache.get(key)
    if kept is not None:
        return int(kept)
    current = UnitMembership.objects.filter(current_on(day), in_unit(actor, unit.pk))
    count = current.values("person_id").distinct().count()
    if count > COUNTED_AFRESH:
        cache.set(key, count, KEPT_SECONDS)
    return count


def unit_visible(actor: Actor, unit_id: int) -> Unit:
    """One unit, or NotFound."""
    found = units_visible_to(actor).select_related("parent").filter(pk=unit_id).first()
    if found is None:
        raise NotFound("There is no unit here that you can open.")
    return found


def unit_children(actor: Actor, parent_id: int | None, *, cursor: str = "", size: int = 100) -> Page[Unit]:
    """Living units directly below one (None: at the top), by name."""
    children = units_visible_to(actor).filter(parent_id=parent_id, ended_on__isnull=True)
    return page_of(children, order=("name", "id"), cursor=cursor, size=size)


def unit_tree(actor: Actor, open_ids: Collection[int]) -> UnitTree:
    """The top level and the children of whatever is open; three queries however large the tree is."""
    opened = set(sorted(open_ids)[:MOST_OPEN])
    living = units_visible_to(actor).filter(ended_on__isnull=True)
    child = Unit.objects.filter(parent_id=OuterRef("pk"), ended_on__isnull=True)
    shown = living.filter(Q(parent__isnull=True) | Q(parent_id__in=opened)).annotate(has_children=Exists(child))
    rows = list(shown.order_by("name", "id")[: MOST_CHILDREN * (len(opened) + 1)])
    day = today(actor.time_zone)
    counts = dict(
        UnitMembership.objects.filter(current_on(day), unit_id__in=[unit.pk for unit in rows])
        .values_list("unit_id")
        .annotate(count=Count("person_id", distinct=True))
    )
    parents = {unit.pk for unit in rows if unit.has_children}
    children: dict[int | None, list[Unit]] = {}
    for unit in rows:
        children.setdefault(unit.parent_id, []).append(unit)
    branches: list[UnitBranch] = []
    stack = list(reversed(children.get(None, [])[:MOST_CHILDREN]))
    is_cut = len(children.get(None, [])) > MOST_CHILDREN
    while stack:
        top = stack.pop()
        is_open = top.pk in opened and top.pk in children
        branches.append(UnitBranch(top, top.pk in parents, is_open, counts.get(top.pk, 0)))
        if is_open:
            is_cut = is_cut or len(children[top.pk]) > MOST_CHILDREN
            stack.extend(reversed(children[top.pk][:MOST_CHILDREN]))
    return UnitTree(branches, is_cut)


def units_found(actor: Actor, words: str, *, most: int = 50) -> list[Unit]:
    """Living units whose name or function holds the words."""
    text = words.strip()
    if not text:
        return []
    units = units_visible_to(actor).filter(Q(name__icontains=text) | Q(function__icontains=text), ended_on__isnull=True)
    return list(units.select_related("parent").order_by("name", "id")[:most])


def unit_named(actor: Actor, text: str) -> tuple[Unit | None, str]:
    """The one unit meant by a name or a path "A > B" typed into a form, or None with a sentence that says why
    not.
    """
    names = [name.strip() for name in text.split(">") if name.strip()]
    if not names:
        return None, ""
    found = list(
        units_visible_to(actor).filter(name__iexact=names[-1], ended_on__isnull=True).select_related("parent")[:200]
    )
    if len(names) > 1:
        found = [unit for unit in found if unit.parent is not None and unit.parent.name.lower() == names[-2].lower()]
    if len(found) == 1:
        return found[0], ""
    if found:
        return (
            None,
            f"Several units are called “{names[-1]}”. Write the one above before it: Above > {names[-1]}.",
        )
    near = units_found(actor, names[-1], most=3)
    if near:
        return None, f"No unit is called exactly that. Did you mean {', '.join(unit.name for unit in near)}?"
    return None, "No unit here has this name."


def unit_page(actor: Actor, unit_id: int) -> UnitPage:
    """A unit with what is above and below, its leads, strengths and numbers; eight queries."""
    unit = unit_visible(actor, unit_id)
    day = today(actor.time_zone)
    above_ids = [int(part) for part in unit.path.split(".")[:-1]]
    above = list(units_visible_to(actor).filter(pk__in=above_ids).order_by("depth"))
    below = list(
        units_visible_to(actor)
        .filter(parent_id=unit.pk, ended_on__isnull=True)
        .order_by("name", "id")[: MOST_CHILDREN + 1]
    )
    current = UnitMembership.objects.filter(current_on(day))
    return UnitPage(
        unit=unit,
        above=above,
        below=below[:MOST_CHILDREN],
        is_below_cut=len(below) > MOST_CHILDREN,
        leads=list(current.filter(unit=unit, is_lead=True).select_related("person").order_by("person__name", "id")),
        strengths=list(Strength.objects.filter(policies.visible_strengths(actor), unit=unit).order_by("kind", "name")),
        people_here=current.filter(unit=unit).values("person_id").distinct().count(),
        people_all=_people_within(actor, unit, day),
    )


def memberships_of_unit(actor: Actor, unit: Unit, *, is_past: bool, cursor: str = "") -> Page[UnitMembership]:
    """Who belongs to a unit now or later, or who did, by name; leads are marked, not moved."""
    day = today(actor.time_zone)
    rows = UnitMembership.objects.filter(unit=unit).select_related("person")
    rows = rows.filter(ends_on__lt=day) if is_past else rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))
    return page_of(rows, order=("person__name", "id"), cursor=cursor, size=50)


def membership_visible(actor: Actor, membership_id: int) -> UnitMembership:
    """One membership of a unit the actor may see, or NotFound."""
    found = (
        UnitMembership.objects.filter(pk=membership_id, unit__in=units_visible_to(actor))
        .select_related("unit", "unit__parent", "person")
        .first()
    )
    if found is None:
        raise NotFound("There is no membership here that you can open.")
    return found
