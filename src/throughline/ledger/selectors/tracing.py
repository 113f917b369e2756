"""The line through a subject: what prompted it, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from throughline.kernel.actor import Actor
from throughline.kernel.ids import SubjectRef
from throughline.ledger.selectors.history import link_steps
from throughline.ledger.subjects import Station, SubjectCard, subject_cards, subject_type

# Deeper than any real line (voice, theme, goal, parent goals, purpose); stops walks through tangled links.
MAX_DEPTH = 8
# More things of one kind on one level than this become one station that counts them.
FOLD_ABOVE = 2
# A value that a whole company advances has a hundred thousand goals on one level; a line names so many and says so.
MOST_ON_A_LEVEL = 50
_Step = tuple[SubjectRef, str, int, SubjectRef]


@dataclass(frozen=True, slots=True)
class TraceNode:
    """One subject on a line. `depth` counts steps away from the start; `card` is None when hidden from the actor."""

    ref: SubjectRef
    relation: str
    depth: int
    card: SubjectCard | None
    via: SubjectRef


@dataclass(frozen=True, slots=True)
class Trace:
    """The whole line of a subject: `upstream` and `downstream` nearest first."""

    here: SubjectRef
    card: SubjectCard | None
    upstream: tuple[TraceNode, ...]
    downstream: tuple[TraceNode, ...]


def trace_of(actor: Actor, ref: SubjectRef) -> Trace:
    """Walk the links both ways from a subject: fifty things on each level, each shown once; a query a level."""
    up, down = _walk(actor, ref)
    return _trace(actor, ref, up, down, [ref, *(step[0] for step in up), *(step[0] for step in down)])


def _strip_of(actor: Actor, ref: SubjectRef) -> Trace:
    """The same, with cards only for what a strip names: what it counts is not looked up."""
    up, down = _walk(actor, ref)
    named = [
        step[0] for steps in (up, down) for group in _by_level(steps) for step in group if len(group) <= FOLD_ABOVE
    ]
    return _trace(actor, ref, up, down, [ref, *named])


def _trace(
    actor: Actor, ref: SubjectRef, up: Sequence[_Step], down: Sequence[_Step], wanted: Sequence[SubjectRef]
) -> Trace:
    cards = subject_cards(actor, wanted)

    def shown(steps: Sequence[_Step]) -> tuple[TraceNode, ...]:
        return tuple(TraceNode(at, relation, depth, cards.get(at), via) for at, relation, depth, via in steps)

    return Trace(here=ref, card=cards.get(ref), upstream=shown(up), downstream=shown(down))


def _by_level(steps: Sequence[_Step]) -> list[list[_Step]]:
    groups: dict[tuple[int, str], list[_Step]] = {}
    for step in steps:
        groups.setdefault((step[2], step[0].kind), []).append(step)
    return list(groups.values())


def _walk(actor: Actor, start: SubjectRef) -> tuple[list[_Step], list[_Step]]:
    """Upstream and downstream steps, nearest first; both directions take a level in one query."""
    seen = {direction: {start} for direction in ("up", "down")}
    frontier: dict[str, list[SubjectRef]] = {direction: [start] for direction in seen}
    found: dict[str, list[_Step]] = {direction: [] for direction in seen}
    for depth in range(1, MAX_DEPTH + 1):
        steps = link_steps(actor, frontier, limit=2 * MOST_ON_A_LEVEL)
        frontier = {}
        for direction, relation, via, ref in steps:
            known, following = seen[direction], frontier.setdefault(direction, [])
            if ref not in known and len(following) < MOST_ON_A_LEVEL:
                known.add(ref)
                following.append(ref)
                found[direction].append((ref, relation, depth, via))
        if not any(frontier.values()):
            break
    return found["up"], found["down"]


def trace_stations(
    actor: Actor, ref: SubjectRef, *, trace: Trace | None = None, own: Sequence[Station] | None = None
) -> list[Station]:
    """The strip of a subject's page: farthest cause first, the subject, what it did, then what came of it.

    A page that has read the subject's own stations for itself hands them over as `own`.
    """
    trace = trace or _strip_of(actor, ref)
    full_url = reverse("shell:trace", args=[actor.org_slug, ref.kind, ref.id])
    stations = _folded(list(reversed(trace.upstream)), full_url)
    if trace.card is not None:
        card = trace.card
        stations.append(Station(card.kind_label, card.title, card.url, note=card.meta, is_here=True))
        stations.extend(subject_type(ref.kind).stations(actor, ref.id) if own is None else own)
    stations.extend(_folded(list(trace.downstream), full_url))
    return stations


def _folded(nodes: Sequence[TraceNode], full_url: str) -> list[Station]:
    """Nodes as stations; several of one kind on one level become one that counts them."""
    groups: dict[tuple[int, str], list[TraceNode]] = {}
    for node in nodes:
        groups.setdefault((node.depth, node.ref.kind), []).append(node)
    stations: list[Station] = []
    for (_, kind), members in groups.items():
        if len(members) > FOLD_ABOVE:
            noun = subject_type(kind).label_plural
            count = f"{len(members)} or more" if len(members) >= MOST_ON_A_LEVEL else str(len(members))
            stations.append(Station(noun, f"{count} {noun.lower()}", full_url))
            continue
        for node in members:
            if node.card is None:
                stations.append(Station("Hidden", "Something you cannot open", is_hidden=True))
            else:
                stations.append(Station(node.card.kind_label, node.card.title, node.card.url, note=node.card.meta))
    return stations
