"""What is here already of the goals a file names, as rows of our table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from throughline.goals.rules.records import own_number
from throughline.goals.selectors import GoalFilter, goals_visible_to
from throughline.goals.selectors.export import checkin_records, goal_records
from throughline.integrations.okr_formats.tabular.goal_table import CheckInRow, GoalRow
from throughline.integrations.rules.records import row_of_checkin, row_of_record
from throughline.integrations.selectors.matching import purpose_words
from throughline.kernel.actor import Actor

_CHUNK = 800
# Reading a few cycles one by one beats reading everything; beyond that it does not.
_MOST_CYCLES = 12


@dataclass(frozen=True, slots=True)
class PresentRows:
    """Goals by id, and their check-ins."""

    goals: dict[str, GoalRow] = field(default_factory=dict)
    check_ins: list[CheckInRow] = field(default_factory=list)


def rows_present(actor: Actor, ids: Sequence[str]) -> PresentRows:
    """The goals of these ids that the actor may read, with their check-ins; reads only the cycles they are in."""
    cycles: set[int | None] = set()
    for start in range(0, len(ids), _CHUNK):
        part = ids[start : start + _CHUNK]
        numbers = [number for number in map(own_number, part) if number is not None]
        found = goals_visible_to(actor, GoalFilter(kind="")).filter(Q(external_id__in=part) | Q(pk__in=numbers))
        cycles |= set(found.order_by().values_list("cycle_id", flat=True).distinct())
    if not cycles:
        return PresentRows()
    wanted = set(ids)
    present = PresentRows()
    is_everything = None in cycles or len(cycles) > _MOST_CYCLES
    filters = [GoalFilter()] if is_everything else [GoalFilter(cycle_id=number) for number in sorted(cycles, key=str)]
    for one in filters:
        records = [record for record in goal_records(actor, one) if record.id in wanted]
        purposes = purpose_words(actor, {record.serves for record in records if record.serves})
        for record in records:
            present.goals[record.id] = row_of_record(record, purposes=purposes)
        present.check_ins.extend(row_of_checkin(row) for row in checkin_records(actor, one) if row.goal_id in wanted)
    return present
