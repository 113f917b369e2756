"""A cycle as one guided line of five steps, and what became of what people said in it."""

from __future__ import annotations

from collections import Counter

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from throughline.access.requests import PageRequest
from throughline.components.parts import Row, Share, Step, TabLink
from throughline.goals.selectors import CyclePage, cycle_page
from throughline.kernel.actor import Actor
from throughline.ledger.rules import FateKind
from throughline.ledger.selectors import fates_of
from throughline.meetings.selectors import voice_refs_of
from throughline.meetings.selectors.for_shell import meetings_by_id, meetings_to_link, voices_of_meetings
from throughline.people.selectors.stakeholders import stakeholder_gaps
from throughline.shell.forms import CycleMeetingForm
from throughline.shell.journeys.feeding import cycle_meeting_ids, cycle_meeting_link

FATE_LABELS = {
    FateKind.SHAPED: ("shaped a signed goal, an adopted purpose or a decision", "strong"),
    FateKind.ANSWERED: ("answered", "middle"),
    FateKind.NOT_TAKEN_UP: ("not taken up, each with a reason", "light"),
    FateKind.WAITING: ("waiting", "open"),
}


def cycle_page_view(request: PageRequest, cycle_id: int) -> HttpResponse:
    """The five steps, what stands in the way of the next one, and the fates of all voices."""
    actor = request.actor
    page = cycle_page(actor, cycle_id)
    meeting_ids = cycle_meeting_ids(actor, cycle_id)
    meetings = meetings_by_id(actor, meeting_ids)
    refs = voice_refs_of(actor, [meeting.pk for meeting in meetings])
    counts = Counter(fate.kind for fate in fates_of(actor, refs).values())
    gaps = stakeholder_gaps(actor, [row.id for row in page.stakeholders])
    voices_url = reverse("shell:cycle_voices", args=[actor.org_slug, cycle_id])
    context = {
        "page": page,
        "cycle": page.cycle,
        "steps": _steps(actor, page),
        "new_goal_url": f"{reverse('goals:new', args=[actor.org_slug])}?cycle={cycle_id}",
        "voices": len(refs),
        "voices_url": voices_url,
        "visible_percent": round(100 * (len(refs) - counts[FateKind.WAITING]) / len(refs)) if refs else 0,
        "shares": [
            Share(words, counts[kind], f"{voices_url}?fate={kind}", tone) for kind, (words, tone) in FATE_LABELS.items()
        ],
        "meetings": [
            Row(
                title=meeting.title,
                url=reverse("meetings:meeting", args=[actor.org_slug, meeting.pk]),
                meta=meeting.get_state_display() if hasattr(meeting, "get_state_display") else meeting.state,
            )
            for meeting in meetings
        ],
        "form": CycleMeetingForm(choices=_choices(actor, meeting_ids)),
        "gaps": gaps,
        "todo": _todo(actor, page, waiting=counts[FateKind.WAITING]),
    }
    return render(request, "shell/cycle.html", context)


def cycle_meeting_add(request: PageRequest, cycle_id: int) -> HttpResponse:
    """Let a meeting feed the cycle; a GET goes back to the cycle's page."""
    actor = request.actor
    page = cycle_page(actor, cycle_id)
    url = reverse("shell:cycle", args=[actor.org_slug, cycle_id])
    if request.method != "POST":
        return redirect(url)
    form = CycleMeetingForm(request.POST, choices=_choices(actor, cycle_meeting_ids(actor, cycle_id)))
    if not form.is_valid():
        messages.error(request, "Choose a meeting from the list; the cycle is as it was.")
        return redirect(url)
    cycle_meeting_link(actor=actor, cycle_id=page.cycle.pk, meeting_id=int(form.cleaned_data["meeting"]))
    messages.success(request, "The meeting feeds this cycle now; its voices are counted below.")
    return redirect(url)


def cycle_voices(request: PageRequest, cycle_id: int) -> HttpResponse:
    """Every contribution of the cycle's meetings with its fate; `?fate=` narrows."""
    actor = request.actor
    page = cycle_page(actor, cycle_id)
    voices = voices_of_meetings(actor, cycle_meeting_ids(actor, cycle_id))
    wanted = request.GET.get("fate", "")
    counts = Counter(voice.fate.kind for voice in voices)
    base = reverse("shell:cycle_voices", args=[actor.org_slug, cycle_id])
    tabs = [TabLink("All", base, is_current=not wanted, count=len(voices))] + [
        TabLink(
            kind.replace("_", " ").capitalize(),
            f"{base}?fate={kind}",
            is_current=wanted == kind,
            count=counts[kind],
        )
        for kind in FateKind
    ]
    shown = [voice for voice in voices if not wanted or voice.fate.kind == wanted]
    return render(request, "shell/cycle_voices.html", {"cycle": page.cycle, "voices": shown, "tabs": tabs})


def _choices(actor: Actor, linked: set[int]) -> list[tuple[str, str]]:
    return [(str(meeting.pk), meeting.title) for meeting in meetings_to_link(actor, linked)]


def _steps(actor: Actor, page: CyclePage) -> list[Step]:
    goals = reverse("goals:list", args=[actor.org_slug])
    urls = {
        1: "#stakeholders",
        2: "#input",
        3: f"{goals}?cycle_id={page.cycle.pk}&view=tree",
        4: "#todo",
        5: "#todo",
    }
    states = {"done": "done", "here": "here", "ahead": "todo"}
    return [Step(row.title, states[row.state], row.note, urls[row.number]) for row in page.steps]


def _todo(actor: Actor, page: CyclePage, *, waiting: int) -> list[Row]:
    """What stands between the cycle and its next step, most pressing first; nothing when all is well."""
    counts = {row.state: row.count for row in page.figures.by_state}
    goals = f"{reverse('goals:list', args=[actor.org_slug])}?cycle_id={page.cycle.pk}"
    voices = reverse("shell:cycle_voices", args=[actor.org_slug, page.cycle.pk])
    rows = [
        (
            counts["proposed"],
            "{n} goal{s} still miss{es} a signature",
            f"{goals}&state=proposed",
            "warn",
            "Sign-off",
        ),
        (
            counts["candidate"],
            "{n} candidate{s} {are} neither proposed nor dropped",
            f"{goals}&state=candidate",
            "wait",
            "Priority",
        ),
        (page.figures.late, "{n} check-in{s} {are} late", f"{goals}&view=table", "bad", "Late"),
        (
            page.figures.at_risk,
            "{n} key result{s} {are} at risk or off track",
            f"{goals}&kind=key_result&status=at_risk",
            "warn",
            "Risk",
        ),
        (waiting, "{n} contribution{s} wait{es} for an answer", f"{voices}?fate=waiting", "warn", "Voices"),
    ]
    return [
        Row(
            title=words.format(
                n=count,
                s="" if count == 1 else "s",
                es="es" if count == 1 else "",
                are="is" if count == 1 else "are",
            ).replace("waites", "waits"),
            url=url,
            side=side,
            state=state,
        )
        for count, words, url, state, side in rows
        if count
    ]
