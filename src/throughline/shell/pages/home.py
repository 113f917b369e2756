"""Home: your line, what waits for you, and what your input changed."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from throughline.access.middleware import guests_welcome
from throughline.access.requests import PageRequest
from throughline.components.parts import Row, Station
from throughline.goals.selectors import checkins_due, goals_for_line
from throughline.goals.selectors.for_shell import last_results
from throughline.kernel.actor import Actor
from throughline.ledger.rules import FateKind
from throughline.ledger.subjects import subject_cards
from throughline.meetings.selectors import my_voices
from throughline.notify.waiting import WaitingItem, waiting_for
from throughline.purpose.selectors import purposes_for_line

WAITING_SHOWN = 6
VOICES_SHOWN = 3


@guests_welcome
def home_page(request: PageRequest) -> HttpResponse:
    """A member's line and duties; a guest's list of what was shared."""
    actor = request.actor
    waiting = waiting_for(actor)
    context = {
        "waiting": [_waiting_row(item) for item in waiting[:WAITING_SHOWN]],
        "waiting_count": len(waiting),
        "waiting_more": max(0, len(waiting) - WAITING_SHOWN),
    }
    if actor.is_guest:
        cards = subject_cards(actor, sorted(actor.shared)).values()
        context["shared"] = [
            Row(card.title, card.url, side=card.state_label, meta=card.kind_label, state=card.state) for card in cards
        ]
        return render(request, "shell/home_guest.html", context)
    voices = my_voices(actor, size=30).rows
    context |= {
        "stations": line_of(actor),
        "counted": [voice for voice in voices if voice.fate.kind is FateKind.SHAPED][:VOICES_SHOWN],
        "voices_count": len(voices),
        "voices_waiting": sum(voice.fate.kind is FateKind.WAITING for voice in voices),
    }
    return render(request, "shell/home.html", context)


@guests_welcome
def waiting_page(request: PageRequest) -> HttpResponse:
    """Everything one owes, in one list."""
    actor = request.actor
    return render(request, "shell/waiting.html", {"waiting": [_waiting_row(item) for item in waiting_for(actor)]})


def line_of(actor: Actor) -> list[Station]:
    """From what we are here for to what the actor does this week and what came of it; missing stations say what to do."""
    slug = actor.org_slug
    purposes = purposes_for_line(actor)
    # The organisation's and the nearest unit's only, and one goal a level: the line stays one glance long.
    stations = [
        Station(
            "Our purpose" if place.level == "organisation" else f"{place.whose}’s purpose",
            place.text,
            place.url,
        )
        for place in purposes
        if place.level == "organisation" or place is purposes[-1]
    ]
    if not stations:
        stations.append(
            Station(
                "Our purpose",
                "Not said yet: begin with what you are here for",
                reverse("purpose:overview", args=[slug]),
            )
        )
    goals = goals_for_line(actor)
    above = [("The organisation’s goal", row) for row in goals.organisation[:1]]
    team = [("Your team’s goal", row) for row in goals.unit[:1]]
    own = [("Yours", row) for row in goals.own if row.id not in {shown.id for _, shown in team}][:1]
    stations += [
        Station(words, row.title, row.url, note=_progress(row.progress_percent, row.is_unread))
        for words, row in [*(team or above), *own]
    ]
    due = checkins_due(actor)
    stations += [
        Station("This week", f"Check in: {row.title}", row.url, is_here=index == 0) for index, row in enumerate(due[:2])
    ]
    if not due and (own or team):
        stations.append(Station("This week", "No check-in is due; your line is up to date", is_here=True))
    stations += [Station("What came of it", row.title, row.url, note=row.words) for row in last_results(actor)[:1]]
    return stations


def _progress(percent: int, is_unread: bool) -> str:
    return "no reading yet" if is_unread else f"{percent} % reached"


def _waiting_row(item: WaitingItem) -> Row:
    return Row(title=item.title, url=item.url, side=item.state_label, meta=item.meta, state=item.state)
