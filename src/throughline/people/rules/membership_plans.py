"""Who belongs where after a batch: what an import gave is moved, what was given by hand stays."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from throughline.people.rules.manager_plans import cell_refused
from throughline.people.rules.matching import Matched
from throughline.people.rules.person_plans import FieldChange, PersonPlan
from throughline.people.rules.present import MembershipNow, Present
from throughline.people.rules.rows import PersonColumn, Refusal
from throughline.people.rules.unit_places import UnitKey, UnitPlaces


def units_plan(
    drafts: Sequence[PersonPlan],
    matched: Matched,
    present: Present,
    given: Collection[PersonColumn],
    places: UnitPlaces,
    on: date,
    refusals: list[Refusal],
) -> None:
    """Set what happens to each draft\'s memberships; units that are missing are planned in `places`."""
    of_person: dict[int, list[MembershipNow]] = {}
    for membership in present.memberships:
        of_person.setdefault(membership.person_id, []).append(membership)
    is_unit_given, is_lead_given = PersonColumn.UNIT in given, PersonColumn.IS_LEAD in given
    for draft, (row, _) in zip(drafts, matched.rows, strict=True):
        held = of_person.get(draft.key, [])
        unit: UnitKey | None = None
        if is_unit_given and row.unit:
            unit, trouble = places.find(row.unit)
            if trouble:
                what = "The unit stays as it is." if draft.now else "The person is imported without a unit."
                refusals.append(cell_refused(draft, "unit", " > ".join(row.unit), f"{trouble} {what}"))
        _plan_membership(draft, held, unit, row.is_lead if is_lead_given else None, places, on)


def _plan_membership(
    draft: PersonPlan,
    held: Sequence[MembershipNow],
    unit: UnitKey | None,
    is_lead: bool | None,
    places: UnitPlaces,
    on: date,
) -> None:
    plan = draft.membership
    if draft.left_on is not None and draft.left_on < on:
        for membership in held:
            last = max(draft.left_on, membership.starts_on)
            if membership.ends_on is None or membership.ends_on > last:
                plan.ends.append((membership.id, last))
        if draft.now is None and unit is not None and draft.started_on is not None:
            plan.starts = (unit, bool(is_lead), draft.started_on, draft.left_on)
        return
    here = [m for m in held if m.unit_id == unit]
    if unit is not None and not here:
        _move_to(draft, held, unit, bool(is_lead), places, on)
        return
    old_left = draft.now.left_on if draft.now is not None else None
    for membership in held:
        ends_on = membership.ends_on
        if draft.left_on is not None and (ends_on is None or ends_on > draft.left_on):
            ends_on = draft.left_on
        elif draft.left_on is None and old_left is not None and ends_on == old_left:
            ends_on = None
        lead = is_lead if is_lead is not None and membership.unit_id == unit else membership.is_lead
        if (ends_on, lead) != (membership.ends_on, membership.is_lead):
            plan.changes.append((membership.id, membership.unit_id, lead, ends_on))
            if lead != membership.is_lead:
                draft.changes.append(
                    FieldChange("leads the unit", "yes" if membership.is_lead else "no", "yes" if lead else "no")
                )


def _move_to(
    draft: PersonPlan,
    held: Sequence[MembershipNow],
    unit: UnitKey,
    is_lead: bool,
    places: UnitPlaces,
    on: date,
) -> None:
    plan = draft.membership
    imported = [m for m in held if m.is_imported]
    before = " and ".join(places.label(m.unit_id) for m in imported if m.unit_id in places.name)
    is_placed = False
    for membership in imported:
        if membership.starts_on < on:
            plan.ends.append((membership.id, on - timedelta(days=1)))
        elif not is_placed:
            # It began today or begins later, so nobody has seen it: it is corrected instead of ended.
            plan.changes.append((membership.id, unit, is_lead, draft.left_on))
            is_placed = True
        else:
            plan.ends.append((membership.id, membership.starts_on))
    if not is_placed:
        # A first unit counts from the first day; a later one from today.
        since = draft.started_on if draft.now is None and draft.started_on is not None else on
        plan.starts = (unit, is_lead, since, draft.left_on)
    if draft.now is not None:
        draft.changes.append(FieldChange("unit", before, places.label(unit)))
