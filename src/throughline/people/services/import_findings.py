"""What a preview or an import found, as rows of its own."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from throughline.people.models import ImportFinding, PeopleImport
from throughline.people.rules import FindingKind
from throughline.people.rules.hr_columns import HrMapping, mapping_read
from throughline.people.rules.hr_file import TableHead
from throughline.people.rules.hr_targets import TARGET_LABELS
from throughline.people.rules.person_plans import PersonPlan
from throughline.people.rules.planning import BatchPlan
from throughline.people.rules.rows import Refusal

# How many of the new and changed people a preview lists; what is refused and who leaves is listed whole.
MOST_NEW, MOST_CHANGED = 500, 5000


def preview_counts(plan: BatchPlan, refusals: list[Refusal]) -> dict[str, int]:
    """The numbers a preview states."""
    return {
        "new": len(plan.added),
        "changed": len(plan.changed),
        "unchanged": plan.unchanged,
        "leavers": len(plan.leavers),
        "units_new": len(plan.places.new),
        "refused_lines": sum(refusal.is_whole_line for refusal in refusals),
        "refused_cells": sum(not refusal.is_whole_line for refusal in refusals),
    }


def preview_findings(
    people_import: PeopleImport, head: TableHead, plan: BatchPlan, refusals: list[Refusal]
) -> Iterable[ImportFinding]:
    """The rows of a preview: some of the new and changed, all who leave, all that is refused."""
    mapping = mapping_read(people_import.mapping, n_columns=len(head.columns))
    found = [_person_finding(people_import, FindingKind.NEW, entry) for entry in plan.added[:MOST_NEW]]
    found += [_person_finding(people_import, FindingKind.CHANGED, entry) for entry in plan.changed[:MOST_CHANGED]]
    found += [
        ImportFinding(
            org_id=people_import.org_id,
            people_import=people_import,
            kind=FindingKind.LEAVER,
            name=person.name,
            value=person.external_id or person.email,
            reason="Not in the file.",
        )
        for person in plan.leavers
    ]
    return [*found, *refused_findings(people_import, head, mapping, refusals)]


def _person_finding(people_import: PeopleImport, kind: FindingKind, entry: PersonPlan) -> ImportFinding:
    changes = [
        f"{TARGET_LABELS.get(change.column, change.column.capitalize())}: {change.before or 'empty'} → "
        f"{change.after or 'empty'}"
        for change in entry.changes
    ]
    if kind == FindingKind.CHANGED and not changes:
        changes = ["Membership dates"]
    return ImportFinding(
        org_id=people_import.org_id,
        people_import=people_import,
        kind=kind,
        line=entry.line,
        name=entry.name,
        value=entry.external_id or entry.email,
        reason="\n".join(changes),
    )


def refused_findings(
    people_import: PeopleImport, head: TableHead, mapping: HrMapping, refusals: list[Refusal]
) -> Iterable[ImportFinding]:
    """One row for each line or cell not taken, in the order of the file."""
    return [
        ImportFinding(
            org_id=people_import.org_id,
            people_import=people_import,
            kind=FindingKind.REFUSED_LINE if refusal.is_whole_line else FindingKind.REFUSED_CELL,
            line=refusal.line,
            name=refusal.name[:200],
            column=_column(head, mapping, refusal.column)[:200],
            value=refusal.value,
            reason=refusal.reason,
        )
        for refusal in sorted(refusals, key=lambda refusal: (refusal.line, refusal.column))
    ]


def _column(head: TableHead, mapping: HrMapping, column: str) -> str:
    """The file's own name for a column that a rule refused by its meaning."""
    with suppress(KeyError, IndexError):
        return head.columns[mapping.columns[column]] or TARGET_LABELS[column]
    return TARGET_LABELS.get(column, column)
