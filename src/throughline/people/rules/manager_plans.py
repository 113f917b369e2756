"""Who reports to whom after a batch; a circle is taken back and named person by person."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from throughline.people.rules.matching import PersonKey
from throughline.people.rules.person_plans import PersonPlan
from throughline.people.rules.present import PersonNow, Present
from throughline.people.rules.rows import PersonColumn, PersonRow, Refusal
from throughline.people.rules.trees import without_cycles

MOST_NAMED = 20


class _ManagerIndex:
    """Finds a manager by id, e-mail, then by a name that only one person has."""

    def __init__(self, drafts: Sequence[PersonPlan], people: Sequence[PersonNow]) -> None:
        in_file = {draft.key for draft in drafts}
        self.by_id: dict[str, PersonKey] = {}
        self.by_email: dict[str, PersonKey] = {}
        self.by_name: dict[str, list[PersonKey]] = {}
        for person in people:
            if person.id not in in_file and not person.is_guest:
                self._add(person.id, person.external_id, person.email.lower(), person.name)
        for draft in drafts:
            self._add(draft.key, draft.external_id, draft.email, draft.name)

    def _add(self, key: PersonKey, external_id: str, email: str, name: str) -> None:
        if external_id:
            self.by_id[external_id] = key
        if email:
            self.by_email[email] = key
        self.by_name.setdefault(name.casefold(), []).append(key)

    def find(self, text: str) -> tuple[PersonKey | None, str]:
        key = self.by_id.get(text)
        if key is None:
            key = self.by_email.get(text.lower())
        if key is not None:
            return key, ""
        named = self.by_name.get(" ".join(text.casefold().split()), [])
        if len(named) == 1:
            return named[0], ""
        if named:
            return None, f"{len(named)} people are called “{text}”. Name the manager by id or e-mail."
        return None, ""


def managers_plan(
    drafts: Sequence[PersonPlan],
    rows: Sequence[PersonRow],
    present: Present,
    given: Collection[PersonColumn],
    refusals: list[Refusal],
) -> None:
    """Set each draft\'s manager from its row; what cannot be is refused and stays as it was."""
    if PersonColumn.MANAGER not in given:
        return
    text_of = {row.line: row.manager for row in rows}
    refused_lines = _refused_references(rows, refusals)
    index = _ManagerIndex(drafts, present.people)
    before: dict[PersonKey, PersonKey | None] = {person.id: person.manager_id for person in present.people}
    wanted = dict(before)
    for draft in drafts:
        text = text_of[draft.line]
        if not text:
            wanted[draft.key] = None
            continue
        key, trouble = index.find(text)
        if key == draft.key:
            trouble = "Nobody reports to themself."
        elif key is None and not trouble:
            line = refused_lines.get(text.lower())
            trouble = (
                f"The manager is on line {line}, which is refused."
                if line is not None
                else "Nobody in the file or here has this id, e-mail or name."
            )
        if trouble:
            wanted[draft.key] = draft.manager
            refusals.append(cell_refused(draft, "manager", text, f"{trouble} {_kept(draft)}"))
        else:
            wanted[draft.key] = key
    kept, cycles = without_cycles(wanted, before)
    names: dict[PersonKey, str] = {person.id: person.name for person in present.people} | {
        d.key: d.name for d in drafts
    }
    by_key = {draft.key: draft for draft in drafts}
    for cycle in cycles:
        _refuse_cycle(cycle, names, by_key, wanted, before, text_of, refusals)
    for draft in drafts:
        draft.manager = kept[draft.key]


def _refuse_cycle(
    cycle: Sequence[PersonKey],
    names: dict[PersonKey, str],
    by_key: dict[PersonKey, PersonPlan],
    wanted: dict[PersonKey, PersonKey | None],
    before: dict[PersonKey, PersonKey | None],
    text_of: dict[int, str],
    refusals: list[Refusal],
) -> None:
    changed = [by_key[key] for key in cycle if key in by_key and wanted[key] != before.get(key)]
    for draft in changed:
        start = cycle.index(draft.key)
        turned = [*cycle[start:], *cycle[:start]]
        told = [names[key] for key in turned[:MOST_NAMED]]
        if len(turned) > MOST_NAMED:
            told.append(f"{len(turned) - MOST_NAMED} more people")
        circle = ", who reports to ".join(told[1:])
        reason = f"{told[0]} would report to {circle}, who reports to {told[0]}: a circle. {_kept(draft)}"
        refusals.append(cell_refused(draft, "manager", text_of[draft.line], reason))


def _refused_references(rows: Sequence[PersonRow], refusals: Sequence[Refusal]) -> dict[str, int]:
    refused = {refusal.line for refusal in refusals}
    return {
        text.lower(): row.line
        for row in rows
        if row.line in refused
        for text in (row.external_id, row.email, row.name)
        if text
    }


def _kept(draft: PersonPlan) -> str:
    if draft.now is None:
        return "The person is imported without a manager."
    return "The manager stays as it is."


def cell_refused(draft: PersonPlan, column: str, value: str, reason: str) -> Refusal:
    """A refusal of one cell; the rest of the line is taken."""
    return Refusal(draft.line, column, value[:400], reason, is_whole_line=False, name=draft.name)
