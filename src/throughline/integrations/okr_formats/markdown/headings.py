"""What headings say besides naming a goal: the document, a section, a table of contents, a retrospective."""

import re

from throughline.integrations.okr_formats.markdown.blocks import Block
from throughline.integrations.okr_formats.markdown.cycles import OKR_WORDS, cycle_named, is_only_a_cycle
from throughline.integrations.okr_formats.markdown.inline import plain_text
from throughline.integrations.okr_formats.markdown.marks import KIND_PREFIX
from throughline.integrations.okr_formats.model import GoalKind

CONTENTS_HEADING = re.compile(r"^(?:on this page|(?:table of )?contents|toc|index)\W*$", re.I)
SECTION_HEADING = re.compile(
    r"^(?:(objectives?|goals?)|(key results?|krs?|results|measures)"
    r"|(initiatives?|projects?|actions?|how))\W*$",
    re.I,
)
RETROSPECTIVE = re.compile(
    r"^(?:good|bad|try|keep|stop|start|drop|more|less|what went well|what (?:did ?n.t|could|went wrong).*"
    r"|what (?:to|we will|we'll) (?:improve|change|try).*"
    r"|lessons(?: learned)?|retro(?:spective)?s?(?: notes)?)\W*$",
    re.I,
)
RETROSPECTIVE_HEADING = re.compile(r"\b(?:retrospectives?|retro|lessons learned|post[- ]?mortem)\b", re.I)


def section_kind(section: re.Match[str]) -> GoalKind:
    return "objective" if section[1] else "key_result" if section[2] else "initiative"


def title_block(headings: list[Block]) -> Block | None:
    """The heading that names the document: the first, alone on its level, with others below or no
    words of its own.
    """
    if not headings:
        return None
    first = headings[0]
    text = plain_text(first.text).text
    if KIND_PREFIX.match(text) or any(block.level <= first.level for block in headings[1:]):
        return None
    if is_only_a_cycle(text) or (text and not OKR_WORDS.sub("", text)):
        return first
    says_okr = re.search(r"\b(?:okrs?|objectives|goals)\b", text, re.I) or cycle_named(text)
    others = [block for block in headings[1:] if not SECTION_HEADING.match(plain_text(block.text).text)]
    return first if others and (first.level == 1 or says_okr) else None
