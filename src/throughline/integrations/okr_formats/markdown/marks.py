"""Marks in a goal's text that become fields: owner, outcome, priority, state, labels, stated numbers."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from throughline.integrations.okr_formats.model import GoalKind, StatedNumbers

PERCENT = r"(\d{1,4}(?:\.\d{1,4})?)\s?%"
DONE_WORDS = r"(?:done|complete[d]?|finished|achieved|attainment|attained|reached|of\s+target|progress)"
ONE_OUTCOME = re.compile(
    rf"(?:{PERCENT}(?:\s+{DONE_WORDS})?|(0?\.\d+|0|1|0\.0|1\.0)|(\d{{1,4}})\s?/\s?(\d{{1,4}}))", re.I
)
TARGET_SHARE = re.compile(rf"=\s*{PERCENT}\s+of\s+(?:the\s+)?target$", re.I)
ARROW = re.compile(r"\s*(?:=+>|⇒)\s*")
SOFT_ARROW = re.compile(r"\s(?:-+>|→|➡️?)\s*")
TRAILING_OUTCOMES = (
    re.compile(rf"\s+[-–—:]\s+({PERCENT}(?:\s+{DONE_WORDS})?)$", re.I),
    re.compile(rf"\s*[(\[]({PERCENT}(?:\s+{DONE_WORDS})?)[)\]]$", re.I),
    re.compile(rf"\s+({PERCENT}\s+(?:done|completed?|finished|achieved))$", re.I),
    re.compile(r"\s*[(\[](?:score|grade)?:?\s*(0?\.\d{1,3}|1\.0+|0\.0+)[)\]]$", re.I),
    re.compile(r"\s+(?:[-–—]\s+|(?:score|grade)[:=]?\s*)(0?\.\d{1,3}|1\.0+)$", re.I),
    re.compile(r"\s*[(\[](\d{1,3}\s?/\s?\d{1,3})(?:\s+done|\s+completed?)?[)\]]$", re.I),
)
LEADING_OUTCOME = re.compile(rf"^[(\[]({PERCENT})[)\]]\s*:?\s+", re.I)
PRIORITY = r"P[0-9?]"
LEADING_PRIORITY = re.compile(rf"^(?:[\[(]({PRIORITY})[\])]\s*[:–-]?|({PRIORITY})(?:\s*:|\s+[–-]|\s))\s*")
TRAILING_PRIORITY = re.compile(rf"\s*[\[(]({PRIORITY})[\])]$")
LEADING_WIP = re.compile(r"^(?:[\[(]WIP[\])]|WIP\s*:|🚧)\s*")
TRAILING_WIP = re.compile(r"\s*[\[(]WIP(?:\s*[:,;–-]\s*([^()\[\]]*))?[\])]\.?$")
LEADING_DONE = re.compile(r"^(?:✅|☑️?|✔️?|:white_check_mark:|[\[(]DONE[\])])\s*")
TRAILING_DONE = re.compile(r"\s*(?:✅|✔️?|:white_check_mark:|[\[(](?:DONE|Done)[\])])$")
TRAILING_LABEL = re.compile(r"(?:(?<=\s)|(?<=\]))\[([A-Z][\w&/+ .-]{0,24})\]$")
TRAILING_OWNER = re.compile(r"\s*[(\[](?:owners?|dri|responsible)\s*:\s*([^()\[\]]{1,80})[)\]]$", re.I)
MENTION_OWNER = re.compile(r"\s+[(\[]?(@[\w][\w.-]{0,60}(?:[\s,]{1,3}@[\w][\w.-]{0,60}){0,5})[)\]]?$")
HEADING_NUMBER = re.compile(r"^\d{1,3}(?:\.\d{1,3})*[.)]\s+")
KIND_PREFIX = re.compile(
    r"^(?:(objectives?|goal)\s*#?\s*\d*(?:\.\d+)*\s*[:.)–—-]|(O)\d{1,2}(?:\.\d+)*\s*[:.)–—-]"
    r"|(key\s+results?|KRs?)\s*#?\s*\d*(?:\.\d+)*[a-z]?\s*[:.)–—-]"
    r"|(initiatives?|projects?)\s*#?\s*\d*(?:\.\d+)*\s*[:.)–—-])\s+(?=\S)",
    re.I,
)
NUMBER = r"([$€£]?)(\d[\d,]*(?:\.\d+)?)\s?(%|ms\b|s\b|k\b|m\b|[$€£])?"
FROM_TO = re.compile(
    rf"\bfrom\s+{NUMBER}\s+to\s+(?:a\s+|at\s+least\s+)?(?:consistent\s+|stable\s+)?{NUMBER}(?![\d%/-])", re.I
)


@dataclass(slots=True)
class Marks:
    """What was found in one text; `title` is what remains."""

    title: str
    owner: str | None = None
    outcome_text: str | None = None
    progress_0_1: tuple[float, ...] | None = None
    is_wip: bool = False
    is_done: bool | None = None
    priority: str | None = None
    wip_note: str = ""
    kind: GoalKind | None = None
    labels: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)

    def take(self, found: re.Match[str]) -> bool:
        """Moves a match from the title to the marks, unless nothing would remain."""
        rest = (self.title[: found.start()] + " " + self.title[found.end() :]).strip()
        if not re.search(r"\w", rest):
            return False
        self.marks.append(found[0].strip())
        self.title = rest
        return True


def find_marks(text: str, *, is_heading: bool = False) -> Marks:
    """Splits marks from the words of a goal. Whatever is not surely a mark stays in the title."""
    marks = Marks(title=text)
    if is_heading and (number := HEADING_NUMBER.match(text)):
        marks.take(number)
    _find_kind(marks)
    _find_arrow_outcome(marks)
    for _ in range(24):
        if not (_find_leading(marks) or _find_trailing(marks)):
            break
    if marks.outcome_text is None:
        _find_trailing_outcome(marks)
        for _ in range(24):
            if not _find_trailing(marks):
                break
    marks.labels.reverse()
    return marks


def progress_stated(text: str) -> tuple[float, ...] | None:
    """Shares between 0 and 1 when a text is nothing but outcomes ("17%, 100%"); None when it says
    anything else.
    """
    if share := TARGET_SHARE.search(text):
        return (min(float(share[1]) / 100, 1.0),)
    bare = re.sub(r"\s*\([^()]*\)\s*$", "", text).strip().rstrip(".")
    shares: list[float] = []
    for piece in re.split(r"\s*(?:,|;|\band\b|&)\s*", bare):
        found = ONE_OUTCOME.fullmatch(piece.strip())
        if found is None:
            return None
        if found[1] is not None:
            shares.append(min(float(found[1]) / 100, 1.0))
        elif found[2] is not None:
            shares.append(float(found[2]))
        elif int(found[4]) > 0:
            shares.append(min(int(found[3]) / int(found[4]), 1.0))
        else:
            return None
    return tuple(shares) or None


def stated_numbers(text: str) -> StatedNumbers | None:
    """Baseline and target where the text says "from 45% to 60%", in one unit; otherwise None."""
    found = FROM_TO.search(text)
    if found is None:
        return None
    first_sign, first, first_unit, last_sign, last, last_unit = found.groups()
    units = {(unit or "").lower() for unit in (first_sign or first_unit, last_sign or last_unit)} - {""}
    if len(units) > 1 or (first_unit and not (last_unit or last_sign)):
        return None
    return StatedNumbers(Decimal(first.replace(",", "")), Decimal(last.replace(",", "")), next(iter(units), ""))


def _find_kind(marks: Marks) -> None:
    found = KIND_PREFIX.match(marks.title)
    if found is None or not marks.take(found):
        return
    if found[1] or found[2]:
        marks.kind = "objective"
    else:
        marks.kind = "key_result" if found[3] else "initiative"


def _find_arrow_outcome(marks: Marks) -> None:
    arrow = ARROW.search(marks.title)
    if arrow is None:
        soft = list(SOFT_ARROW.finditer(marks.title))
        if soft and not re.search(r"[\d%]$", marks.title[: soft[-1].start()]):
            arrow = soft[-1] if progress_stated(marks.title[soft[-1].end() :]) is not None else None
    if arrow is None or arrow.start() == 0 or arrow.end() == len(marks.title):
        return
    marks.outcome_text = marks.title[arrow.end() :].strip()
    marks.progress_0_1 = progress_stated(marks.outcome_text)
    marks.marks.append(marks.title[arrow.start() :].strip())
    marks.title = marks.title[: arrow.start()].strip()


def _find_leading(marks: Marks) -> bool:
    if (found := LEADING_PRIORITY.match(marks.title)) and marks.priority is None and marks.take(found):
        marks.priority = found[1] or found[2]
        return True
    if (found := LEADING_WIP.match(marks.title)) and marks.take(found):
        marks.is_wip = True
        return True
    if (found := LEADING_DONE.match(marks.title)) and marks.take(found):
        marks.is_done = True
        return True
    if marks.outcome_text is None and (found := LEADING_OUTCOME.match(marks.title)) and marks.take(found):
        marks.outcome_text = found[1]
        marks.progress_0_1 = progress_stated(found[1])
        return True
    return False


def _find_trailing(marks: Marks) -> bool:
    if marks.priority is None and (found := TRAILING_PRIORITY.search(marks.title)) and marks.take(found):
        marks.priority = found[1]
        return True
    if (found := TRAILING_WIP.search(marks.title)) and marks.take(found):
        marks.is_wip, marks.wip_note = True, (found[1] or "").strip()
        return True
    if (found := TRAILING_DONE.search(marks.title)) and marks.take(found):
        marks.is_done = True
        return True
    if (found := TRAILING_LABEL.search(marks.title)) and marks.take(found):
        marks.labels.append(found[1])
        return True
    for pattern in (TRAILING_OWNER, MENTION_OWNER):
        if marks.owner is None and (found := pattern.search(marks.title)) and marks.take(found):
            marks.owner = found[1].strip()
            return True
    return False


def _find_trailing_outcome(marks: Marks) -> None:
    for pattern in TRAILING_OUTCOMES:
        found = pattern.search(marks.title)
        if found is not None and marks.take(found):
            marks.outcome_text = found[1].strip()
            marks.progress_0_1 = progress_stated(marks.outcome_text)
            return
