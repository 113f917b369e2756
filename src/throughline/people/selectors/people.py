"""Lists of people and one person's profile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from throughline.kernel.actor import Actor
from throughline.kernel.clock import today
from throughline.kernel.errors import NotFound
from throughline.kernel.paging import page_of
from throughline.people import policies
from throughline.people.models import Person, Strength, Unit, UnitMembership
from throughline.people.rules import plain_words

PRESENCE = {"": "Here now", "left": "Has left", "guest": "Guests", "all": "Everybody"}
MOST_REPORTS = 100
MOST_EXPORTED = 200_000


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """What of a list is wanted. `presence` is a key of PRESENCE; `role` is "lead" for those who lead a unit."""

    words: str = ""
    unit_id: int | None = None
    location: str = ""
    role: str = ""
    presence: str = ""


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person as a list shows them."""

    id: int
    name: str
    url: str
    title: str
    unit: str
    unit_url: str
    location: str
    email: str
    state: str


@dataclass(frozen=True, slots=True)
class PeopleList:
    """One page of people and the cursors of its neighbours."""

    lines: Sequence[PersonLine]
    next_cursor: str
    previous_cursor: str


@dataclass(frozen=True, slots=True)
class PersonProfile:
    """Everything a profile page shows. `chain` is managers from the top down; `reports` is cut at
    MOST_REPORTS.
    """

    person: Person
    chain: Sequence[Person]
    reports: Sequence[Person]
    reports_more: bool
    memberships: Sequence[UnitMembership]
    strengths: Sequence[Strength]


def current_on(day: date, prefix: str = "") -> Q:
    """Memberships that last on a day."""
    return Q(**{f"{prefix}starts_on__lte": day}) & (
        Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gte": day})
    )


def people_visible_to(actor: Actor, wanted: PeopleFilter | None = None) -> QuerySet[Person]:
    """People the actor may see, narrowed by a filter; without one, everybody."""
    people = Person.objects.filter(policies.visible_people(actor))
    if wanted is None:
        return people
    day = today(actor.time_zone)
    if wanted.presence == "left":
        people = people.filter(left_on__lt=day)
    elif wanted.presence != "all":
        people = people.filter(Q(left_on__isnull=True) | Q(left_on__gte=day), is_guest=wanted.presence == "guest")
    for word in plain_words(wanted.words).split()[:8]:
        people = people.filter(words__contains=word)
    if wanted.location:
        people = people.filter(location=wanted.location)
    if wanted.unit_id is not None or wanted.role == "lead":
        held = UnitMembership.objects.filter(current_on(day), person_id=OuterRef("pk"))
        if wanted.role == "lead":
            held = held.filter(is_lead=True)
        if wanted.unit_id is not None:
            unit = Unit.objects.filter(policies.visible_units(actor), pk=wanted.unit_id).first()
            if unit is None:
                return people.none()
            held = held.filter(Q(unit__path=unit.path) | Q(unit__path__startswith=f"{unit.path}."))
        people = people.filter(Exists(held))
    return people


def has_several_people(actor: Actor) -> bool:
    """Whether more than the founder and a few invited people are here; one query of at most six rows."""
    return len(people_visible_to(actor).values_list("pk")[:6]) > 5


def people_page(actor: Actor, wanted: PeopleFilter, *, cursor: str = "", size: int = 50) -> PeopleList:
    """One page in order of names; three queries whatever its size."""
    page = page_of(people_visible_to(actor, wanted), order=("name", "id"), cursor=cursor, size=size)
    return PeopleList(_lines(actor, page.rows), page.next_cursor, page.previous_cursor)


def people_export(actor: Actor, wanted: PeopleFilter) -> Iterator[list[object]]:
    """Header and rows of everything a filter finds, in columns that the import recognises."""
    yield ["Id", "Name", "E-mail", "Title", "Location", "Manager", "Unit", "Lead", "First day", "Last day"]
    labels = _unit_labels(actor)
    day = today(actor.time_zone)
    people = people_visible_to(actor, wanted).select_related("manager").order_by("name", "id")[:MOST_EXPORTED]
    for start in range(0, MOST_EXPORTED, 5000):
        part = list(people[start : start + 5000])
        if not part:
            return
        held: dict[int, tuple[int, bool]] = {}
        for row in UnitMembership.objects.filter(
            current_on(day), person_id__gte=min(p.pk for p in part), person_id__lte=max(p.pk for p in part)
        ).order_by("-starts_on", "-id"):
            held[row.person_id] = (row.unit_id, row.is_lead)
        for person in part:
            unit_id, is_lead = held.get(person.pk, (0, False))
            manager = person.manager
            yield [
                person.external_id,
                person.name,
                person.email,
                person.title,
                person.location,
                (manager.external_id or manager.email or manager.name) if manager else "",
                labels.get(unit_id, ""),
                "yes" if is_lead else "",
                person.started_on.isoformat() if person.started_on else "",
                person.left_on.isoformat() if person.left_on else "",
            ]


def locations_of(actor: Actor, *, most: int = 200) -> list[str]:
    """Places where people are, for the filter."""
    people = Person.objects.filter(policies.visible_people(actor)).exclude(location="")
    return list(people.order_by("location").values_list("location", flat=True).distinct()[:most])


def person_visible(actor: Actor, person_id: int) -> Person:
    """One person, or NotFound."""
    found = Person.objects.filter(policies.visible_people(actor), pk=person_id).select_related("manager").first()
    if found is None:
        raise NotFound("There is nobody here that you can open.")
    return found


def person_profile(actor: Actor, person_id: int) -> PersonProfile:
    """A person with manager chain, reports, dated memberships and strengths; one query per level of the
    chain.
    """
    person = person_visible(actor, person_id)
    visible = Person.objects.filter(policies.visible_people(actor))
    chain: list[Person] = []
    above = person.manager_id
    while above is not None and len(chain) < 30:
        manager = visible.filter(pk=above).first()
        if manager is None:
            break
        chain.append(manager)
        above = manager.manager_id
    day = today(actor.time_zone)
    reports = list(
        visible.filter(Q(left_on__isnull=True) | Q(left_on__gte=day), manager_id=person.pk).order_by("name", "id")[
            : MOST_REPORTS + 1
        ]
    )
    memberships = UnitMembership.objects.filter(person=person).select_related("unit").order_by("-starts_on", "-id")
    if not actor.is_member:
        memberships = memberships.filter(unit_id__in=actor.shared_ids("people.unit"))
    return PersonProfile(
        person=person,
        chain=list(reversed(chain)),
        reports=reports[:MOST_REPORTS],
        reports_more=len(reports) > MOST_REPORTS,
        memberships=list(memberships),
        strengths=list(
            Strength.objects.filter(policies.visible_strengths(actor), person=person).order_by("kind", "name")
        ),
    )


def people_found(actor: Actor, text: str, *, most: int = 20) -> list[Person]:
    """People here whose name, title, e-mail or id holds every word; for choosing somebody in a form."""
    if not plain_words(text):
        return []
    return list(people_visible_to(actor, PeopleFilter(words=text, presence="")).order_by("name", "id")[:most])


def person_named(actor: Actor, text: str, *, with_guests: bool = False) -> tuple[Person | None, str]:
    """The one person meant by an e-mail, id or name typed into a form, or None with a sentence that says why
    not.
    """
    wanted = text.strip()
    if not wanted:
        return None, ""
    people = Person.objects.filter(policies.visible_people(actor))
    if not with_guests:
        people = people.filter(is_guest=False)
    for condition in (Q(email=wanted.lower()), Q(external_id=wanted), Q(name=wanted), Q(name__iexact=wanted)):
        found = list(people.filter(condition).order_by("id")[:2])
        if len(found) == 1:
            return found[0], ""
        if found:
            return None, f"Several people are called “{wanted}”. Write the e-mail address."
    found = people_found(actor, wanted, most=4)
    if found:
        return (
            None,
            f"Nobody is called exactly that. Did you mean {', '.join(person.name for person in found)}?",
        )
    return None, "Nobody here has this name, e-mail or id."


def _unit_labels(actor: Actor) -> dict[int, str]:
    """The whole path in words of every unit the actor may see; one query."""
    rows = list(
        Unit.objects.filter(policies.visible_units(actor)).order_by("depth").values_list("id", "parent_id", "name")
    )
    labels: dict[int, str] = {}
    for unit_id, parent_id, name in rows:
        labels[unit_id] = f"{labels[parent_id]} > {name}" if parent_id in labels else name
    return labels


def _lines(actor: Actor, people: Sequence[Person]) -> list[PersonLine]:
    day = today(actor.time_zone)
    held: dict[int, tuple[int, str]] = {}
    memberships = UnitMembership.objects.filter(current_on(day), person_id__in=[person.pk for person in people])
    if not actor.is_member:
        memberships = memberships.filter(unit_id__in=actor.shared_ids("people.unit"))
    for person_id, unit_id, name in memberships.order_by("-starts_on", "-id").values_list(
        "person_id", "unit_id", "unit__name"
    ):
        held[person_id] = (unit_id, name)
    # One reverse per kind of link, not per row.
    person_url = reverse("people:person", args=[actor.org_slug, 0])[: -len("0/")]
    unit_url = reverse("people:unit", args=[actor.org_slug, 0])[: -len("0/")]
    lines = []
    for person in people:
        unit_id, unit_name = held.get(person.pk, (0, ""))
        has_left = person.left_on is not None and person.left_on < day
        lines.append(
            PersonLine(
                id=person.pk,
                name=person.name,
                url=f"{person_url}{person.pk}/",
                title=person.title,
                unit=unit_name,
                unit_url=f"{unit_url}{unit_id}/" if unit_id else "",
                location=person.location,
                email=person.email,
                state="has left" if has_left else "guest" if person.is_guest else "",
            )
        )
    return lines
