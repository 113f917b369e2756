"""Small reads that only the pages of goals need."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from django.db.models import Avg, Count, F, Q, Window
from django.db.models.functions import RowNumber
from django.urls import reverse

from throughline.decisions.rules import Capacity, capacity_words
from throughline.goals.models import (
    CheckIn,
    CommentMention,
    Cycle,
    Goal,
    GoalCoOwner,
    GoalStakeholder,
    GoalVersion,
    Milestone,
    StrategicTheme,
)
from throughline.goals.policies import visible_cycles, visible_goals, visible_themes
from throughline.goals.rules import COUNTING_STATES
from throughline.goals.selectors.graph import ancestors_above
from throughline.kernel.actor import Actor
from throughline.kernel.ids import SubjectRef
from throughline.kernel.paging import page_of
from throughline.ledger.subjects import subject_cards

RowT = TypeVar("RowT")


def numbered(address: str, number: int) -> str:
    """An address that was built once with the number 0, for another number: long lists need no reversing each."""
    head, _, tail = address.rpartition("/0/")
    return f"{head}/{number}/{tail}"


def version_text(actor: Actor, goal_id: int, number: int) -> str:
    """The exact text of one version of an objective the caller has fetched as visible; "" when there is none."""
    found = GoalVersion.objects.filter(goal_id=goal_id, number=number).values_list("text", flat=True).first()
    return found or ""


def co_owner_ids_of(actor: Actor, goal_id: int) -> list[int]:
    """Who owns an objective, fetched as visible, together with its owner."""
    return list(GoalCoOwner.objects.filter(goal_id=goal_id).order_by("person_id").values_list("person_id", flat=True))


@dataclass(frozen=True, slots=True)
class Moved:
    """A goal whose number a check-in changed, in whole percent; a hidden one keeps its title to itself."""

    goal_id: int
    title: str
    before_percent: int
    after_percent: int


def progress_above(actor: Actor, objective_id: int) -> dict[int, float]:
    """Progress of an objective and of everything it contributes to; two queries."""
    ids = ancestors_above(actor, [objective_id])
    return dict(Goal.objects.filter(pk__in=ids).values_list("pk", "progress"))


def moved_since(actor: Actor, before: dict[int, float]) -> tuple[Moved, ...]:
    """Which of the goals the actor may see stand elsewhere than before; one query."""
    rows = Goal.objects.filter(visible_goals(actor), pk__in=list(before)).order_by("title", "pk")
    moved = [
        Moved(pk, title, round(before[pk] * 100), round(progress * 100))
        for pk, title, progress in rows.values_list("pk", "title", "progress")
    ]
    return tuple(item for item in moved if item.before_percent != item.after_percent)


def stakeholder_ids_of(actor: Actor, goal_id: int) -> list[int]:
    """The stakeholders named to sign an objective the caller has fetched as visible."""
    rows = GoalStakeholder.objects.filter(goal_id=goal_id).order_by("stakeholder_id")
    return list(rows.values_list("stakeholder_id", flat=True))


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody who must sign, in all their capacities."""

    name: str
    capacities: str
    url: str


def signers_named(actor: Actor, asked: Iterable[tuple[int, Capacity]]) -> tuple[Signer, ...]:
    """People who must sign by name, owners first; one query."""
    by_person: dict[int, list[Capacity]] = {}
    for person_id, capacity in asked:
        by_person.setdefault(person_id, []).append(capacity)
    cards = subject_cards(actor, [SubjectRef("people.person", number) for number in by_person])
    order = list(Capacity)
    people = sorted(by_person.items(), key=lambda item: (min(order.index(kind) for kind in item[1]), item[0]))
    return tuple(
        Signer(
            name=card.title if card is not None else "Somebody you cannot see",
            capacities=capacity_words(capacities),
            url=card.url if card is not None else "",
        )
        for person_id, capacities in people
        for card in [cards.get(SubjectRef("people.person", person_id))]
    )


def milestones_of(actor: Actor, key_result_id: int) -> list[Milestone]:
    """The milestones of a key result the caller has fetched as visible, in order."""
    return list(Milestone.objects.filter(key_result_id=key_result_id).order_by("position", "pk"))


def mention_ids_of(actor: Actor, comment_id: int) -> list[int]:
    """The people a comment names."""
    rows = CommentMention.objects.filter(comment_id=comment_id).order_by("person_id")
    return list(rows.values_list("person_id", flat=True))


def last_reading(actor: Actor, goal_id: int) -> CheckIn | None:
    """The newest check-in that stands, of a goal the caller has fetched as visible."""
    rows = CheckIn.objects.filter(goal_id=goal_id, corrected_by=None).select_related("by_person")
    return rows.order_by("-on", "-pk").first()


def next_due(actor: Actor, *, without: int) -> Goal | None:
    """The next check-in the actor owes besides this one; what is late comes first."""
    rows = Goal.objects.filter(visible_goals(actor), owner_id=actor.person_id, due_on__isnull=False)
    return rows.exclude(pk=without).order_by("due_on", "pk").first()


def readings_by_goal(
    actor: Actor, goal_ids: Collection[int], *, most: int = 60
) -> dict[int, tuple[tuple[date, float], ...]]:
    """The latest readings of several key results, fetched as visible, oldest first; one query."""
    rank = Window(RowNumber(), partition_by=[F("goal_id")], order_by=[F("on").desc(), F("id").desc()])
    rows = CheckIn.objects.filter(goal_id__in=goal_ids, corrected_by=None, value__isnull=False)
    rows = rows.annotate(rank=rank).filter(rank__lte=most).order_by("goal_id", "on", "pk")
    found: dict[int, list[tuple[date, float]]] = {}
    for goal_id, on, value in rows.values_list("goal_id", "on", "value"):
        if value is not None:
            found.setdefault(goal_id, []).append((on, value))
    return {goal_id: tuple(readings) for goal_id, readings in found.items()}


@dataclass(frozen=True, slots=True)
class CycleRow:
    """A cycle in the list."""

    cycle: Cycle
    url: str
    objective_count: int


@dataclass(frozen=True, slots=True)
class ListPage(Generic[RowT]):
    """Some rows and the cursors beside them."""

    rows: tuple[RowT, ...]
    next_cursor: str
    previous_cursor: str


def cycle_rows(actor: Actor, *, cursor: str = "") -> ListPage[CycleRow]:
    """Cycles the actor may read, newest first, with their number of objectives; two queries."""
    found = page_of(Cycle.objects.filter(visible_cycles(actor)), order=("-starts_on", "-id"), cursor=cursor, size=30)
    goals = Goal.objects.filter(visible_goals(actor), kind="objective", cycle_id__in=[row.pk for row in found.rows])
    counts = dict(goals.values_list("cycle_id").annotate(n=Count("pk")))
    prefix = reverse("shell:cycle", kwargs={"org": actor.org_slug, "cycle_id": 0})
    rows = tuple(CycleRow(row, numbered(prefix, row.pk), counts.get(row.pk, 0)) for row in found.rows)
    return ListPage(rows, found.next_cursor, found.previous_cursor)


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """A strategic theme in the list."""

    theme: StrategicTheme
    url: str
    objective_count: int
    progress_percent: int | None


def theme_rows(actor: Actor, *, cursor: str = "", only_sustainability: bool = False) -> ListPage[ThemeRow]:
    """Themes in force by title, with their goals counted; two queries."""
    themes = StrategicTheme.objects.filter(visible_themes(actor), dropped_on=None).select_related("cycle")
    if only_sustainability:
        themes = themes.filter(is_sustainability=True)
    found = page_of(themes, order=("title", "id"), cursor=cursor, size=50)
    numbers = _theme_numbers(actor, [row.pk for row in found.rows])
    prefix = reverse("goals:theme", args=[actor.org_slug, 0])
    rows = tuple(ThemeRow(row, numbered(prefix, row.pk), *numbers.get(row.pk, (0, None))) for row in found.rows)
    return ListPage(rows, found.next_cursor, found.previous_cursor)


def theme_figures(actor: Actor, theme_id: int) -> tuple[int, int | None]:
    """How many goals a theme has, and how far those that count are on average; one query."""
    return _theme_numbers(actor, [theme_id]).get(theme_id, (0, None))


def _theme_numbers(actor: Actor, theme_ids: Collection[int]) -> dict[int, tuple[int, int | None]]:
    goals = Goal.objects.filter(visible_goals(actor), kind="objective", theme_id__in=theme_ids)
    counting = Q(state__in=COUNTING_STATES, is_empty=False)
    rows = goals.exclude(state="dropped").values_list("theme_id")
    found = rows.annotate(n=Count("pk"), progress=Avg("progress", filter=counting))
    return {
        theme_id: (number, None if progress is None else round(progress * 100)) for theme_id, number, progress in found
    }
