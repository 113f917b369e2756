"""An objective's content as exact text, and what a change of it means for signatures. Pure.

Content is the JSON of a GoalVersion; `names` gives words for references in it ("person:3").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from throughline.ledger.subjects import ChangeKind

Content = Mapping[str, Any]

# Whoever changes one of these asks everyone again: they are what was promised, by whom and until when.
_TERMS = ("level", "unit", "owner", "co_owners", "cycle", "theme", "serves", "starts_on", "ends_on",
          "metric_key", "metric_unit")  # fmt: skip
_WORDS = ("title", "description")
_PART_TERMS = ("owner", "measure", "baseline", "target", "low", "high", "metric_key", "metric_unit",
               "starts_on", "ends_on")  # fmt: skip
_MEASURE_WORDS = {
    "increase_to": "increase",
    "decrease_to": "decrease",
    "keep_within": "keep",
    "milestones": "milestones",
}


def content_changes(old: Content, new: Content, *, is_editorial: bool) -> frozenset[ChangeKind]:
    """What changed from one content to the next. Wording declared editorial counts as editorial, nothing else does."""
    found: set[ChangeKind] = set()
    if _differs(old, new, _TERMS):
        found.add(ChangeKind.TERMS)
    has_words = _differs(old, new, _WORDS)
    before, after = _by_id(old["key_results"]), _by_id(new["key_results"])
    if before.keys() != after.keys():
        found.add(ChangeKind.PARTS)
    for number in before.keys() & after.keys():
        has_words = has_words or _differs(before[number], after[number], _WORDS)
        found |= _part_changes(before[number], after[number])
    if old["initiatives"] != new["initiatives"]:
        found.add(ChangeKind.PARTS)
    if old["alignments"] != new["alignments"]:
        found.add(ChangeKind.UPWARD)
    if old["dependencies"] != new["dependencies"]:
        found.add(ChangeKind.SIDEWAYS)
    if has_words:
        found.add(ChangeKind.EDITORIAL if is_editorial else ChangeKind.WORDING)
    return frozenset(found)


def _differs(old: Content, new: Content, keys: Sequence[str]) -> bool:
    return any(old[key] != new[key] for key in keys)


def _by_id(parts: Sequence[Content]) -> dict[int, Content]:
    return {part["id"]: part for part in parts}


def _part_changes(old: Content, new: Content) -> set[ChangeKind]:
    found: set[ChangeKind] = set()
    if _differs(old, new, _PART_TERMS):
        found.add(ChangeKind.TERMS)
    if old["weight"] != new["weight"]:
        found.add(ChangeKind.PARTS)
    before, after = _by_id(old["milestones"]), _by_id(new["milestones"])
    if any(before[number]["due_on"] != after[number]["due_on"] for number in before.keys() & after.keys()):
        found.add(ChangeKind.TERMS)
    stripped = [[{**item, "due_on": None} for item in part["milestones"]] for part in (old, new)]
    if stripped[0] != stripped[1]:
        found.add(ChangeKind.PARTS)
    return found


def version_text(content: Content, names: Mapping[str, str]) -> str:
    """The text people sign: every promise of the goal in plain lines, the same content always the same text."""
    lines = [content["title"]]
    if content["description"]:
        lines += ["", content["description"]]
    lines += ["", *_facts(content, names)]
    for heading, parts in (
        ("Key results", [_key_result_line(part, names) for part in content["key_results"]]),
        ("Initiatives", [_initiative_line(part, names) for part in content["initiatives"]]),
        ("Aligned to", [_alignment_line(item, names) for item in content["alignments"]]),
        ("Depends on", [_dependency_line(item, names) for item in content["dependencies"]]),
    ):
        if parts:
            lines += ["", heading, *(f"- {part}" for part in parts)]
    return "\n".join(lines)


def _facts(content: Content, names: Mapping[str, str]) -> list[str]:
    level = {"organisation": "the organisation", "person": "its owner"}.get(content["level"], "a unit")
    whose = names.get(f"unit:{content['unit']}", level)
    facts = [f"Goal of: {level if content['level'] == 'organisation' else whose}"]
    facts.append(f"Owner: {_name(names, 'person', content['owner'])}")
    if content["co_owners"]:
        facts.append("Co-owners: " + ", ".join(_name(names, "person", person) for person in content["co_owners"]))
    if content["cycle"] is not None:
        facts.append(f"Cycle: {_name(names, 'cycle', content['cycle'])}")
    if content["theme"] is not None:
        facts.append(f"Strategic theme: {_name(names, 'theme', content['theme'])}")
    if content["serves"]:
        kind, _, number = content["serves"].partition(":")
        plain = f"{kind.partition('.')[2].replace('_', ' ')} {number}"
        facts.append(f"Serves: {names.get('serves:' + content['serves'], plain)}")
    if content["starts_on"] or content["ends_on"]:
        facts.append(f"From {content['starts_on'] or 'now'} to {content['ends_on'] or 'its end'}")
    if content["metric_key"]:
        facts.append(f"Counted in: {content['metric_key']} ({content['metric_unit'] or 'no unit'})")
    return facts


def _name(names: Mapping[str, str], key: str, number: int | None) -> str:
    return "nobody yet" if number is None else names.get(f"{key}:{number}", f"{key} {number}")


def _number(value: float | None) -> str:
    return "?" if value is None else f"{value:g}" if abs(value) < 1e6 else f"{value:.15g}"


def _key_result_line(part: Content, names: Mapping[str, str]) -> str:
    unit = f" {part['metric_unit']}" if part["metric_unit"] else ""
    if part["measure"] == "milestones":
        terms = "milestones: " + "; ".join(
            item["title"] + (f" by {item['due_on']}" if item["due_on"] else "") for item in part["milestones"]
        )
    elif part["measure"] == "keep_within":
        terms = f"keep between {_number(part['low'])} and {_number(part['high'])}{unit}"
    else:
        verb = _MEASURE_WORDS[part["measure"]]
        terms = f"{verb} from {_number(part['baseline'])} to {_number(part['target'])}{unit}"
    return f"{part['title']}: {terms}{_tail(part, names)}"


def _tail(part: Content, names: Mapping[str, str]) -> str:
    tail = f" by {part['ends_on']}" if part["ends_on"] else ""
    if part["owner"] is not None:
        tail += f" ({_name(names, 'person', part['owner'])})"
    if part.get("weight", 1) != 1:
        tail += f", weight {_number(part['weight'])}"
    return tail + (f". {part['description']}" if part["description"] else "")


def _initiative_line(part: Content, names: Mapping[str, str]) -> str:
    return f"{part['title']}{_tail(part, names)}"


def _alignment_line(item: Content, names: Mapping[str, str]) -> str:
    weight = "" if item["weight"] == 1 else f", weight {_number(item['weight'])}"
    return f"{item['rule']} to {_name(names, 'goal', item['parent'])}{weight}"


def _dependency_line(item: Content, names: Mapping[str, str]) -> str:
    needed = f" by {item['needed_on']}" if item["needed_on"] else ""
    return f"{item['text']}{needed} ({_name(names, 'person', item['provider'])})"
