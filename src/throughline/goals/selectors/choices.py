"""What a form offers to choose from: few enough to read, found by words, what is chosen always among them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet

from throughline.goals.models import Cycle, Goal, GoalCoOwner, StrategicTheme
from throughline.goals.policies import visible_cycles, visible_goals, visible_themes
from throughline.goals.rules import CycleState, GoalState, Visibility
from throughline.kernel.actor import Actor
from throughline.kernel.ids import SubjectRef
from throughline.ledger.selectors import search_subjects
from throughline.ledger.subjects import SubjectCard, subject_cards, subject_kinds, subject_type
from throughline.people.policies import visible_people, visible_stakeholders, visible_units

Choice = tuple[int, str]
MOST = 40
# As many when each is a tick on the page rather than a line of a closed list.
MOST_TICKS = 12
# What a goal may name as the thing it serves.
SERVED_KINDS = ("purpose.statement", "purpose.value", "purpose.policy")


def _rows(model: str, visible: Q) -> QuerySet[Any]:
    # The rows of people by their registered name: its models are not imported from here.
    rows: QuerySet[Any] = apps.get_model(model)._default_manager.filter(visible)
    return rows


def _listed(
    rows: QuerySet[Any],
    found: QuerySet[Any],
    chosen: Collection[int],
    *,
    label: str,
    most: int = MOST,
) -> tuple[Choice, ...]:
    """The chosen first, then what was found; two queries, one when nothing is chosen."""
    kept = sorted(chosen)
    first = list(rows.filter(pk__in=kept).order_by(label, "pk").values_list("pk", label)) if kept else []
    more = found.exclude(pk__in=kept) if kept else found
    return (*first, *more.order_by(label, "pk").values_list("pk", label)[:most])


def _by_words(rows: QuerySet[Any], text: str, column: str) -> QuerySet[Any]:
    for word in text.split()[:6]:
        rows = rows.filter(**{f"{column}__icontains": word})
    return rows


def person_choices(
    actor: Actor, text: str = "", *, chosen: Collection[int] = (), most: int = MOST
) -> tuple[Choice, ...]:
    """Members who may own, answer for or be told something."""
    rows = _rows("people.Person", visible_people(actor))
    return _listed(
        rows, _by_words(rows.filter(left_on=None, is_guest=False), text, "name"), chosen, label="name", most=most
    )


def reader_choices(
    actor: Actor, goal: Goal, text: str = "", *, chosen: Collection[int] = (), most: int = MOST_TICKS
) -> tuple[Choice, ...]:
    """People who may read the goal, so that nobody is told of what they cannot open.

    Of a team's goal: its owners and the people of its unit; leaders read it too, but are not looked for.
    """
    rows = _rows("people.Person", visible_people(actor)).filter(left_on=None, is_guest=False)
    if goal.visibility != Visibility.OPEN:
        family = Q(goal_id=goal.objective_id) | Q(goal__part_of_id=goal.objective_id)
        objectives = Goal.objects.filter(Q(pk=goal.objective_id) | Q(part_of_id=goal.objective_id))
        near = Q(pk__in=GoalCoOwner.objects.filter(family).values("person_id"))
        near |= Q(pk__in=objectives.exclude(owner=None).values("owner_id"))
        if goal.unit_id is not None:
            members = _rows("people.UnitMembership", Q(unit_id=goal.unit_id, ends_on=None))
            near |= Q(pk__in=members.values("person_id"))
        rows = rows.filter(near)
    return _listed(rows, _by_words(rows.exclude(pk=actor.person_id), text, "name"), chosen, label="name", most=most)


def unit_choices(actor: Actor, text: str = "", *, chosen: Collection[int] = ()) -> tuple[Choice, ...]:
    """Units by words; without words one's own first."""
    rows = _rows("people.Unit", visible_units(actor)).filter(ended_on=None)
    kept = [*chosen, *(() if text else actor.own_unit_ids)]
    return _listed(rows, _by_words(rows, text, "name"), kept, label="name")


def stakeholder_choices(
    actor: Actor, text: str = "", *, chosen: Collection[int] = (), most: int = MOST_TICKS
) -> tuple[Choice, ...]:
    """Stakeholders of the register who can sign: those who stand for a person or a guest."""
    rows = _rows("people.Stakeholder", visible_stakeholders(actor)).filter(ended_on=None)
    found = _by_words(rows.filter(person__isnull=False), text, "name")
    return _listed(rows, found, chosen, label="name", most=most)


def objective_choices(
    actor: Actor, text: str = "", *, chosen: Collection[int] = (), most: int = MOST, without: int | None = None
) -> tuple[Choice, ...]:
    """Objectives one may align to: not closed or dropped, by words of the title, those of one's own units first."""
    rows = Goal.objects.filter(visible_goals(actor), kind="objective")
    found = _by_words(rows.exclude(state__in=(GoalState.CLOSED, GoalState.DROPPED)), text, "title")
    if not text:
        found = found.filter(Q(unit_id__in=actor.unit_ids) | Q(level="organisation"))
    return _listed(rows, found.exclude(pk=without), chosen, label="title", most=most)


def open_cycle_choices(actor: Actor, *, chosen: int | None = None) -> tuple[Choice, ...]:
    """Cycles that can take goals, newest first; one query."""
    rows = Cycle.objects.filter(visible_cycles(actor)).filter(~Q(state=CycleState.CLOSED) | Q(pk=chosen))
    return tuple(rows.order_by("-starts_on", "-pk").values_list("pk", "name")[:MOST])


def all_cycle_choices(actor: Actor) -> tuple[Choice, ...]:
    """The newest cycles, for filtering; one query."""
    rows = Cycle.objects.filter(visible_cycles(actor)).order_by("-starts_on", "-pk")
    return tuple(rows.values_list("pk", "name")[:MOST])


def live_theme_choices(actor: Actor, *, chosen: int | None = None) -> tuple[Choice, ...]:
    """Strategic themes in force; one query."""
    rows = StrategicTheme.objects.filter(visible_themes(actor)).filter(Q(dropped_on=None) | Q(pk=chosen))
    return tuple(rows.order_by("title", "pk").values_list("pk", "title")[:MOST])


def served_choices(actor: Actor, chosen: str = "", text: str = "") -> tuple[tuple[str, str], ...]:
    """Purposes, values and policies a goal may serve, as `kind:id` and words; what is chosen stays among them."""
    cards: dict[SubjectRef, SubjectCard] = {}
    for ref in _refs(chosen):
        cards |= subject_cards(actor, [ref])
    known = [kind for kind in SERVED_KINDS if kind in subject_kinds()]
    if text:
        cards |= {card.ref: card for card in search_subjects(actor, text, kinds=known, limit=MOST)}
    else:
        for kind in known:
            cards |= {card.ref: card for card in _first_cards(actor, kind)}
    return tuple((str(ref), f"{card.kind_label}: {card.title}") for ref, card in cards.items())


def _refs(text: str) -> Sequence[SubjectRef]:
    try:
        return [SubjectRef.parse(text)] if text else []
    except ValueError:
        return []


def _first_cards(actor: Actor, kind: str) -> Sequence[SubjectCard]:
    # A noun that can list what one may see says so by `visible_ids`; the others are found by words.
    visible_ids = getattr(subject_type(kind), "visible_ids", None)
    if visible_ids is None:
        return ()
    # Whatever shape its rows have (numbers, tuples, mappings), it is a query of one column.
    ids = list(visible_ids(actor).values_list("pk", flat=True)[:MOST])
    return list(subject_type(kind).cards(actor, ids).values())


def owner_filter_choices(actor: Actor, chosen: int | None) -> tuple[Choice, ...]:
    """Oneself, and whoever an address asks for; other owners are filtered from their own page. One query."""
    wanted = {number for number in (actor.person_id, chosen) if number is not None}
    rows = _rows("people.Person", visible_people(actor)).filter(pk__in=sorted(wanted))
    return tuple(rows.order_by("name", "pk").values_list("pk", "name"))
