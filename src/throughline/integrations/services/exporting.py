"""Goals with their check-ins as files, and the empty template."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from throughline.goals.selectors import GoalFilter
from throughline.goals.selectors.export import checkin_records, goal_records
from throughline.integrations import policies
from throughline.integrations.okr_formats.tabular.goal_table import (
    CheckInRow,
    GoalRow,
    GoalTable,
    ParentLink,
    UnwritableTable,
)
from throughline.integrations.okr_formats.tabular.writing import write_csv, write_json, write_xlsx
from throughline.integrations.rules.records import row_of_checkin, row_of_record
from throughline.integrations.selectors.matching import purpose_words
from throughline.kernel.actor import Actor
from throughline.kernel.errors import Invalid

ENDINGS = ("csv", "xlsx", "json")


def goals_export_bytes(
    *, actor: Actor, ending: str, stem: str = "goals", cycle_id: int | None = None, unit_id: int | None = None
) -> dict[str, bytes]:
    """Goals the actor may read with their check-ins, as file names and contents; CSV makes two files.

    Importing the files again gives identical content. Alignments to goals outside the export are left out.
    """
    policies.can_export_goals(actor).require()
    ending = ending.lower()
    if ending not in ENDINGS:
        raise Invalid(
            {"ending": f"“{ending}” is no format goals can be written in; choose one of {', '.join(ENDINGS)}."}
        )
    return _written(export_table(actor, cycle_id=cycle_id, unit_id=unit_id), ending, stem)


def export_table(actor: Actor, *, cycle_id: int | None = None, unit_id: int | None = None) -> GoalTable:
    """The same as rows."""
    wanted = GoalFilter(cycle_id=cycle_id, unit_id=unit_id)
    records = list(goal_records(actor, wanted))
    exported = {record.id for record in records}
    purposes = purpose_words(actor, {record.serves for record in records if record.serves})
    return GoalTable(
        tuple(row_of_record(record, purposes=purposes, exported=exported) for record in records),
        tuple(row_of_checkin(record) for record in checkin_records(actor, wanted) if record.goal_id in exported),
    )


def template_bytes(ending: str) -> dict[str, bytes]:
    """Our plain table with three example goals and a check-in, to be written over."""
    cycle, unit = "2027 Q1", None
    goals = (
        GoalRow(
            id="reliable-records", title="A clinician never loses work", kind="objective", cycle=cycle, unit=unit,
            owner_email="owner@example.org", description="Whatever happens to the network.", state="candidate",
        ),
        GoalRow(
            id="lost-drafts", title="Fewer lost drafts", kind="key_result", parent_ids=(ParentLink("reliable-records"),),
            key_result_kind="decrease_to", baseline=Decimal(40), target=Decimal(5), metric_unit="drafts a week",
        ),
        GoalRow(
            id="offline-editor", title="Ship the editor that works without a network", kind="initiative",
            parent_ids=(ParentLink("reliable-records"),),
        ),
    )  # fmt: skip
    check_ins = (
        CheckInRow("lost-drafts", date(2027, 1, 15), Decimal(36), Decimal("0.6"), "on_track", "Two causes found."),
    )
    return _written(GoalTable(goals, check_ins), ending, "goals-template")


def _written(table: GoalTable, ending: str, stem: str) -> dict[str, bytes]:
    try:
        if ending == "csv":
            files = write_csv(table)
            return {f"{stem}.csv": files.goals, f"{stem}-check-ins.csv": files.check_ins}
        if ending == "xlsx":
            return {f"{stem}.xlsx": write_xlsx(table)}
        return {f"{stem}.json": write_json(table)}
    except UnwritableTable as error:
        raise Invalid({"": str(error)}) from error
