"""Meetings: list, plan, page, people, agenda, states, outcome."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from throughline.access.middleware import guests_welcome
from throughline.access.requests import PageRequest
from throughline.components.parts import TabLink
from throughline.kernel.actor import Actor
from throughline.kernel.clock import now
from throughline.kernel.errors import Conflict, Invalid, NotFound
from throughline.ledger.selectors import trace_stations
from throughline.meetings import policies, selectors, services
from throughline.meetings.formats import FORMATS
from throughline.meetings.forms import (
    GuestForm,
    InviteForm,
    MeetingChangeForm,
    MeetingFilterForm,
    MeetingForm,
    agenda_written,
    form_refused,
    meeting_initial,
    with_version,
)
from throughline.meetings.models import Meeting
from throughline.meetings.references import meeting_ref
from throughline.meetings.rules import MeetingState
from throughline.meetings.selectors.units import units_for_meetings

WHEN = (("upcoming", "Upcoming"), ("past", "Past"), ("all", "All"))


@require_GET
def meeting_list(request: PageRequest) -> HttpResponse:
    actor = request.actor
    chosen = request.GET.get("when", "upcoming")
    when = chosen if chosen in dict(WHEN) else "upcoming"
    form = MeetingFilterForm(request.GET)
    form.is_valid()
    found = selectors.meetings_list(
        actor,
        when=when,
        words=form.cleaned_data.get("q", ""),
        format_key=form.cleaned_data.get("format", ""),
        cursor=request.GET.get("cursor", ""),
    )
    query = request.GET.copy()
    query.pop("cursor", None)

    def page_url(cursor: str) -> str:
        query["cursor"] = cursor
        return f"?{query.urlencode()}" if cursor else ""

    context = {
        "page": found,
        "form": form,
        "when": when,
        "is_filtered": bool(request.GET.get("q") or request.GET.get("format")),
        "tabs": [TabLink(label, f"?when={key}", is_current=key == when) for key, label in WHEN],
        "older_url": page_url(found.next_cursor),
        "newer_url": page_url(found.previous_cursor),
        "can_plan": policies.can_plan(actor),
    }
    return render(request, "meetings/list.html", context)


@require_GET
def format_choice(request: PageRequest) -> HttpResponse:
    policies.can_plan(request.actor).require()
    return render(request, "meetings/new.html", {"formats": list(FORMATS)})


@require_http_methods(["GET", "POST"])
def meeting_create(request: PageRequest, format_key: str) -> HttpResponse:
    actor = request.actor
    policies.can_plan(actor).require()
    if format_key not in FORMATS:
        raise NotFound("There is no such format; choose one of those listed.")
    chosen = FORMATS[format_key]
    units = units_for_meetings(actor)
    if request.method == "POST":
        form = MeetingForm(request.POST, units=units)
        if form.is_valid():
            try:
                meeting = services.meeting_plan(actor=actor, format_key=format_key, **_plan_fields(form))
            except Invalid as error:
                form_refused(form, error)
            else:
                messages.success(request, "The meeting is planned. Invite people, then open the board when you begin.")
                return redirect("meetings:meeting", actor.org_slug, meeting.pk)
        return render(request, "meetings/form.html", {"form": form, "format": chosen}, status=422)
    start = (now() + timedelta(days=1)).replace(minute=0, second=0, microsecond=0, tzinfo=None)
    form = MeetingForm(
        initial={
            "question": chosen.question,
            "what_for": chosen.what_for,
            "starts_at": start,
            "time_zone": actor.time_zone,
            "agenda": agenda_written([_AgendaShown(line) for line in chosen.agenda]),
        },
        units=units,
    )
    return render(request, "meetings/form.html", {"form": form, "format": chosen})


class _AgendaShown:
    """A format's line under the names of an agenda item."""

    def __init__(self, line: Any) -> None:
        self.title, self.minutes, self.activity = line.title, line.minutes, line.activity
        self.facilitator_note = line.facilitator_note


def _plan_fields(form: MeetingForm) -> dict[str, Any]:
    fields = dict(form.cleaned_data)
    fields["unit_id"] = fields.pop("unit")
    return fields


@guests_welcome
@require_GET
def meeting_detail(request: PageRequest, meeting_id: int) -> HttpResponse:
    meeting = selectors.meeting_for(request.actor, meeting_id)
    return _detail(request, meeting)


def _detail(request: PageRequest, meeting: Meeting, *, status: int = 200, **forms: Any) -> HttpResponse:
    actor = request.actor
    shown = selectors.meeting_page(actor, meeting)
    context = {
        "page": shown,
        "meeting": meeting,
        "stations": trace_stations(actor, meeting_ref(meeting.pk)),
        "not_heard": _not_heard(actor, meeting) if shown.facilitate else None,
        "invite_form": InviteForm(),
        "guest_form": GuestForm(),
        **forms,
    }
    return render(request, "meetings/meeting.html", context, status=status)


def _not_heard(actor: Actor, meeting: Meeting) -> int | None:
    return len(selectors.not_heard_ids(actor, meeting)) if meeting.state != MeetingState.PLANNED else None


@require_http_methods(["GET", "POST"])
def meeting_edit(request: PageRequest, meeting_id: int) -> HttpResponse:
    actor = request.actor
    meeting = selectors.meeting_for(actor, meeting_id)
    policies.can_change_meeting(actor, meeting).require()
    agenda = selectors.meeting_page(actor, meeting).agenda
    if request.method == "GET":
        form = MeetingChangeForm(initial=meeting_initial(meeting, agenda))
        return render(request, "meetings/form.html", {"form": form, "meeting": meeting})
    form = MeetingChangeForm(request.POST)
    status = 422
    if form.is_valid():
        fields = dict(form.cleaned_data)
        items = fields.pop("agenda")
        try:
            services.meeting_change(actor=actor, meeting=meeting, **fields)
            if agenda_written(items) != agenda_written(agenda):
                services.agenda_replace(actor=actor, meeting=meeting, items=items)
        except Invalid as error:
            form_refused(form, error)
        except Conflict as error:
            form.add_error(None, str(error))
            # The next save is made knowing the present version, which the page now names.
            form.data = with_version(request, meeting.version)
            status = 409
        else:
            return redirect("meetings:meeting", actor.org_slug, meeting.pk)
    return render(request, "meetings/form.html", {"form": form, "meeting": meeting}, status=status)


@require_POST
def invite(request: PageRequest, meeting_id: int) -> HttpResponse:
    actor = request.actor
    meeting = selectors.meeting_for(actor, meeting_id)
    form = InviteForm(request.POST)
    if form.is_valid():
        read = selectors.people_named(actor, form.cleaned_data["people"].splitlines())
        for problem in read.problems:
            form.add_error("people", problem)
        if not read.problems:
            try:
                count = services.people_invite(
                    actor=actor,
                    meeting=meeting,
                    person_ids=read.person_ids,
                    are_facilitators=form.cleaned_data["are_facilitators"],
                )
            except Invalid as error:
                form_refused(form, error)
            else:
                messages.success(request, f"{count} {'person was' if count == 1 else 'people were'} invited.")
                return redirect("meetings:meeting", actor.org_slug, meeting.pk)
    policies.can_change_meeting(actor, meeting).require()
    return _detail(request, meeting, status=422, invite_form=form)


@require_POST
def uninvite(request: PageRequest, meeting_id: int, person_id: int) -> HttpResponse:
    actor = request.actor
    meeting = selectors.meeting_for(actor, meeting_id)
    services.person_uninvite(actor=actor, meeting=meeting, person_id=person_id)
    return redirect("meetings:meeting", actor.org_slug, meeting.pk)


@require_POST
def invite_guest(request: PageRequest, meeting_id: int) -> HttpResponse:
    actor = request.actor
    meeting = selectors.meeting_for(actor, meeting_id)
    form = GuestForm(request.POST)
    if form.is_valid():
        try:
            made = services.guest_invite(actor=actor, meeting=meeting, **form.cleaned_data)
        except Invalid as error:
            form_refused(form, error)
        else:
            if made.invitation is not None:
                return _detail(
                    request, meeting, invitation_url=made.invitation.url, guest_name=form.cleaned_data["name"]
                )
            messages.success(request, "The meeting is shared with this guest.")
            return redirect("meetings:meeting", actor.org_slug, meeting.pk)
    policies.can_change_meeting(actor, meeting).require()
    return _detail(request, meeting, status=422, guest_form=form)
