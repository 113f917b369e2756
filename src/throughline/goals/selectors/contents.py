"""Objectives with their parts as data, the way their versions keep them: six queries for any number of objectives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from throughline.access.selectors import slug_of
from throughline.goals.models import Alignment, Dependency, Goal, GoalCoOwner, Milestone
from throughline.goals.rules import GoalState, Measure
from throughline.kernel.actor import system_actor
from throughline.kernel.ids import SubjectRef
from throughline.kernel.scoping import current_org_id
from throughline.ledger.subjects import subject_cards

Rows = dict[int, list[Any]]
_OBJECTIVE = (
    "id", "title", "description", "level", "unit_id", "owner_id", "cycle_id", "theme_id", "serves_kind", "serves_id",
    "starts_on", "ends_on", "metric_key", "metric_unit", "owner__name", "unit__name", "cycle__name", "theme__title",
)  # fmt: skip
_PART = (
    "part_of_id", "id", "kind", "title", "description", "owner_id", "owner__name", "measure", "baseline", "target",
    "low", "high", "metric_key", "metric_unit", "weight", "starts_on", "ends_on",
)  # fmt: skip
# Visible titles only: a goal that only a team may read keeps its title out of texts that others read.
_ABOVE = ("child_id", "parent_id", "rule", "weight", "parent__title", "parent__visibility")
_NEED = ("goal_id", "id", "provider_id", "provider__name", "text", "needed_on")


@dataclass(frozen=True, slots=True)
class GoalContent:
    """An objective as data, and the names its text needs by reference."""

    content: dict[str, Any]
    names: dict[str, str]

    @property
    def words(self) -> str:
        """What it is found by besides its title: its description and the titles of its parts."""
        parts = [*self.content["key_results"], *self.content["initiatives"]]
        return "\n".join([self.content["description"], *(part["title"] for part in parts)])


@dataclass(frozen=True, slots=True)
class _Around:
    """What hangs on some objectives, by objective (milestones by key result)."""

    parts: Rows
    milestones: Rows
    co_owners: Rows
    above: Rows
    needs: Rows
    # What objectives serve, by its reference as text: the title people read and sign.
    served: dict[str, str]


def contents_of(goal_ids: Collection[int]) -> dict[int, GoalContent]:
    """Objectives as data; rows are plain tuples, because imports write a hundred thousand versions this way."""
    parts = Goal.objects.filter(part_of_id__in=goal_ids).exclude(state=GoalState.DROPPED).order_by("position", "id")
    found = _by_first(parts, _PART)
    counted = [part.id for rows in found.values() for part in rows if part.measure == Measure.MILESTONES]
    milestones: Rows = {}
    if counted:
        items = Milestone.objects.filter(key_result_id__in=counted).order_by("position", "id")
        milestones = _by_first(items, ("key_result_id", "id", "title", "weight", "due_on"))
    rows = list(Goal.objects.filter(pk__in=goal_ids).values_list(*_OBJECTIVE, named=True))
    around = _Around(
        served=_served(rows),
        parts=found,
        milestones=milestones,
        co_owners=_by_first(
            GoalCoOwner.objects.filter(goal_id__in=goal_ids).order_by("person_id"),
            ("goal_id", "person_id", "person__name"),
        ),
        above=_by_first(Alignment.objects.filter(child_id__in=goal_ids, ends_on=None).order_by("parent_id"), _ABOVE),
        needs=_by_first(
            Dependency.objects.filter(goal_id__in=goal_ids).exclude(state="declined").order_by("id"), _NEED
        ),
    )
    return {row.id: GoalContent(_content(row, around), _names(row, around)) for row in rows}


def _served(rows: Sequence[Any]) -> dict[str, str]:
    refs = {SubjectRef(row.serves_kind, row.serves_id) for row in rows if row.serves_id is not None}
    if not refs:
        return {}
    # The text is the same for everybody who signs it, so it is written through the system's eyes; what may be served is
    # open to the whole organisation.
    org_id = current_org_id()
    cards = subject_cards(system_actor(org_id, slug_of(org_id)), refs)
    return {f"serves:{ref}": f"{card.kind_label}: {card.title}" for ref, card in cards.items()}


def _by_first(rows: QuerySet[Any], names: Sequence[str]) -> Rows:
    found: Rows = defaultdict(list)
    for row in rows.values_list(*names, named=True):
        found[row[0]].append(row)
    return dict(found)


def _content(row: Any, around: _Around) -> dict[str, Any]:
    parts = around.parts.get(row.id, [])
    return {
        "title": row.title,
        "description": row.description,
        "level": row.level,
        "unit": row.unit_id,
        "owner": row.owner_id,
        "co_owners": [item.person_id for item in around.co_owners.get(row.id, [])],
        "cycle": row.cycle_id,
        "theme": row.theme_id,
        "serves": f"{row.serves_kind}:{row.serves_id}" if row.serves_id is not None else "",
        "starts_on": _day(row.starts_on),
        "ends_on": _day(row.ends_on),
        "metric_key": row.metric_key,
        "metric_unit": row.metric_unit,
        "key_results": [
            _key_result(part, around.milestones.get(part.id, [])) for part in parts if part.kind == "key_result"
        ],
        "initiatives": [_initiative(part) for part in parts if part.kind == "initiative"],
        "alignments": [
            {"parent": item.parent_id, "rule": item.rule, "weight": item.weight}
            for item in around.above.get(row.id, [])
        ],
        "dependencies": [
            {"id": item.id, "provider": item.provider_id, "text": item.text, "needed_on": _day(item.needed_on)}
            for item in around.needs.get(row.id, [])
        ],
    }


def _names(row: Any, around: _Around) -> dict[str, str]:
    names = {f"person:{item.person_id}": item.person__name for item in around.co_owners.get(row.id, [])}
    key = f"serves:{row.serves_kind}:{row.serves_id}"
    if key in around.served:
        names[key] = around.served[key]
    names |= {f"person:{item.provider_id}": item.provider__name for item in around.needs.get(row.id, [])}
    names |= {
        f"person:{part.owner_id}": part.owner__name
        for part in around.parts.get(row.id, [])
        if part.owner_id is not None
    }
    names |= {
        f"goal:{item.parent_id}": item.parent__title if item.parent__visibility == "open" else "a goal of a team"
        for item in around.above.get(row.id, [])
    }
    for key, number, name in (
        ("person", row.owner_id, row.owner__name),
        ("unit", row.unit_id, row.unit__name),
        ("cycle", row.cycle_id, row.cycle__name),
        ("theme", row.theme_id, row.theme__title),
    ):
        if number is not None:
            names[f"{key}:{number}"] = name
    return names


def _day(value: Any) -> str | None:
    return value.isoformat() if value is not None else None


def _key_result(part: Any, milestones: Sequence[Any]) -> dict[str, Any]:
    return {
        "id": part.id,
        "title": part.title,
        "description": part.description,
        "owner": part.owner_id,
        "measure": part.measure,
        "baseline": part.baseline,
        "target": part.target,
        "low": part.low,
        "high": part.high,
        "metric_key": part.metric_key,
        "metric_unit": part.metric_unit,
        "weight": part.weight,
        "starts_on": _day(part.starts_on),
        "ends_on": _day(part.ends_on),
        "milestones": [
            {"id": item.id, "title": item.title, "weight": item.weight, "due_on": _day(item.due_on)}
            for item in milestones
        ],
    }


def _initiative(part: Any) -> dict[str, Any]:
    return {
        "id": part.id,
        "title": part.title,
        "description": part.description,
        "owner": part.owner_id,
        "ends_on": _day(part.ends_on),
    }
