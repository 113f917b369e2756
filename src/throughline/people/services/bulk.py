"""Many people at once, by the same rules: HR imports and the large demo."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from throughline.kernel.actor import Actor
from throughline.kernel.ids import SubjectRef
from throughline.ledger.services import statistics_refresh
from throughline.people import policies
from throughline.people.rules.planning import batch_plan
from throughline.people.rules.present import PersonNow
from throughline.people.rules.rows import ALL_COLUMNS, PersonColumn, PersonRow, Refusal
from throughline.people.selectors.present import people_present
from throughline.people.services.bulk_writing import BatchWriter, Progress


@dataclass(frozen=True, slots=True)
class BulkResult:
    """What a bulk change did: counts of people, units created, and everything refused with its reason."""

    added: int
    changed: int
    unchanged: int
    ended: int
    units_created: int
    refusals: Sequence[Refusal]


def people_bulk_upsert(
    *,
    actor: Actor,
    rows: Iterable[PersonRow],
    on: date,
    progress: Progress | None = None,
    given: Collection[PersonColumn] = ALL_COLUMNS,
    leaving: Sequence[PersonNow] = (),
    context: SubjectRef | None = None,
) -> BulkResult:
    """Add people or bring them up to date, by id and then e-mail, with units, managers and memberships.

    Each row's `line` is different. `given` names the columns the rows speak about; `leaving` are people whose last
    day is `on`. `progress(done, total)` is called after each batch. Batches of at most 5,000 people commit one by one,
    so this is not atomic: after a failure, what was saved stays, and running it again completes the rest.
    """
    policies.can_import(actor).require()
    plan = batch_plan(list(rows), people_present(actor, on=on), given=given, on=on, leaving=leaving)
    BatchWriter(actor=actor, plan=plan, on=on, context=context, progress=progress).write()
    statistics_refresh(rows_written=len(plan.added))
    return BulkResult(
        added=len(plan.added),
        changed=len(plan.changed),
        unchanged=plan.unchanged,
        ended=len(plan.leavers),
        units_created=len(plan.places.new),
        refusals=plan.refusals,
    )
