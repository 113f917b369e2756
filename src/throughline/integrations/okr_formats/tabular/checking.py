"""Rows to a parsed file: every row becomes a goal or a check-in, or is refused with all its reasons."""

from collections import defaultdict
from dataclasses import dataclass, field

from throughline.integrations.okr_formats.model import (
    FilePart,
    GoalKind,
    ParsedCheckIn,
    ParsedFile,
    ParsedGoal,
    StatedNumbers,
    StructureLine,
    UnreadableFile,
    UnreadLine,
)
from throughline.integrations.okr_formats.tabular.columns import (
    CHECK_IN_COLUMNS,
    GOAL_COLUMNS,
    check_in_of_row,
    goal_of_row,
)
from throughline.integrations.okr_formats.tabular.goal_table import CheckInRow, GoalRow, GoalTable
from throughline.integrations.okr_formats.tabular.sheets import RawRow, Sheet


@dataclass(slots=True)
class _Candidate:
    row: RawRow
    part: str
    goal: GoalRow
    problems: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Result:
    candidates: list[_Candidate] = field(default_factory=list)
    check_ins: list[tuple[RawRow, str, CheckInRow]] = field(default_factory=list)
    structure: list[StructureLine] = field(default_factory=list)
    unread: list[UnreadLine] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def refuse(self, row: RawRow, part: str, problems: list[str] | tuple[str, ...]) -> None:
        reason = "; ".join(problems)
        if not row.lines:
            # The row shares its line with an earlier one, which already accounts for the line.
            self.notes.append(f"Line {row.line} was refused in part: {reason}: {row.text}")
        self.unread += [UnreadLine(line, row.text if line == row.line else "", reason, part) for line in row.lines]


def holds_goals(sheet: Sheet) -> bool:
    return {"id", "title"} <= set(sheet.columns)


def holds_check_ins(sheet: Sheet) -> bool:
    return {"goal_id", "on"} <= set(sheet.columns)


def check_sheets(sheets: list[Sheet], name: str, *, format_key: str) -> ParsedFile:
    """The goals and check-ins of the sheets given. Raises UnreadableFile when no sheet holds either."""
    result = _Result()
    used = [sheet for sheet in sheets if holds_goals(sheet) or holds_check_ins(sheet)]
    if not used:
        raise UnreadableFile(
            f"{name} has no table of goals: no row names the columns id and title (or goal_id "
            f"and on for check-ins). "
            f"The columns of the template are {', '.join(GOAL_COLUMNS)}."
        )
    for sheet in sheets:
        if sheet not in used and sheet.line_count:
            result.notes.append(
                f"Sheet “{sheet.part}” ({sheet.line_count} rows) was not read: it names neither "
                f"id and title, nor goal_id and on."
            )
    for sheet in used:
        _read_sheet(sheet, result)
    _refuse_repeated(result)
    _refuse_cycles(result)
    _refuse_missing_parents(result)
    has_goals = any(holds_goals(sheet) for sheet in used)
    return _parsed_file(result, used, format_key=format_key, has_goals=has_goals)


def _read_sheet(sheet: Sheet, result: _Result) -> None:
    is_goals = holds_goals(sheet)
    known = GOAL_COLUMNS if is_goals else CHECK_IN_COLUMNS
    place = f"Sheet “{sheet.part}”, line" if sheet.part else "Line"
    for column in dict.fromkeys(sheet.columns):
        if column and column not in known:
            result.notes.append(f"{place} {sheet.header_lines[0]}: column “{column}” is not known and was left out.")
        if column and sheet.columns.count(column) > 1:
            result.notes.append(
                f"{place} {sheet.header_lines[0]}: column “{column}” appears twice; the last one counts."
            )
    result.notes += sheet.notes
    result.structure += [StructureLine(line, "header", sheet.part) for line in sheet.header_lines]
    result.structure += [StructureLine(line, "blank", sheet.part) for line in sheet.blank_lines]
    for row in sheet.rows:
        if is_goals:
            goal, problems = goal_of_row(row)
            if goal is not None:
                result.candidates.append(_Candidate(row, sheet.part, goal))
        else:
            check_in, problems = check_in_of_row(row)
            if check_in is not None:
                result.check_ins.append((row, sheet.part, check_in))
        if problems:
            result.refuse(row, sheet.part, problems)


def _drop_refused(result: _Result) -> None:
    for candidate in result.candidates:
        if candidate.problems:
            result.refuse(candidate.row, candidate.part, candidate.problems)
    result.candidates = [candidate for candidate in result.candidates if not candidate.problems]


def _refuse_repeated(result: _Result) -> None:
    first: dict[str, _Candidate] = {}
    for candidate in result.candidates:
        earlier = first.setdefault(candidate.goal.id, candidate)
        if earlier is not candidate:
            candidate.problems.append(f"id {candidate.goal.id} was already used in line {earlier.row.line}")
    _drop_refused(result)


def _refuse_cycles(result: _Result) -> None:
    """Takes away goals without parents until only those on or above a cycle are left, then walks the
    cycle.
    """
    by_id = {candidate.goal.id: candidate for candidate in result.candidates}
    waiting = {
        goal_id: {link.goal_id for link in candidate.goal.parent_ids if link.goal_id in by_id}
        for goal_id, candidate in by_id.items()
    }
    children: dict[str, list[str]] = defaultdict(list)
    for goal_id, parents in waiting.items():
        for parent in parents:
            children[parent].append(goal_id)
    free = [goal_id for goal_id, parents in waiting.items() if not parents]
    while free:
        goal_id = free.pop()
        for child in children[goal_id]:
            waiting[child].discard(goal_id)
            if not waiting[child]:
                free.append(child)
    stuck = {goal_id for goal_id, parents in waiting.items() if parents}
    _name_circles(by_id, {goal_id: waiting[goal_id] & stuck for goal_id in by_id if goal_id in stuck})
    _drop_refused(result)


def _name_circles(by_id: dict[str, _Candidate], stuck_parents: dict[str, set[str]]) -> None:
    """Walks from each stuck goal to its parents until a goal comes back; those between are the circle."""
    walked: set[str] = set()
    for start in stuck_parents:
        path: list[str] = []
        here = start
        while here not in walked:
            walked.add(here)
            path.append(here)
            here = min(stuck_parents[here])
        if here in path:
            circle = path[path.index(here) :]
            shown = " > ".join([*circle[:8], "…"] if len(circle) > 8 else [*circle, here])
            for member in circle:
                by_id[member].problems.append(f"its parents lead back to itself: {shown}")


def _refuse_missing_parents(result: _Result) -> None:
    refused_or_absent = True
    while refused_or_absent:
        present = {candidate.goal.id for candidate in result.candidates}
        for candidate in result.candidates:
            for link in candidate.goal.parent_ids:
                if link.goal_id not in present:
                    candidate.problems.append(f"its parent {link.goal_id} is not in this file, or its line was refused")
        refused_or_absent = any(candidate.problems for candidate in result.candidates)
        _drop_refused(result)


def _parsed_file(result: _Result, used: list[Sheet], *, format_key: str, has_goals: bool) -> ParsedFile:
    present = {candidate.goal.id for candidate in result.candidates}
    check_ins: list[ParsedCheckIn] = []
    for row, part, check_in in result.check_ins:
        if has_goals and check_in.goal_id not in present:
            result.refuse(row, part, [f"its goal {check_in.goal_id} is not in this file, or its line was refused"])
        else:
            check_ins.append(ParsedCheckIn(check_in, row.line, row.lines, part))
    if check_ins and not has_goals:
        result.notes.append("The file holds check-ins only; their goals are looked up by id when they are imported.")
    table = GoalTable(
        tuple(candidate.goal for candidate in result.candidates),
        tuple(check_in.row for check_in in check_ins),
    )
    return ParsedFile(
        format_key=format_key,
        title="",
        cycle_hint=None,
        goals=_parsed_goals(result.candidates),
        dependencies=(),
        structure=tuple(sorted(result.structure, key=lambda line: (line.part, line.line))),
        unread=tuple(sorted(result.unread, key=lambda line: (line.part, line.line))),
        notes=tuple(dict.fromkeys(result.notes)),
        parts=tuple(FilePart(sheet.part, sheet.line_count) for sheet in used),
        check_ins=tuple(check_ins),
        table=table,
    )


def _parsed_goals(candidates: list[_Candidate]) -> tuple[ParsedGoal, ...]:
    parent_of = {
        candidate.goal.id: candidate.goal.parent_ids[0].goal_id if candidate.goal.parent_ids else None
        for candidate in candidates
    }
    depths: dict[str, int] = {}
    for goal_id in parent_of:
        path: list[str] = []
        above: str | None = goal_id
        while above is not None and above not in depths:
            path.append(above)
            above = parent_of[above]
        depth = -1 if above is None else depths[above]
        for member in reversed(path):
            depth += 1
            depths[member] = depth
    return tuple(_parsed_goal(candidate, depths[candidate.goal.id]) for candidate in candidates)


def _parsed_goal(candidate: _Candidate, depth: int) -> ParsedGoal:
    goal = candidate.goal
    kinds: dict[str | None, GoalKind] = {
        "objective": "objective",
        "key_result": "key_result",
        "initiative": "initiative",
        None: "objective" if goal.key_result_kind is None else "key_result",
    }
    numbers = None
    if goal.baseline is not None or goal.target is not None:
        numbers = StatedNumbers(goal.baseline, goal.target, goal.metric_unit or "")
    return ParsedGoal(
        key=goal.id,
        line=candidate.row.line,
        depth=depth,
        kind=kinds[goal.kind],
        title=goal.title,
        description=goal.description or "",
        owner=goal.owner_email,
        parent_key=goal.parent_ids[0].goal_id if goal.parent_ids else None,
        labels=(goal.theme,) if goal.theme else (),
        numbers=numbers,
        lines=candidate.row.lines,
        part=candidate.part,
    )
