"""From a tree of nodes to the parsed file: kinds, owners, keys, cycle."""

import hashlib
import re
from dataclasses import dataclass, replace

from throughline.integrations.okr_formats.file_text import decode_file, require_line_lengths, split_lines
from throughline.integrations.okr_formats.markdown.blocks import scan_blocks
from throughline.integrations.okr_formats.markdown.cycles import cycle_named, dates_stated, year_named
from throughline.integrations.okr_formats.markdown.marks import stated_numbers
from throughline.integrations.okr_formats.markdown.nodes import Node, Tree, build_tree
from throughline.integrations.okr_formats.markdown.owners import OwnerStyle, find_owner, owner_style
from throughline.integrations.okr_formats.model import (
    CycleHint,
    FilePart,
    GoalKind,
    ParsedFile,
    ParsedGoal,
    ParsedLink,
    UnreadableFile,
    UnreadLine,
)


@dataclass(frozen=True, slots=True)
class MarkdownStyle:
    """What tells one way of writing goals in Markdown from another."""

    format_key: str
    reads_owner_before_colon: bool
    reads_labels_as_owner: bool


def read_markdown(data: bytes, name: str, *, style: MarkdownStyle) -> ParsedFile:
    """The goals of a Markdown file. Raises UnreadableFile."""
    decoded = decode_file(data, name)
    lines = split_lines(decoded.text)
    require_line_lengths(lines, name)
    tree = build_tree(scan_blocks(lines))
    _set_remarks_apart(tree)
    _set_retrospective_headings_apart(tree)
    _set_owners(tree, style)
    kinds = _kinds(tree)
    goals = _goals(tree, kinds)
    notes = list(decoded.notes)
    if not goals and not tree.unread:
        raise UnreadableFile(f"{name} holds no heading and no list, so no goal was found. Choose another format.")
    if not goals:
        notes.append("No goal was found in this file; see the lines that were not understood.")
    return ParsedFile(
        format_key=style.format_key,
        title=tree.title,
        cycle_hint=_cycle(tree, name),
        goals=goals,
        dependencies=(),
        structure=tuple(sorted(tree.structure, key=lambda line: line.line)),
        unread=tuple(sorted(tree.unread, key=lambda line: line.line)),
        notes=tuple(notes),
        parts=(FilePart("", len(lines)),),
    )


def _goal_children(node: Node) -> list[Node]:
    """Goals right below a node, looking through headings that only group."""
    return [child for child in node.children if child.is_goal]


def _goal_parent(node: Node) -> Node | None:
    parent = node.parent
    while parent is not None and not parent.is_goal:
        parent = parent.parent
    return parent


def _set_remarks_apart(tree: Tree) -> None:
    """Bullets below a numbered goal that already states its outcome, and that say nothing of their
    own, are remarks.
    """
    taken: set[int] = set()
    for node in tree.nodes:
        children = _goal_children(node)
        if node.is_heading or not children or node.block.marker != "number" or node.marks.outcome_text is None:
            continue
        if any(child.block.marker != "bullet" or child.children or _says_more(child) for child in children):
            continue
        for child in children:
            node.description.append("- " + child.plain.text)
            node.description += child.description
            node.lines += child.lines
            node.links += child.links
            taken.add(id(child))
        node.children = []
    tree.nodes = [node for node in tree.nodes if id(node) not in taken]


def _says_more(node: Node) -> bool:
    marks = node.marks
    return bool(marks.outcome_text or marks.owner or marks.priority or marks.kind or node.block.is_checked is not None)


def _set_retrospective_headings_apart(tree: Tree) -> None:
    """A heading with nothing below it but the remarks of a retrospective is no goal."""
    unread_lines = {line.line for line in tree.unread if "retrospective" in line.reason}
    if not unread_lines:
        return
    headings = [node for node in tree.nodes if node.is_heading]
    starts = sorted(node.lines[0] for node in tree.nodes)
    for node in reversed(headings):
        if _goal_children(node):
            continue
        following = next((start for start in starts if start > node.lines[0]), 10**9)
        if not any(node.lines[0] < line < following for line in unread_lines) and not node.is_remark:
            continue
        node.is_remark, node.is_goal = True, False
        tree.nodes.remove(node)
        text = node.block.raw[0].strip()
        tree.unread += [UnreadLine(line, text, "heads a retrospective, not a goal") for line in node.lines]
        ancestor = node.parent
        while ancestor is not None:
            ancestor.children = [child for child in ancestor.children if child is not node]
            if ancestor.is_goal and not ancestor.children and ancestor.is_heading:
                unread_lines.add(ancestor.lines[0] + 1)
                starts = [start for start in starts if start != node.lines[0]]
            ancestor = ancestor.parent


def _set_owners(tree: Tree, style: MarkdownStyle) -> None:
    texts = [node.marks.title for node in tree.nodes if not node.is_heading]
    found_style = owner_style(texts) if style.reads_owner_before_colon else OwnerStyle(False, frozenset())
    for node in tree.nodes:
        if node.marks.owner is None:
            owner = find_owner(node.marks.title, found_style, leading_link=node.plain.leading_link)
            if owner is not None:
                node.marks.owner, node.marks.title = owner.name, owner.rest
                node.marks.marks.append(owner.mark)
        if node.marks.owner is None and style.reads_labels_as_owner and node.marks.labels:
            node.marks.owner = ", ".join(node.marks.labels)


def _kinds(tree: Tree) -> dict[int, GoalKind]:
    """The kind of each goal: what it says itself, else its place.

    Headings and outermost list items that have parts are objectives; a checkbox or a leaf below an
    objective is a key result; what lies below a key result is an initiative. Once one item of an outermost
    list has parts, all its siblings without a checkbox are objectives.
    """
    kinds: dict[int, GoalKind] = {}
    siblings: dict[int, list[Node]] = {}
    for node in tree.nodes:
        siblings.setdefault(id(node.parent), []).append(node)
    for node in tree.nodes:
        parent = _goal_parent(node)
        kinds[id(node)] = _kind(node, None if parent is None else kinds[id(parent)], siblings[id(node.parent)])
    return kinds


def _kind(node: Node, parent_kind: GoalKind | None, siblings: list[Node]) -> GoalKind:
    if parent_kind is None:
        return "objective"
    if parent_kind != "objective":
        return "initiative"
    section = node.parent.section_kind if node.parent is not None else None
    stated = node.kind_stated or section
    if stated is not None:
        return stated
    if node.is_heading:
        return "objective"
    if node.block.is_checked is not None:
        return "key_result"
    if _goal_children(node):
        return "objective"
    is_outermost = node.parent is None or node.parent.is_heading
    has_parts_beside = any(
        not other.is_heading and other.block.is_checked is None and _goal_children(other) for other in siblings
    )
    return "objective" if is_outermost and has_parts_beside else "key_result"


def _goals(tree: Tree, kinds: dict[int, GoalKind]) -> tuple[ParsedGoal, ...]:
    keys: dict[int, str] = {}
    depths: dict[int, int] = {}
    seen: dict[tuple[str, str], int] = {}
    goals: list[ParsedGoal] = []
    for node in tree.nodes:
        parent = _goal_parent(node)
        parent_key = None if parent is None else keys[id(parent)]
        place = (parent_key or "", node.marks.title)
        seen[place] = seen.get(place, 0) + 1
        keys[id(node)] = _key(parent_key, node.marks.title, seen[place])
        depths[id(node)] = 0 if parent is None else depths[id(parent)] + 1
        goal = _goal(node, kinds[id(node)])
        goals.append(replace(goal, key=keys[id(node)], parent_key=parent_key, depth=depths[id(node)]))
    return tuple(goals)


def _goal(node: Node, kind: GoalKind) -> ParsedGoal:
    marks = node.marks
    description = [f"WIP: {marks.wip_note}"] if marks.wip_note else []
    is_done = node.block.is_checked if marks.is_done is None else marks.is_done
    return ParsedGoal(
        key="",
        line=node.lines[0],
        depth=0,
        kind=kind,
        title=marks.title,
        description="\n\n".join(description + node.description),
        owner=marks.owner,
        links=_unrepeated(node.links),
        outcome_text=marks.outcome_text,
        progress_0_1=marks.progress_0_1,
        is_wip=marks.is_wip,
        is_done=is_done,
        is_struck=node.plain.is_struck,
        priority=marks.priority,
        labels=tuple(marks.labels),
        marks=tuple(marks.marks),
        numbers=stated_numbers(marks.title),
        lines=tuple(sorted(node.lines)),
    )


def _unrepeated(links: list[ParsedLink]) -> tuple[ParsedLink, ...]:
    return tuple(dict.fromkeys(links))


def _key(parent_key: str | None, title: str, occurrence: int) -> str:
    """The same for the same goal in a later version of the file, so that importing again repeats nothing."""
    words = re.sub(r"\W+", " ", title.casefold()).strip()
    digest = hashlib.sha256(f"{parent_key or ''}\n{words}\n{occurrence}".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:20]


def _cycle(tree: Tree, name: str) -> CycleHint | None:
    stated = dates_stated(tree.date_text)
    texts = [*tree.cycle_texts, tree.title, tree.date_text, re.sub(r"\.[A-Za-z]{1,8}$", "", name)]
    hint = next((found for text in texts if (found := cycle_named(text))), None)
    if hint is None:
        hint = next((found for text in texts if (found := year_named(text))), None)
    if hint is not None and stated is not None:
        return CycleHint(hint.name, *stated)
    return hint
