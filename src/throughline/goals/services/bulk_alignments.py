"""Alignments in bulk: new ones written, those that would close a circle refused with the goals named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from throughline.goals.analysis.numbers import circle_among
from throughline.goals.events import AlignmentsImported
from throughline.goals.models import Alignment, Goal
from throughline.goals.policies import GOAL
from throughline.goals.rules import GoalKind, weight_problem
from throughline.goals.rules.records import RecordProblem
from throughline.kernel.actor import Actor
from throughline.kernel.clock import today
from throughline.kernel.ids import SubjectRef
from throughline.ledger.models import Relation
from throughline.ledger.services import event_record, links_create_bulk, rows_insert

if TYPE_CHECKING:
    from throughline.goals.services.bulk import BulkGoal

BATCH = 2400
CHUNK = 5000
# Each circle costs one pass over all alignments; a file with more of them is wrong as a whole.
MOST_CIRCLES = 50


@dataclass(frozen=True, slots=True)
class _Wanted:
    external_id: str
    child_id: int
    parent_id: int
    rule: str
    weight: float
    on: date


def alignments_write(
    actor: Actor, rows: Sequence[BulkGoal], ids: Mapping[str, int], problems: list[RecordProblem]
) -> int:
    """Write the alignments of the rows that are not there yet; answers how many."""
    wanted = list(_wanted(actor, rows, ids, problems))
    if not wanted:
        return 0
    present = _present({item.child_id for item in wanted})
    fresh = [item for item in wanted if (item.child_id, item.parent_id) not in present]
    fresh = _without_circles(fresh, ids, problems)
    for start in range(0, len(fresh), BATCH):
        _batch_write(actor, fresh[start : start + BATCH])
    return len(fresh)


def _wanted(
    actor: Actor, rows: Sequence[BulkGoal], ids: Mapping[str, int], problems: list[RecordProblem]
) -> Iterator[_Wanted]:
    objectives = {row.external_id for row in rows if row.kind == GoalKind.OBJECTIVE}
    stranger_ids = {
        ids[p.goal_id] for row in rows for p in row.parents if p.goal_id in ids and p.goal_id not in objectives
    }
    known: set[int] = set()
    for start in range(0, len(stranger_ids), CHUNK):
        chunk = sorted(stranger_ids)[start : start + CHUNK]
        known.update(Goal.objects.filter(pk__in=chunk, kind="objective").values_list("id", flat=True))
    day = today(actor.time_zone)
    for row in rows:
        seen: set[int] = set()
        for parent in row.parents:
            words = ""
            parent_id = ids.get(parent.goal_id)
            if row.kind != GoalKind.OBJECTIVE:
                words = "A part counts for its own objective only; align the objective."
            elif parent_id is None:
                words = f"The goal above, “{parent.goal_id}”, is not known."
            elif parent.goal_id not in objectives and parent_id not in known:
                words = f"“{parent.goal_id}” is no objective; align to the objective it is part of."
            elif parent.rule not in ("contributes", "supports") or weight_problem(parent.weight):
                words = f"The alignment to “{parent.goal_id}” has no sound weight or rule."
            elif parent_id in seen or parent_id == ids[row.external_id]:
                words = f"The alignment to “{parent.goal_id}” is given twice, or to itself."
            if words:
                problems.append(RecordProblem(row.external_id, words, is_refused=False))
                continue
            assert parent_id is not None
            seen.add(parent_id)
            on = row.on or row.fields.starts_on or day
            yield _Wanted(row.external_id, ids[row.external_id], parent_id, parent.rule, parent.weight, on)


def _present(child_ids: set[int]) -> set[tuple[int, int]]:
    found: set[tuple[int, int]] = set()
    numbers = sorted(child_ids)
    for start in range(0, len(numbers), CHUNK):
        rows = Alignment.objects.filter(child_id__in=numbers[start : start + CHUNK], ends_on=None)
        found.update(rows.values_list("child_id", "parent_id"))
    return found


def _without_circles(fresh: list[_Wanted], ids: Mapping[str, int], problems: list[RecordProblem]) -> list[_Wanted]:
    """Leave out alignments that close a circle with each other or with those that are there."""
    old = list(Alignment.objects.filter(ends_on=None).values_list("parent_id", "child_id").iterator(chunk_size=5000))
    names = {number: text for text, number in ids.items()}
    for _ in range(MOST_CIRCLES):
        pairs = [*old, *((item.parent_id, item.child_id) for item in fresh)]
        circle = set(circle_among([pair[0] for pair in pairs], [pair[1] for pair in pairs]))
        if not circle:
            return fresh
        bad = next(item for item in reversed(fresh) if item.child_id in circle and item.parent_id in circle)
        way = ", ".join(names.get(number, f"goal {number}") for number in sorted(circle)[:8])
        words = f"Its alignment to “{names.get(bad.parent_id, bad.parent_id)}” closes a circle: {way}. Left out."
        problems.append(RecordProblem(bad.external_id, words, is_refused=False))
        fresh = [item for item in fresh if item is not bad]
    words = "Not aligned: these goals stand above each other in too many circles. Correct the file and import again."
    problems.extend(RecordProblem(item.external_id, words, is_refused=False) for item in fresh)
    return []


@transaction.atomic
def _batch_write(actor: Actor, batch: Sequence[_Wanted]) -> None:
    columns = ("child_id", "parent_id", "rule", "weight", "starts_on", "ends_on")
    rows = [(item.child_id, item.parent_id, item.rule, item.weight, item.on, None) for item in batch]
    numbers = rows_insert(actor, Alignment, columns=columns, rows=rows)
    Goal.objects.filter(pk__in={item.child_id for item in batch}).update(is_aligned=True)
    links_create_bulk(
        actor=actor,
        links=[
            (SubjectRef(GOAL, item.child_id), Relation.ADVANCES, SubjectRef(GOAL, item.parent_id)) for item in batch
        ],
    )
    event = AlignmentsImported(first_id=min(numbers), last_id=max(numbers), count=len(numbers))
    event_record(actor, event, subject=SubjectRef(GOAL, batch[0].child_id))
