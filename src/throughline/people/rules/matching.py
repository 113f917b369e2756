"""Which row is which person: by id, then by e-mail, with everything that is not clear refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from throughline.people.rules.present import PersonNow
from throughline.people.rules.rows import PersonRow, Refusal

# An existing person's id, or minus one minus the row's position among the kept rows.
PersonKey = int


@dataclass(slots=True)
class Matched:
    """Rows kept with the person each is (None: somebody new), and what was refused."""

    rows: list[tuple[PersonRow, PersonNow | None]] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)


def rows_match(rows: Sequence[PersonRow], people: Sequence[PersonNow]) -> Matched:
    """Pair rows with people. The answer does not depend on the order of the rows."""
    matched = Matched()
    single = _without_repeats(rows, matched.refusals)
    by_id = {person.external_id: person for person in people if person.external_id}
    by_email = {person.email.lower(): person for person in people if person.email}
    first = [(row, by_id.get(row.external_id) if row.external_id else None) for row in single]
    # An address whose owner gets another one in the same file is free for somebody else.
    kept_email = {person.id: row.email or person.email.lower() for row, person in first if person is not None}
    for row, person in first:
        owner = by_email.get(row.email) if row.email else None
        if owner is not None and kept_email.get(owner.id, owner.email.lower()) != row.email:
            owner = None
        found, trouble = _decided(row, person, owner)
        if trouble:
            matched.refusals.append(_refusal(row, "email", row.email, trouble))
        else:
            matched.rows.append((row, found))
    return matched


def _decided(row: PersonRow, person: PersonNow | None, owner: PersonNow | None) -> tuple[PersonNow | None, str]:
    if owner is None or (person is not None and owner.id == person.id):
        return person, ""
    if person is not None or (owner.external_id and row.external_id):
        known_by = f", id {owner.external_id}" if owner.external_id else ""
        return None, f"This address belongs to {owner.name}{known_by}. Correct the address or the id."
    if owner.is_guest:
        return (
            None,
            f"This address belongs to the guest {owner.name}. Ask an administrator to take it off the guest first.",
        )
    return owner, ""


def _without_repeats(rows: Sequence[PersonRow], refusals: list[Refusal]) -> list[PersonRow]:
    """Same line twice counts once; two different lines for one id or one e-mail are both refused."""
    kept = list(rows)
    for column, noun in (("external_id", "id"), ("email", "e-mail")):
        lines: dict[str, list[int]] = {}
        for position, row in enumerate(kept):
            value = getattr(row, column)
            if value:
                lines.setdefault(value, []).append(position)
        dropped: set[int] = set()
        for value, positions in lines.items():
            if len(positions) > 1:
                dropped.update(_repeat_refusals(kept, positions, column, noun, value, refusals))
        kept = [row for position, row in enumerate(kept) if position not in dropped]
    return kept


def _repeat_refusals(
    rows: Sequence[PersonRow],
    positions: Sequence[int],
    column: str,
    noun: str,
    value: str,
    refusals: list[Refusal],
) -> list[int]:
    ordered = sorted(positions, key=lambda position: rows[position].line)
    contents = {replace(rows[position], line=0) for position in ordered}
    if len(contents) == 1:
        first = rows[ordered[0]].line
        for position in ordered[1:]:
            refusals.append(
                _refusal(rows[position], column, value, f"The same as line {first}; this person is taken once.")
            )
        return list(ordered[1:])
    for position in ordered:
        others = [str(rows[other].line) for other in ordered if other != position]
        named = ", ".join(others[:5]) + (f" and {len(others) - 5} more" if len(others) > 5 else "")
        refusals.append(
            _refusal(
                rows[position],
                column,
                value,
                f"Line{'' if len(others) == 1 else 's'} {named} {'has' if len(others) == 1 else 'have'} the "
                f"same {noun} and say something else. Keep one.",
            )
        )
    return list(ordered)


def _refusal(row: PersonRow, column: str, value: str, reason: str) -> Refusal:
    return Refusal(row.line, column, value[:400], reason, name=row.name)
