"""Writing derived numbers: one key result and everything above it, or all of an organisation at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from django.db import connection, transaction

from throughline.goals.analysis.numbers import (
    Reading,
    RolledUp,
    ancestors_rolled_up,
    climb_rolled_up,
    everything_rolled_up,
    reading_of,
)
from throughline.goals.models import Goal, Milestone
from throughline.goals.rules import Measure
from throughline.goals.selectors.graph import GraphNode, climb_above, everything, neighbourhood_above, parents_of
from throughline.kernel.actor import Actor

BATCH = 5000
_WRITE = """
UPDATE goals_goal SET progress = %s, progress_raw = %s, unread_share_0_1 = %s, is_empty = %s, has_reading = %s,
amount = %s WHERE id = %s"""


def key_result_measured(key_result: Goal) -> Reading:
    """Set the derived columns of a key result from its terms and latest value; the caller saves and rolls up."""
    done: list[tuple[float, bool]] = []
    if key_result.measure == Measure.MILESTONES and key_result.pk is not None:
        rows = Milestone.objects.filter(key_result_id=key_result.pk).values_list("weight", "done_on")
        done = [(weight, done_on is not None) for weight, done_on in rows]
    return key_result_measured_by(key_result, done)


def key_result_measured_by(key_result: Goal, milestones: Sequence[tuple[float, bool]]) -> Reading:
    """The same with its milestones (weight, is done) at hand; no query."""
    reading = reading_of(key_result, value=key_result.value, milestones=milestones)
    reading_set(key_result, reading)
    return reading


def reading_set(key_result: Goal, reading: Reading) -> None:
    """Set the derived columns of a key result to a reading."""
    key_result.progress, key_result.progress_raw = reading.progress, reading.raw
    key_result.has_reading, key_result.is_empty = reading.has_reading, False
    key_result.unread_share_0_1 = 0.0 if reading.has_reading else 1.0


MEASURED_FIELDS = ("progress", "progress_raw", "has_reading", "is_empty", "unread_share_0_1")


def roll_up_above(actor: Actor, objective_ids: Collection[int]) -> int:
    """Recompute these objectives and everything they contribute to; answers how many numbers changed.

    Three queries and one write, however much hangs below the goals on the way up; three more where amounts are counted.
    """
    starts = set(objective_ids)
    if not starts:
        return 0
    climb = climb_above(actor, starts)
    counted = {node.measure for node in climb.nodes.values()} - {None}
    if counted:
        area = neighbourhood_above(actor, starts)
        shares = parents_of(actor, [node.id for node in area.nodes.values() if node.measure in counted])
        changed = _changed(area.nodes, ancestors_rolled_up(area, shares))
    else:
        changed = _changed(climb.nodes, climb_rolled_up(climb))
    _write(changed)
    return len(changed)


def roll_up_everything(*, actor: Actor) -> int:
    """Recompute every objective of the organisation, 5,000 rows a transaction; answers how many changed.

    For the end of an import. Check-ins made meanwhile are kept: their own ancestors are rolled up by themselves.
    """
    area = everything(actor)
    changed = _changed(area.nodes, everything_rolled_up(area))
    for start in range(0, len(changed), BATCH):
        with transaction.atomic():
            _write(changed[start : start + BATCH])
    return len(changed)


def _changed(nodes: Mapping[int, GraphNode], results: Sequence[RolledUp]) -> list[RolledUp]:
    found = []
    for new in results:
        old = nodes[new.id]
        before = (old.progress, old.raw, old.unread_share_0_1, old.is_empty, old.has_reading, old.amount)
        if before != (new.progress, new.raw, new.unread_share_0_1, new.is_empty, new.has_reading, new.amount):
            found.append(new)
    return found


def _write(rows: Sequence[RolledUp]) -> None:
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.executemany(
            _WRITE,
            [
                (row.progress, row.raw, row.unread_share_0_1, row.is_empty, row.has_reading, row.amount, row.id)
                for row in sorted(rows, key=lambda row: row.id)
            ],
        )
