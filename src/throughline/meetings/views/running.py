"""Running a meeting: agenda, states, the close and its outcome."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from throughline.access.middleware import guests_welcome
from throughline.access.requests import PageRequest
from throughline.kernel.errors import Conflict, Invalid
from throughline.ledger.selectors import trace_stations
from throughline.meetings import policies, selectors, services
from throughline.meetings.forms import OutcomeForm, form_refused, with_version
from throughline.meetings.references import meeting_ref
from throughline.meetings.rules import MeetingState


@require_POST
def agenda_item(request: PageRequest, meeting_id: int, item_id: int) -> HttpResponse:
    actor = request.actor
    meeting = selectors.meeting_for(actor, meeting_id)
    item = selectors.agenda_item_for(actor, meeting, item_id)
    if request.POST.get("do") == "start":
        services.agenda_item_start(actor=actor, item=item)
    else:
        services.agenda_item_tick(actor=actor, item=item, is_done=request.POST.get("do") != "undone")
    return redirect("meetings:meeting", actor.org_slug, meeting.pk)


@require_POST
def move(request: PageRequest, meeting_id: int) -> HttpResponse:
    actor = request.actor
    meeting = selectors.meeting_for(actor, meeting_id)
    wanted = request.POST.get("to", "")
    if wanted not in set(map(str, MeetingState)):
        raise Invalid({"to": "Choose what comes next: open or grouping."})
    services.meeting_move(actor=actor, meeting=meeting, to=MeetingState(wanted))
    return redirect("meetings:board", actor.org_slug, meeting.pk)


@require_http_methods(["GET", "POST"])
def close(request: PageRequest, meeting_id: int) -> HttpResponse:
    actor = request.actor
    meeting = selectors.meeting_for(actor, meeting_id)
    policies.can_change_meeting(actor, meeting).require()
    themes = selectors.outcome_of(actor, meeting)
    status = 200
    form = OutcomeForm(initial={"version": meeting.version})
    if request.method == "POST":
        form, status = OutcomeForm(request.POST), 422
        if form.is_valid():
            try:
                services.meeting_close(actor=actor, meeting=meeting, **form.cleaned_data)
            except Invalid as error:
                form_refused(form, error)
            except Conflict as error:
                form.add_error(None, str(error))
                form.data = with_version(request, meeting.version)
                status = 409
            else:
                return redirect("meetings:outcome", actor.org_slug, meeting.pk)
    return render(request, "meetings/close.html", {"meeting": meeting, "form": form, "themes": themes}, status=status)


@guests_welcome
@require_GET
def outcome(request: PageRequest, meeting_id: int) -> HttpResponse:
    actor = request.actor
    meeting = selectors.meeting_for(actor, meeting_id)
    context = {
        "meeting": meeting,
        "page": selectors.meeting_page(actor, meeting),
        "themes": selectors.outcome_of(actor, meeting),
        "stations": trace_stations(actor, meeting_ref(meeting.pk)),
    }
    return render(request, "meetings/outcome.html", context)
