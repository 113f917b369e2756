"""The whole line of one thing, as a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render

from throughline.access.middleware import guests_welcome
from throughline.access.requests import PageRequest
from throughline.components.parts import Row
from throughline.kernel.errors import NotFound
from throughline.kernel.ids import SubjectRef
from throughline.ledger.selectors import TraceNode, trace_of, trace_stations
from throughline.ledger.services import Relation
from throughline.ledger.subjects import subject_kinds, subject_type

RELATION_WORDS = {
    Relation.PROMPTED_BY: "prompted",
    Relation.ADVANCES: "is advanced by",
    Relation.MEASURED_BY: "is measured by",
    Relation.DERIVED_FROM: "was gathered into",
    Relation.ANSWERS: "was answered by",
    Relation.SUPERSEDES: "was replaced by",
}


@dataclass(frozen=True, slots=True)
class TraceGroup:
    """Things of one kind on one side of the line, nearest first; `hidden` counts those the reader may not open."""

    label: str
    rows: list[Row]
    hidden: int


@guests_welcome
def trace_page(request: PageRequest, kind: str, subject_id: int) -> HttpResponse:
    """Everything upstream and downstream of a subject the reader may see."""
    actor = request.actor
    if kind not in subject_kinds():
        raise NotFound()
    ref = SubjectRef(kind, subject_id)
    trace = trace_of(actor, ref)
    if trace.card is None:
        raise NotFound()
    context = {
        "card": trace.card,
        # What the thing did itself: signatures, check-ins, its result.
        "own": subject_type(kind).stations(actor, subject_id),
        "stations": trace_stations(actor, ref, trace=trace),
        "upstream": _groups(trace.upstream),
        "downstream": _groups(trace.downstream),
    }
    return render(request, "shell/trace.html", context)


def _groups(nodes: Sequence[TraceNode]) -> list[TraceGroup]:
    by_kind: dict[str, list[TraceNode]] = {}
    for node in nodes:
        by_kind.setdefault(node.ref.kind, []).append(node)
    return [
        TraceGroup(
            label=subject_type(kind).label_plural,
            rows=[
                Row(
                    title=node.card.title,
                    url=node.card.url,
                    side=node.card.state_label,
                    meta=node.card.meta,
                    state=node.card.state,
                )
                for node in members
                if node.card is not None
            ],
            hidden=sum(node.card is None for node in members),
        )
        for kind, members in by_kind.items()
    ]
