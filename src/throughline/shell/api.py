"""What needs more than one app, as endpoints: one's line, what waits, search, trace, a cycle with its voices."""

from typing import Any, Literal

from ninja import Schema, Status

from throughline.access.rest import ApiBody, ApiRequest, Id, Words, api_router
from throughline.components.parts import Station
from throughline.goals.selectors import cycle_page
from throughline.kernel.errors import NotFound
from throughline.kernel.ids import SubjectRef
from throughline.ledger.rules import FateKind
from throughline.ledger.selectors import TraceNode, search_subjects, trace_of
from throughline.ledger.subjects import SubjectCard, subject_kinds
from throughline.meetings.selectors.for_shell import voices_of_meetings
from throughline.notify.waiting import waiting_for
from throughline.shell.journeys.feeding import cycle_meeting_ids, cycle_meeting_link
from throughline.shell.pages.home import line_of

router = api_router("shell")


class StationOut(Schema):
    """One stop of a line; `url` is the page, "" when there is nothing to open."""

    kind_label: str
    title: str
    url: str
    note: str
    is_here: bool


class WaitingOut(Schema):
    """One thing the caller owes; `state` is bad, warn, wait or good."""

    key: str
    title: str
    url: str
    state: str
    state_label: str
    meta: str
    due_on: str | None


class SubjectOut(Schema):
    """One subject by kind and number."""

    kind: str
    id: int
    kind_label: str
    title: str
    url: str
    meta: str
    state_label: str


class TraceStepOut(Schema):
    """A subject on the line. `subject` is null when the caller may not open it."""

    relation: str
    depth: int
    subject: SubjectOut | None


class TraceOut(Schema):
    """A subject with everything upstream and downstream, nearest first."""

    here: SubjectOut
    upstream: list[TraceStepOut]
    downstream: list[TraceStepOut]


class VoiceOut(Schema):
    """A contribution with its fate; `author` is "" when it was said without a name."""

    kind: str
    id: int
    text: str
    author: str
    meeting: str
    theme: str
    fate: FateKind
    reason: str
    shaped: list[SubjectOut]


class CycleMeetingIn(ApiBody):
    """The meeting that feeds the cycle."""

    meeting_id: Id


@router.get("/line", response=list[StationOut])
def line(request: ApiRequest) -> list[Station]:
    """The caller's line from purpose to this week."""
    return line_of(request.actor)


@router.get("/waiting", response=list[WaitingOut])
def waiting(request: ApiRequest) -> list[dict[str, Any]]:
    """Everything that waits for the caller, what is late first."""
    return [
        {
            "key": item.key,
            "title": item.title,
            "url": item.url,
            "state": item.state,
            "state_label": item.state_label,
            "meta": item.meta,
            "due_on": item.due_on.isoformat() if item.due_on else None,
        }
        for item in waiting_for(request.actor)
    ]


@router.get("/search", response=list[SubjectOut])
def search(request: ApiRequest, q: Words, kind: Words = "") -> list[dict[str, Any]]:
    """Subjects whose words begin with all words of `q`, best first, at most sixty."""
    kinds = [kind] if kind in subject_kinds() else None
    return [_subject(card) for card in search_subjects(request.actor, q, kinds=kinds, limit=60)]


@router.get("/trace/{kind}/{subject_id}", response=TraceOut)
def trace(request: ApiRequest, kind: str, subject_id: Id) -> dict[str, Any]:
    """The line of a subject, both ways."""
    if kind not in subject_kinds():
        raise NotFound()
    found = trace_of(request.actor, SubjectRef(kind, subject_id))
    if found.card is None:
        raise NotFound()
    return {
        "here": _subject(found.card),
        "upstream": [_step(node) for node in found.upstream],
        "downstream": [_step(node) for node in found.downstream],
    }


@router.get("/cycles/{cycle_id}/voices", response=list[VoiceOut])
def cycle_voices(
    request: ApiRequest,
    cycle_id: Id,
    fate: Literal["", "shaped", "answered", "not_taken_up", "waiting"] = "",
) -> list[dict[str, Any]]:
    """Contributions of the meetings that feed a cycle, with what became of each."""
    cycle_page(request.actor, cycle_id)
    voices = voices_of_meetings(request.actor, cycle_meeting_ids(request.actor, cycle_id))
    return [
        {
            "kind": voice.ref.kind,
            "id": voice.ref.id,
            "text": voice.text,
            "author": voice.author,
            "meeting": voice.meeting_title,
            "theme": voice.theme_title,
            "fate": voice.fate.kind,
            "reason": voice.fate.reason,
            "shaped": [_subject(card) for card in voice.fate.shaped],
        }
        for voice in voices
        if not fate or voice.fate.kind == fate
    ]


@router.post("/cycles/{cycle_id}/meetings", response={204: None})
def cycle_meeting_add(request: ApiRequest, cycle_id: Id, payload: CycleMeetingIn) -> Status[None]:
    """Let a meeting feed a cycle."""
    cycle_meeting_link(actor=request.actor, cycle_id=cycle_id, meeting_id=payload.meeting_id)
    return Status(204, None)


def _subject(card: SubjectCard) -> dict[str, Any]:
    return {
        "kind": card.ref.kind,
        "id": card.ref.id,
        "kind_label": card.kind_label,
        "title": card.title,
        "url": card.url,
        "meta": card.meta,
        "state_label": card.state_label,
    }


def _step(node: TraceNode) -> dict[str, Any]:
    return {
        "relation": node.relation,
        "depth": node.depth,
        "subject": _subject(node.card) if node.card is not None else None,
    }
