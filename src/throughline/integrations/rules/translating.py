"""Goals as files write them, as rows of our own table: nothing of the source is lost, nothing is guessed.

What has no field here (labels, priority, links, an owner nobody knows, a dependency without a person who answers for it)
is kept as lines of the description.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import PurePath
from typing import TypedDict

from throughline.integrations.okr_formats.model import ParsedDependency, ParsedGoal
from throughline.integrations.okr_formats.tabular.goal_table import CheckInRow, GoalRow, ParentLink
from throughline.integrations.rules.mapping import FileChoice
from throughline.integrations.rules.reading import ReadFile

TITLE_LENGTH, DESCRIPTION_LENGTH, NOTE_LENGTH, UNIT_LENGTH = 300, 8000, 4000, 40
PERCENT = re.compile(r"(\d+(?:[.,]\d+)?)\s*%")
FORBIDDEN_IN_IDS = re.compile(r"[^A-Za-z0-9._/-]")
LONGEST_KEY = 80
HUNDRED = Decimal(100)


@dataclass(slots=True)
class Translated:
    """The rows of one file with the line each stands on, and what is kept as text."""

    goals: list[GoalRow] = field(default_factory=list)
    check_ins: list[CheckInRow] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    depths: dict[str, int] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    notes: list[tuple[int, str]] = field(default_factory=list)
    owners_as_text: dict[str, int] = field(default_factory=dict)
    dependencies_as_text: int = 0


def rows_of_file(file: ReadFile, choice: FileChoice, *, owners: Mapping[str, str], state: str, on: date) -> Translated:
    """The goals and check-ins of a file in the rows our own table would have. `on` is today."""
    if file.is_table:
        return _table_rows(file, choice)
    return _Translation(file, choice, owners=owners, state=state, on=on).translated()


def goal_id(file_name: str, choice: FileChoice, *, format_key: str, key: str) -> str:
    """The id of a goal of a file: the same file, cycle and place give the same id, so that repeating is safe."""
    stem = PurePath(file_name).stem.casefold()
    scope = hashlib.sha256(f"{stem}\0{choice.cycle.name.casefold()}".encode()).hexdigest()[:12]
    plain = FORBIDDEN_IN_IDS.sub(".", key)
    if len(plain) > LONGEST_KEY or plain.replace(".", "") != key.replace(":", "").replace(".", ""):
        plain = hashlib.sha256(key.encode()).hexdigest()[:20]
    return f"{format_key}/{scope}/{plain}"


def _table_rows(file: ReadFile, choice: FileChoice) -> Translated:
    """A table of ours says everything itself; choices only fill in what it leaves out."""
    found = Translated()
    table = file.parsed.table
    if table is None:
        return found
    found.goals, found.check_ins = list(table.goals), list(table.check_ins)
    for goal in file.parsed.goals:
        found.lines[goal.key], found.depths[goal.key], found.parts[goal.key] = goal.line, goal.depth, goal.part
    return found


class _Translation:
    def __init__(self, file: ReadFile, choice: FileChoice, *, owners: Mapping[str, str], state: str, on: date) -> None:
        self.file, self.choice, self.owners, self.state, self.on = file, choice, owners, state, on
        self.by_key = {goal.key: goal for goal in file.parsed.goals}
        self.found = Translated()
        self.objectives = self._objective_keys()
        self.has_parts = {self._objective_above(goal) for goal in file.parsed.goals if goal.kind == "key_result"}
        self.beside = self._drawn_beside(file.parsed.dependencies)

    def translated(self) -> Translated:
        for goal in self.file.parsed.goals:
            self._take(goal)
        self.found.dependencies_as_text = len(self.file.parsed.dependencies)
        return self.found

    def _id(self, key: str) -> str:
        return goal_id(self.file.name, self.choice, format_key=self.file.parsed.format_key, key=key)

    def _objective_keys(self) -> set[str]:
        """Objectives, and parts that have no objective above them: those can only stand as objectives here."""
        found: set[str] = set()
        for goal in self.file.parsed.goals:
            if goal.kind == "objective":
                found.add(goal.key)
        for goal in self.file.parsed.goals:
            if goal.kind != "objective" and self._objective_above(goal, among=found) is None:
                found.add(goal.key)
                self.found.notes.append((goal.line, f"“{goal.title}” has no objective above it and was taken as one."))
        return found

    def _objective_above(self, goal: ParsedGoal, *, among: set[str] | None = None) -> str | None:
        known = self.objectives if among is None else among
        above, seen = goal.parent_key, set()
        while above is not None and above not in known and above not in seen and above in self.by_key:
            seen.add(above)
            above = self.by_key[above].parent_key
        return above if above in known else None

    def _drawn_beside(self, dependencies: Sequence[ParsedDependency]) -> dict[str, list[str]]:
        """What each goal was joined to. Nobody answers for such a line, and its direction is not reliable."""
        found: dict[str, list[str]] = defaultdict(list)
        for edge in dependencies:
            label = f" ({edge.text})" if edge.text else ""
            found[edge.source_key].append(f"Drawn before: {self.by_key[edge.target_key].title}{label}")
            found[edge.target_key].append(f"Drawn after: {self.by_key[edge.source_key].title}{label}")
        return found

    def _take(self, goal: ParsedGoal) -> None:
        is_objective = goal.key in self.objectives
        kind = "objective" if is_objective else goal.kind
        above = self._objective_above(goal)
        number = self._id(goal.key)
        emails, is_known = self._owner(goal)
        row = GoalRow(
            id=number,
            title=_short(goal.title),
            parent_ids=(ParentLink(self._id(above)),) if above is not None else (),
            kind=kind,
            description=self._description(goal, above=above, is_owner_known=is_known),
            cycle=(self.choice.cycle.name or None) if is_objective else None,
            unit=(self.choice.unit or None) if is_objective else None,
            owner_email=emails[0] if emails else None,
            co_owner_emails=tuple(emails[1:]) if is_objective else (),
            state=self._state(goal, is_objective=is_objective),
            **(_terms(goal) if kind == "key_result" else _Terms()),
        )
        self._add(row, goal, depth=goal.depth)
        if kind == "key_result":
            self._check_in(row, goal, outcomes=_outcomes(goal))
        elif _outcomes(goal):
            self._outcomes_of_unmeasured(row, goal)

    def _add(self, row: GoalRow, goal: ParsedGoal, *, depth: int) -> None:
        self.found.goals.append(row)
        self.found.lines[row.id], self.found.depths[row.id], self.found.parts[row.id] = goal.line, depth, goal.part

    def _owner(self, goal: ParsedGoal) -> tuple[list[str], bool]:
        """E-mail addresses of the owner named, and whether every name is covered by one."""
        named = (goal.owner or "").strip()
        if not named:
            return [], True
        chosen = [email.strip().lower() for email in self.owners.get(named, "").split(",") if email.strip()]
        if not chosen:
            self.found.owners_as_text[named] = self.found.owners_as_text.get(named, 0) + 1
        return list(dict.fromkeys(chosen)), bool(chosen)

    def _description(self, goal: ParsedGoal, *, above: str | None, is_owner_known: bool) -> str | None:
        lines = [goal.description.strip()] if goal.description.strip() else []
        kept: list[str] = []
        if _short(goal.title) != goal.title:
            kept.append(f"In full: {goal.title}")
        parent = self.by_key.get(goal.parent_key or "")
        if parent is not None and parent.key != above:
            kept.append(f"Under the {parent.kind.replace('_', ' ')}: {_short(parent.title)}")
        if goal.owner and goal.owner.strip() and not is_owner_known:
            kept.append(f"Owner in the file: {goal.owner.strip()}")
        if goal.priority:
            kept.append(f"Priority: {goal.priority}")
        if goal.labels:
            kept.append(f"Labels: {', '.join(goal.labels)}")
        if goal.is_wip:
            kept.append("Marked as work in progress (WIP)")
        if goal.is_struck:
            kept.append("Struck out in the file")
        if goal.is_done is not None and not goal.is_struck:
            kept.append("Ticked as done in the file" if goal.is_done else "Not ticked in the file")
        if goal.outcome_text:
            kept.append(f"Outcome in the file: {goal.outcome_text}")
        kept += self.beside.get(goal.key, [])
        kept += [f"Link: {link.text}: {link.url}" if link.text else f"Link: {link.url}" for link in goal.links]
        text = "\n\n".join([*lines, "\n".join(kept)] if kept else lines)
        if len(text) > DESCRIPTION_LENGTH:
            self.found.notes.append(
                (goal.line, f"The description of “{_short(goal.title)}” was cut at {DESCRIPTION_LENGTH:,} characters.")
            )
            text = text[: DESCRIPTION_LENGTH - 1] + "…"
        return text or None

    def _state(self, goal: ParsedGoal, *, is_objective: bool) -> str:
        if goal.is_struck:
            return "dropped"
        if goal.is_done:
            return "closed"
        if not is_objective:
            return "active"
        return "candidate" if goal.is_wip else self.state

    def _check_in(self, row: GoalRow, goal: ParsedGoal, *, outcomes: Sequence[Decimal]) -> None:
        note = f"Outcome in the file: {goal.outcome_text}" if goal.outcome_text else ""
        if outcomes:
            percent = sum(outcomes, Decimal(0)) / len(outcomes)
            if len(outcomes) > 1:
                note += ". The value is the mean of these."
        elif goal.is_done:
            percent, note = HUNDRED, note or "Ticked as done in the file"
        else:
            return
        baseline, target = row.baseline or Decimal(0), row.target if row.target is not None else HUNDRED
        if (baseline, target) != (Decimal(0), HUNDRED):
            note += f". Read as the share reached of the way from {baseline:f} to {target:f}."
        value = (baseline + percent / HUNDRED * (target - baseline)).quantize(Decimal("0.000001")).normalize()
        self.found.check_ins.append(
            CheckInRow(goal_id=row.id, on=self._day(), value=Decimal(format(value, "f")), note=note[:NOTE_LENGTH])
        )

    def _outcomes_of_unmeasured(self, row: GoalRow, goal: ParsedGoal) -> None:
        """An objective has no value of its own: without key results each stated outcome becomes one, else a note."""
        outcomes = _outcomes(goal)
        if row.kind != "objective" or goal.key in self.has_parts:
            self.found.check_ins.append(
                CheckInRow(
                    goal_id=row.id, on=self._day(), note=f"Outcome in the file: {goal.outcome_text}"[:NOTE_LENGTH]
                )
            )
            return
        for place, percent in enumerate(outcomes, start=1):
            title = "Outcome stated in the file" + (f", {place} of {len(outcomes)}" if len(outcomes) > 1 else "")
            part = GoalRow(
                id=f"{row.id}/{place}",
                title=title,
                parent_ids=(ParentLink(row.id),),
                kind="key_result",
                state="active",
                **_PERCENT_TERMS,
            )
            self._add(part, goal, depth=goal.depth + 1)
            self.found.check_ins.append(
                CheckInRow(
                    goal_id=part.id,
                    on=self._day(),
                    value=percent,
                    note=f"Outcome in the file: {goal.outcome_text}"[:NOTE_LENGTH],
                )
            )

    def _day(self) -> date:
        ends_on = self.choice.cycle.ends_on
        return ends_on if ends_on is not None and ends_on < self.on else self.on


class _Terms(TypedDict, total=False):
    """How a key result is measured, as far as a row of our table says it; nothing for an objective."""

    key_result_kind: str
    metric_unit: str | None
    baseline: Decimal
    target: Decimal


_PERCENT_TERMS: _Terms = {
    "key_result_kind": "increase_to",
    "metric_unit": "%",
    "baseline": Decimal(0),
    "target": HUNDRED,
}


def _terms(goal: ParsedGoal) -> _Terms:
    """How a key result is measured: by the numbers the text states, else as a share of a hundred per cent."""
    numbers = goal.numbers
    if numbers is None or numbers.baseline is None or numbers.target is None or numbers.baseline == numbers.target:
        return _PERCENT_TERMS
    grows = numbers.target > numbers.baseline
    return {
        "key_result_kind": "increase_to" if grows else "decrease_to",
        "metric_unit": numbers.unit[:UNIT_LENGTH] or None,
        "baseline": numbers.baseline,
        "target": numbers.target,
    }


def _outcomes(goal: ParsedGoal) -> list[Decimal]:
    """The outcomes stated, in per cent. What was written counts where it is plain (120 %), else the share read."""
    if not goal.progress_0_1:
        return []
    written = [Decimal(found.replace(",", ".")) for found in PERCENT.findall(goal.outcome_text or "")]
    if len(written) == len(goal.progress_0_1):
        return written
    return [(Decimal(str(round(share, 6))) * HUNDRED).normalize() for share in goal.progress_0_1]


def _short(title: str) -> str:
    if len(title) <= TITLE_LENGTH:
        return title
    cut = title[: TITLE_LENGTH - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[TITLE_LENGTH // 2 :] else cut) + "…"
