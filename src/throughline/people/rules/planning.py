"""What a batch of rows changes, worked out in memory before anything is written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from throughline.people.rules.manager_plans import managers_plan
from throughline.people.rules.matching import Matched, PersonKey, rows_match
from throughline.people.rules.membership_plans import units_plan
from throughline.people.rules.person_plans import FieldChange, MembershipPlan, PersonPlan
from throughline.people.rules.present import PersonNow, Present
from throughline.people.rules.rows import PersonColumn, PersonRow, Refusal
from throughline.people.rules.trees import levels_of
from throughline.people.rules.unit_places import UnitPlaces


@dataclass(slots=True)
class BatchPlan:
    """Everything to write, managers before those who report to them, and everything refused."""

    added: list[PersonPlan]
    changed: list[PersonPlan]
    leavers: list[PersonNow]
    unchanged: int
    places: UnitPlaces
    refusals: list[Refusal]
    # People whose address moves to somebody else in the same file: it is taken off them first.
    freed_emails: list[int]
    n_present: int


def batch_plan(
    rows: Sequence[PersonRow],
    present: Present,
    *,
    given: Collection[PersonColumn],
    on: date,
    leaving: Iterable[PersonNow] = (),
) -> BatchPlan:
    """Compare rows with what is there. Whatever order the rows have, the same people, units and managers
    follow.
    """
    matched = rows_match(rows, present.people)
    places = UnitPlaces.of(present.units)
    drafts = _drafts(matched, given, on)
    refusals = matched.refusals
    managers_plan(drafts, rows, present, given, refusals)
    units_plan(drafts, matched, present, given, places, on, refusals)
    added = [draft for draft in drafts if draft.now is None]
    levels = levels_of({draft.key: draft.manager for draft in added})
    added.sort(key=lambda draft: (levels[draft.key], draft.line))
    changed, names = (
        [],
        {person.id: person.name for person in present.people} | {d.key: d.name for d in drafts},
    )
    for draft in drafts:
        if draft.now is not None:
            draft.changes = [*_field_changes(draft, draft.now, names), *draft.changes]
            if draft.changes or not draft.membership.is_empty:
                changed.append(draft)
    changed.sort(key=lambda draft: draft.key)
    taken = {draft.email for draft in drafts if draft.email}
    freed = [
        d.key for d in drafts if d.now is not None and d.now.email.lower() != d.email and d.now.email.lower() in taken
    ]
    return BatchPlan(
        added=added,
        changed=changed,
        leavers=sorted(leaving),
        unchanged=len(drafts) - len(added) - len(changed),
        places=places,
        refusals=sorted(refusals, key=lambda refusal: (refusal.line, refusal.column, refusal.reason)),
        freed_emails=freed,
        n_present=len(present.people),
    )


def _drafts(matched: Matched, given: Collection[PersonColumn], on: date) -> list[PersonPlan]:
    drafts = []
    for position, (row, now) in enumerate(matched.rows):
        left_on = row.left_on if PersonColumn.LEFT_ON in given else None
        if now is not None and PersonColumn.LEFT_ON not in given and now.left_on is not None and now.left_on >= on:
            # Leaving later, said elsewhere; a file without last days does not take that back.
            left_on = now.left_on
        is_given = {column: column in given for column in PersonColumn}
        drafts.append(
            PersonPlan(
                key=now.id if now is not None else -1 - position,
                line=row.line,
                name=row.name if now is None or is_given[PersonColumn.NAME] else now.name,
                email=row.email or (now.email if now is not None else ""),
                external_id=row.external_id or (now.external_id if now is not None else ""),
                title=row.title if now is None or is_given[PersonColumn.TITLE] else now.title,
                location=row.location if now is None or is_given[PersonColumn.LOCATION] else now.location,
                manager=now.manager_id if now is not None else None,
                started_on=row.started_on if now is None or is_given[PersonColumn.STARTED_ON] else now.started_on,
                left_on=left_on,
                now=now,
                membership=MembershipPlan(),
            )
        )
    return drafts


def _field_changes(draft: PersonPlan, now: PersonNow, names: dict[PersonKey, str]) -> list[FieldChange]:
    pairs: list[tuple[str, object, object]] = [
        ("name", now.name, draft.name),
        ("email", now.email.lower(), draft.email),
        ("external_id", now.external_id, draft.external_id),
        ("title", now.title, draft.title),
        ("location", now.location, draft.location),
        ("started_on", now.started_on, draft.started_on),
        ("left_on", now.left_on, draft.left_on),
    ]
    changes = [FieldChange(column, _text(before), _text(after)) for column, before, after in pairs if before != after]
    if now.manager_id != draft.manager:
        changes.append(FieldChange("manager", names.get(now.manager_id or 0, ""), names.get(draft.manager or 0, "")))
    return changes


def _text(value: object) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)
