"""The line through a subject: what prompted it, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from throughline.kernel.actor import Actor
from throughline.kernel.ids import SubjectRef
from throughline.ledger.models import Relation
from throughline.ledger.selectors.history import links_from, links_to
from throughline.ledger.subjects import Station, SubjectCard, subject_cards, subject_type

# Deeper than any real line (voice, theme, goal, parent goals, purpose); stops walks through tangled links.
MAX_DEPTH = 8
# More things of one kind on one level than this become one station that counts them.
FOLD_ABOVE = 2


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
    """Walk the links both ways from a subject; one query per kind and level, each thing shown once."""
    up = _walk(actor, ref, upward=True)
    down = _walk(actor, ref, upward=False)
    cards = subject_cards(actor, [ref, *(node[0] for node in up), *(node[0] for node in down)])

    def shown(steps: list[tuple[SubjectRef, str, int, SubjectRef]]) -> tuple[TraceNode, ...]:
        return tuple(TraceNode(at, relation, depth, cards.get(at), via) for at, relation, depth, via in steps)

    return Trace(here=ref, card=cards.get(ref), upstream=shown(up), downstream=shown(down))


def _walk(actor: Actor, start: SubjectRef, *, upward: bool) -> list[tuple[SubjectRef, str, int, SubjectRef]]:
    seen = {start}
    frontier = [start]
    found: list[tuple[SubjectRef, str, int, SubjectRef]] = []
    for depth in range(1, MAX_DEPTH + 1):
        steps: list[tuple[SubjectRef, str, SubjectRef]] = []
        for link in links_from(actor, frontier):
            later, earlier = SubjectRef(link.from_kind, link.from_id), SubjectRef(link.to_kind, link.to_id)
            if upward != (link.relation == Relation.MEASURED_BY):
                steps.append((earlier, link.relation, later))
        for link in links_to(actor, frontier):
            later, earlier = SubjectRef(link.from_kind, link.from_id), SubjectRef(link.to_kind, link.to_id)
            if upward == (link.relation == Relation.MEASURED_BY):
                steps.append((later, link.relation, earlier))
        frontier = []
        for ref, relation, via in steps:
            if ref not in seen:
                seen.add(ref)
                frontier.append(ref)
                found.append((ref, relation, depth, via))
        if not frontier:
            break
    return found


def trace_stations(actor: Actor, ref: SubjectRef, *, trace: Trace | None = None) -> list[Station]:
    """The strip of a subject's page: farthest cause first, the subject, what it did, then what came of it."""
    trace = trace or trace_of(actor, ref)
    full_url = reverse("shell:trace", args=[actor.org_slug, ref.kind, ref.id])
    stations = _folded(list(reversed(trace.upstream)), full_url)
    if trace.card is not None:
        card = trace.card
        stations.append(Station(card.kind_label, card.title, card.url, note=card.meta, is_here=True))
        stations.extend(subject_type(ref.kind).stations(actor, ref.id))
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
            stations.append(Station(noun, f"{len(members)} {noun.lower()}", full_url))
            continue
        for node in members:
            if node.card is None:
                stations.append(Station("Hidden", "Something you cannot open", is_hidden=True))
            else:
                stations.append(
                    Station(node.card.kind_label, node.card.title, node.card.url, note=node.card.meta)
                )
    return stations
