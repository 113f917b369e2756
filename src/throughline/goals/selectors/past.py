"""A goal and everything below it as it stood at the end of a past day."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import OuterRef, Subquery

from throughline.goals.models import Alignment, CheckIn, Goal, GoalStep, GoalVersion, Milestone
from throughline.goals.selectors.graph import GraphEdge
from throughline.kernel.actor import Actor

# Far below the number of parameters either database takes in one statement.
CHUNK = 5000

_BELOW = """
WITH RECURSIVE below(id) AS (
    SELECT id FROM goals_goal WHERE org_id = %s AND id = %s
    UNION
    SELECT alignment.child_id FROM below CROSS JOIN goals_alignment alignment
    WHERE alignment.parent_id = below.id AND alignment.starts_on <= %s
    AND (alignment.ends_on IS NULL OR alignment.ends_on > %s)
)
SELECT id FROM below ORDER BY id"""


@dataclass(frozen=True, slots=True)
class PastKeyResult:
    """A key result with its terms and its latest reading of that day."""

    id: int
    objective_id: int
    title: str
    weight: float
    measure: str
    baseline: float | None
    target: float | None
    low: float | None
    high: float | None
    value: float | None
    milestones: tuple[tuple[float, bool], ...]


@dataclass(frozen=True, slots=True)
class PastGraph:
    """States of the objectives (missing: did not exist yet), their key results, and the alignments of that day."""

    goal_id: int
    on: date
    objective_ids: tuple[int, ...]
    states: dict[int, str]
    titles: dict[int, str]
    key_results: tuple[PastKeyResult, ...]
    edges: tuple[GraphEdge, ...]


def past_graph(actor: Actor, goal_id: int, *, on: date) -> PastGraph:
    """The objective and all below it on a day; a fixed number of queries per 5,000 goals."""
    with connection.cursor() as cursor:
        cursor.execute(_BELOW, [actor.org_id, goal_id, on, on])
        ids = [row[0] for row in cursor.fetchall()]
    contents = _contents(ids, on)
    return PastGraph(
        goal_id=goal_id,
        on=on,
        objective_ids=tuple(ids),
        states=_states(ids, on),
        titles={number: content["title"] for number, content in contents.items()},
        key_results=tuple(_key_results(contents, on)),
        edges=tuple(_edges(ids, on)),
    )


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))


def _edges(ids: Sequence[int], on: date) -> Iterator[GraphEdge]:
    for chunk in _chunks(ids):
        rows = Alignment.objects.filter(parent_id__in=chunk, starts_on__lte=on).exclude(ends_on__lte=on)
        for parent_id, child_id, weight, rule in rows.values_list("parent_id", "child_id", "weight", "rule"):
            yield GraphEdge(parent_id, child_id, weight, rule == "contributes")


def _states(ids: Sequence[int], on: date) -> dict[int, str]:
    found: dict[int, str] = {}
    for chunk in _chunks(ids):
        steps = GoalStep.objects.filter(goal_id__in=chunk, on__lte=on).order_by("goal_id", "id")
        found.update(steps.values_list("goal_id", "to_state"))
    return found


def _contents(ids: Sequence[int], on: date) -> dict[int, dict[str, Any]]:
    """The content of each objective's version in force that day, else (imported later) of its first one."""
    found: dict[int, dict[str, Any]] = {}
    newest = GoalVersion.objects.filter(goal_id=OuterRef("goal_id"), on__lte=on).order_by("-number")
    for chunk in _chunks(ids):
        versions = GoalVersion.objects.filter(goal_id__in=chunk)
        in_force = versions.filter(number=Subquery(newest.values("number")[:1]))
        found.update(in_force.values_list("goal_id", "content"))
        missing = [number for number in chunk if number not in found]
        if missing:
            first = GoalVersion.objects.filter(goal_id__in=missing, number=1)
            found.update(first.values_list("goal_id", "content"))
    return found


def _key_results(contents: dict[int, dict[str, Any]], on: date) -> Iterator[PastKeyResult]:
    ids = [part["id"] for content in contents.values() for part in content["key_results"]]
    values = _readings(ids, on)
    done = _done_milestones(ids, on)
    for objective_id, content in contents.items():
        for part in content["key_results"]:
            yield PastKeyResult(
                id=part["id"],
                objective_id=objective_id,
                title=part["title"],
                weight=part["weight"],
                measure=part["measure"],
                baseline=part["baseline"],
                target=part["target"],
                low=part["low"],
                high=part["high"],
                value=values.get(part["id"]),
                milestones=tuple((item["weight"], item["id"] in done) for item in part["milestones"]),
            )


def _readings(ids: Sequence[int], on: date) -> dict[int, float | None]:
    found: dict[int, float | None] = {}
    latest = CheckIn.objects.filter(
        goal_id=OuterRef("pk"), on__lte=on, corrected_by=None, value__isnull=False
    ).order_by("-on", "-id")
    for chunk in _chunks(ids):
        rows = Goal.objects.filter(pk__in=chunk).annotate(reading=Subquery(latest.values("value")[:1]))
        found.update(rows.values_list("id", "reading"))
    return found


def _done_milestones(key_result_ids: Sequence[int], on: date) -> Collection[int]:
    done: set[int] = set()
    for chunk in _chunks(key_result_ids):
        rows = Milestone.objects.filter(key_result_id__in=chunk, done_on__lte=on)
        done.update(rows.values_list("id", flat=True))
    return done
