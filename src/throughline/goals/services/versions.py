"""The exact text of an objective: written as a version whenever it, its parts or its connections change."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Prefetch

from throughline.goals.events import GoalVersioned
from throughline.goals.models import Alignment, Dependency, Goal, GoalVersion
from throughline.goals.policies import GOAL
from throughline.goals.rules import GoalState
from throughline.goals.rules.texts import content_changes, version_text
from throughline.goals.services.signing import sign_off_move
from throughline.kernel.actor import Actor
from throughline.kernel.clock import now, today
from throughline.kernel.errors import Conflict, Invalid, NotFound
from throughline.kernel.ids import SubjectRef
from throughline.ledger.services import event_record, search_index
from throughline.ledger.subjects import ChangeKind

# Everything content_of and the text read, so that writing a version costs the same for any number of parts.
_PARTS = ("parts__milestones", "parts__owner", "co_owners__person", "dependencies__provider")


def goal_ref(goal: Goal) -> SubjectRef:
    """The reference of a goal or part."""
    return SubjectRef(GOAL, goal.pk)


def objective_locked(goal: Goal, *, version: int | None = None) -> Goal:
    """The objective of a goal as it is now, locked until the transaction ends.

    With `version`, the newest version the form was made from: Conflict when there is a newer one.
    """
    row = Goal.objects.select_for_update().filter(pk=goal.objective_id).first()
    if row is None:
        raise NotFound
    if version is not None and version != row.version:
        raise Conflict(
            f"Somebody changed this goal to version {row.version} while you worked on version {version}. "
            "What you wrote is kept; compare it with the new version and save again."
        )
    return row


def objective_for_change(goal: Goal, *, version: int | None = None) -> Goal:
    """The same, refused when the goal is closed or dropped."""
    row = objective_locked(goal, version=version)
    if row.state in (GoalState.CLOSED, GoalState.DROPPED):
        raise Conflict(f"This goal is {row.state}; reopen it before you change it.")
    return row


def content_of(goal: Goal) -> tuple[dict[str, Any], dict[str, str]]:
    """An objective as data, and the names its text needs by reference; at most ten queries."""
    return contents_of([goal.pk])[goal.pk]


def contents_of(goal_ids: Collection[int]) -> dict[int, tuple[dict[str, Any], dict[str, str]]]:
    """The same for many objectives in as many queries."""
    rows = Goal.objects.filter(pk__in=goal_ids).select_related("owner", "unit", "cycle", "theme")
    # Joined and not prefetched: a prefetch of a thousand parents is more than SQLite takes in one expression.
    up = Prefetch("alignments_up", Alignment.objects.filter(ends_on=None).select_related("parent"))
    return {row.pk: _content(row) for row in rows.prefetch_related(*_PARTS, up)}


def _content(row: Goal) -> tuple[dict[str, Any], dict[str, str]]:
    parts = sorted(
        (part for part in row.parts.all() if part.state != GoalState.DROPPED),
        key=lambda part: (part.position, part.pk),
    )
    alignments = sorted(row.alignments_up.all(), key=lambda item: item.parent_id)
    needs = sorted((item for item in row.dependencies.all() if item.state != "declined"), key=lambda item: item.pk)
    content = {
        "title": row.title,
        "description": row.description,
        "level": row.level,
        "unit": row.unit_id,
        "owner": row.owner_id,
        "co_owners": sorted(item.person_id for item in row.co_owners.all()),
        "cycle": row.cycle_id,
        "theme": row.theme_id,
        "serves": f"{row.serves_kind}:{row.serves_id}" if row.serves_id is not None else "",
        "starts_on": _day(row.starts_on),
        "ends_on": _day(row.ends_on),
        "metric_key": row.metric_key,
        "metric_unit": row.metric_unit,
        "key_results": [_key_result(part) for part in parts if part.kind == "key_result"],
        "initiatives": [_initiative(part) for part in parts if part.kind == "initiative"],
        "alignments": [{"parent": item.parent_id, "rule": item.rule, "weight": item.weight} for item in alignments],
        "dependencies": [
            {"id": item.pk, "provider": item.provider_id, "text": item.text, "needed_on": _day(item.needed_on)}
            for item in needs
        ],
    }
    return content, _names(row, parts, alignments, needs)


def _names(
    row: Goal, parts: Sequence[Goal], alignments: Sequence[Alignment], needs: Sequence[Dependency]
) -> dict[str, str]:
    names = {f"person:{item.person_id}": item.person.name for item in row.co_owners.all()}
    names |= {f"person:{item.provider_id}": item.provider.name for item in needs}
    names |= {f"person:{part.owner_id}": part.owner.name for part in parts if part.owner is not None}
    # A goal that only a team may read keeps its title out of texts that others read.
    names |= {
        f"goal:{item.parent_id}": item.parent.title if item.parent.visibility == "open" else "a goal of a team"
        for item in alignments
    }
    for key, thing in (("person", row.owner), ("unit", row.unit), ("cycle", row.cycle), ("theme", row.theme)):
        if thing is not None:
            names[f"{key}:{thing.pk}"] = str(thing)
    return names


def _day(value: Any) -> str | None:
    return value.isoformat() if value is not None else None


def _key_result(part: Goal) -> dict[str, Any]:
    return {
        "id": part.pk,
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
            {"id": item.pk, "title": item.title, "weight": item.weight, "due_on": _day(item.due_on)}
            for item in sorted(part.milestones.all(), key=lambda item: (item.position, item.pk))
        ],
    }


def _initiative(part: Goal) -> dict[str, Any]:
    return {
        "id": part.pk,
        "title": part.title,
        "description": part.description,
        "owner": part.owner_id,
        "ends_on": _day(part.ends_on),
    }


def version_first(actor: Actor, goal: Goal, *, reason: str = "") -> GoalVersion:
    """Write version 1 of a new objective and make it findable."""
    content, names = content_of(goal)
    written = _write(actor, goal, number=1, content=content, names=names, reason=reason, changes=(), is_editorial=False)
    goal_index(actor, goal)
    return written


def version_next(actor: Actor, goal: Goal, *, reason: str = "", is_editorial: bool = False) -> GoalVersion | None:
    """Write the next version when anything in the text changed, and ask again whom the change affects.

    The objective must be locked. Returns None when the content is the same.
    """
    latest = GoalVersion.objects.get(goal_id=goal.pk, number=goal.version)
    content, names = content_of(goal)
    if content == latest.content:
        return None
    changes = content_changes(latest.content, content, is_editorial=is_editorial)
    if is_editorial and ChangeKind.EDITORIAL not in changes:
        raise Invalid({"is_editorial": "Only changed wording can be editorial; this changes more. Take the tick away."})
    number = goal.version + 1
    written = _write(
        actor, goal, number=number, content=content, names=names, reason=reason,
        changes=sorted(changes), is_editorial=ChangeKind.EDITORIAL in changes,
    )  # fmt: skip
    goal.version, goal.changed_at = number, now()
    goal.save(update_fields=["version", "changed_at"])
    event_record(actor, GoalVersioned(version=number, changes=tuple(sorted(changes))), subject=goal_ref(goal))
    if goal.state in (GoalState.PROPOSED, GoalState.SIGNED_OFF, GoalState.ACTIVE):
        sign_off_move(actor, goal, text=written.text, changes=changes)
    goal_index(actor, goal)
    return written


def _write(
    actor: Actor,
    goal: Goal,
    *,
    number: int,
    content: dict[str, Any],
    names: dict[str, str],
    reason: str,
    changes: Sequence[ChangeKind],
    is_editorial: bool,
) -> GoalVersion:
    row = version_row(
        actor, goal.pk, number=number, content=content, names=names, reason=reason, changes=changes,
        is_editorial=is_editorial,
    )  # fmt: skip
    row.save()
    return row


def version_row(
    actor: Actor,
    goal_id: int,
    *,
    number: int,
    content: dict[str, Any],
    names: dict[str, str],
    reason: str = "",
    changes: Sequence[ChangeKind] = (),
    is_editorial: bool = False,
) -> GoalVersion:
    """A version not yet saved, with its text and digest."""
    text = version_text(content, names)
    return GoalVersion(
        org_id=actor.org_id,
        goal_id=goal_id,
        number=number,
        text=text,
        content=content,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        author_id=actor.person_id,
        reason=reason.strip(),
        is_editorial=is_editorial,
        changes=[kind.value for kind in changes],
        on=today(actor.time_zone),
        created_at=now(),
    )


def goal_index(actor: Actor, goal: Goal) -> None:
    """Make an objective findable by its title, description and key results."""
    parts = Goal.objects.filter(part_of_id=goal.pk).exclude(state=GoalState.DROPPED).order_by("position", "id")
    body = "\n".join([goal.description, *parts.values_list("title", flat=True)])
    search_index(actor=actor, ref=goal_ref(goal), title=goal.title, body=body)
