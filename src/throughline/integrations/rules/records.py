"""Rows of our table and the goals app's records, one into the other."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal

from throughline.goals.rules.records import (
    CheckInRecord,
    GoalRecord,
    MilestoneRecord,
    ParentRecord,
    milestones_read,
    milestones_text,
)
from throughline.integrations.okr_formats.tabular.goal_table import CheckInRow, GoalRow, ParentLink

_DIRECTIONS = {"increase_to": "up", "decrease_to": "down", "keep_within": "within"}
_MEASURES = {
    "up": "increase_to",
    "increase": "increase_to",
    "down": "decrease_to",
    "decrease": "decrease_to",
    "within": "keep_within",
}
# A table holds 15 digits after the point; nothing smaller is a real goal.
_SMALLEST = Decimal("1e-15")


def row_of_record(
    record: GoalRecord, *, purposes: Mapping[str, str], exported: Collection[str] | None = None
) -> GoalRow:
    """A goal as a row; `purposes` gives the words for what goals serve.

    With `exported`, alignments to goals outside of it are left out: no file could read them.
    """

    def links(rule: str) -> tuple[ParentLink, ...]:
        return tuple(
            ParentLink(parent.goal_id, _weight(parent.weight))
            for parent in record.parents
            if parent.rule == rule and (exported is None or parent.goal_id in exported)
        )

    return GoalRow(
        id=record.id,
        title=record.title,
        parent_ids=links("contributes"),
        cycle=record.cycle,
        kind=record.kind,
        description=record.description or None,
        unit=record.unit,
        owner_email=record.owner_email,
        co_owner_emails=record.co_owner_emails,
        theme=record.theme,
        purpose=purposes.get(record.serves or ""),
        state=record.state or None,
        key_result_kind=record.measure or None,
        metric_unit=record.metric_unit or None,
        direction=_DIRECTIONS.get(record.measure),
        baseline=_decimal(record.baseline),
        target=_decimal(record.target),
        low=_decimal(record.low),
        high=_decimal(record.high),
        milestones=milestones_text(record.milestones) or None,
        weight=_weight(record.weight),
        starts_on=record.starts_on,
        ends_on=record.ends_on,
        supports_ids=links("supports"),
        level=record.level or None,
        visibility=record.visibility or None,
        metric_key=record.metric_key or None,
        cadence=record.cadence or None,
    )


def record_of_row(row: GoalRow) -> GoalRecord:
    """A row as the goals app reads it. Raises ValueError with a sentence when the milestones cannot be read."""
    kind = row.kind or ("key_result" if row.key_result_kind is not None else "objective")
    measure = row.key_result_kind or _MEASURES.get((row.direction or "").strip().lower(), "")
    if kind == "key_result" and not measure:
        measure = "milestones" if row.milestones else "increase_to"
    parents = [ParentRecord(link.goal_id, _weighed(link.weight)) for link in row.parent_ids]
    parents += [ParentRecord(link.goal_id, _weighed(link.weight), "supports") for link in row.supports_ids]
    milestones: tuple[MilestoneRecord, ...] = milestones_read(row.milestones or "")
    return GoalRecord(
        id=row.id,
        title=row.title.strip(),
        kind=kind,
        parents=tuple(parents),
        description=(row.description or "").strip(),
        level=row.level or "",
        visibility=row.visibility or "",
        cycle=(row.cycle or "").strip() or None,
        unit=(row.unit or "").strip() or None,
        owner_email=row.owner_email,
        co_owner_emails=row.co_owner_emails,
        theme=(row.theme or "").strip() or None,
        serves=(row.purpose or "").strip() or None,
        state=(row.state or "").strip().lower().replace(" ", "_"),
        measure=measure if kind == "key_result" else "",
        metric_key=(row.metric_key or "").strip(),
        metric_unit=(row.metric_unit or "").strip(),
        baseline=_float(row.baseline),
        target=_float(row.target),
        low=_float(row.low),
        high=_float(row.high),
        milestones=milestones,
        weight=_weighed(row.weight),
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        cadence=row.cadence or "",
    )


def row_of_checkin(record: CheckInRecord) -> CheckInRow:
    """A check-in as a row."""
    return CheckInRow(
        goal_id=record.goal_id,
        on=record.on,
        value=_decimal(record.value),
        confidence=_decimal(record.confidence_0_1),
        status=record.status or None,
        note=record.note or None,
        by_email=record.by_email,
    )


def checkin_of_row(row: CheckInRow) -> CheckInRecord:
    """A row as a check-in."""
    return CheckInRecord(
        goal_id=row.goal_id,
        on=row.on,
        value=_float(row.value),
        confidence_0_1=_float(row.confidence),
        status=(row.status or "").strip().lower().replace(" ", "_"),
        note=(row.note or "").strip(),
        by_email=row.by_email,
    )


def _float(number: Decimal | None) -> float | None:
    return None if number is None else float(number)


def _weighed(weight: Decimal | None) -> float:
    return 1.0 if weight is None else float(weight)


def _weight(weight: float) -> Decimal | None:
    return None if weight == 1.0 else _decimal(weight)


def _decimal(number: float | None) -> Decimal | None:
    """The shortest decimal that reads back as the same number."""
    if number is None:
        return None
    exact = Decimal(repr(number))
    if exact != 0 and abs(exact) < _SMALLEST:
        return Decimal(0)
    whole = exact.to_integral_value()
    return Decimal(format(whole if exact == whole else exact, "f"))
