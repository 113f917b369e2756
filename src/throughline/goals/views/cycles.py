"""The list of cycles, and setting one up, starting and closing it. The five-step page of a cycle is the shell's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from throughline.access.requests import PageRequest
from throughline.goals.forms.cycles import CycleForm
from throughline.goals.models import Cycle
from throughline.goals.policies import can_manage_cycles
from throughline.goals.selectors import cycle_for_edit
from throughline.goals.selectors.for_pages import cycle_rows
from throughline.goals.services import cycle_close, cycle_create, cycle_edit, cycle_start
from throughline.goals.views.answering import answered, beside, page, version_sent
from throughline.kernel.actor import Actor


def cycles(request: PageRequest) -> HttpResponse:
    """All cycles, newest first, with how many goals each has."""
    actor = request.actor
    found = cycle_rows(actor, cursor=request.GET.get("cursor", ""))
    context = {
        "page": found,
        "can_manage": can_manage_cycles(actor),
        **beside(found.next_cursor, found.previous_cursor),
    }
    return page(request, "cycles.html", context)


def _cycle_url(actor: Actor, cycle: Cycle) -> str:
    return reverse("shell:cycle", kwargs={"org": actor.org_slug, "cycle_id": cycle.pk})


@require_http_methods(["GET", "POST"])
def cycle_new(request: PageRequest) -> HttpResponse:
    """Plan a cycle."""
    actor = request.actor
    can_manage_cycles(actor).require()
    answer = answered(
        request,
        CycleForm,
        lambda form: cycle_create(actor=actor, **form.cleaned_data),
        initial={"cadence": "weekly"},
    )
    if answer.is_saved and answer.value is not None:
        messages.success(request, "Planned. Step one: name who has a stake in it.")
        return HttpResponseRedirect(_cycle_url(actor, answer.value))
    return page(request, "cycle_form.html", {"form": answer.form}, status=answer.status)


@require_http_methods(["GET", "POST"])
def cycle_change(request: PageRequest, cycle_id: int) -> HttpResponse:
    """Change a cycle's name, dates, rhythm or note."""
    actor = request.actor
    cycle = cycle_for_edit(actor, cycle_id)
    version = version_sent(request, cycle.version)
    initial = {name: getattr(cycle, name) for name in ("name", "starts_on", "ends_on", "cadence", "note")}
    answer = answered(
        request,
        CycleForm,
        lambda form: cycle_edit(
            actor=actor, cycle=cycle_for_edit(actor, cycle_id), version=version, **form.cleaned_data
        ),
        initial=initial,
    )
    if answer.is_saved:
        messages.success(request, "Saved.")
        return HttpResponseRedirect(_cycle_url(actor, cycle))
    newest = cycle_for_edit(actor, cycle_id)
    context = {
        "form": answer.form,
        "cycle": newest,
        "version": newest.version,
        "is_stale": answer.is_stale and newest.version != version,
        "typed": answer.form["note"].value() or "",
    }
    return page(request, "cycle_form.html", context, status=answer.status)


@require_http_methods(["GET", "POST"])
def cycle_begin(request: PageRequest, cycle_id: int) -> HttpResponse:
    """Start a cycle: its signed goals become active."""
    return _confirmed(
        request,
        cycle_id,
        cycle_start,
        words={
            "title": "Start this cycle",
            "lead": "Its signed goals become active and check-ins are asked for. "
            "Goals that still wait for a signature start by themselves once everyone has signed.",
            "button": "Start the cycle",
            "done": "The cycle runs.",
        },
    )


@require_http_methods(["GET", "POST"])
def cycle_end(request: PageRequest, cycle_id: int) -> HttpResponse:
    """Close a cycle whose goals are all closed or dropped."""
    return _confirmed(
        request,
        cycle_id,
        cycle_close,
        words={
            "title": "Close this cycle",
            "lead": "Every goal in it must be closed with a score or dropped with a reason first. A closed cycle stays closed.",
            "button": "Close the cycle",
            "done": "The cycle is closed.",
        },
    )


def _confirmed(
    request: PageRequest, cycle_id: int, service: Callable[..., Cycle], *, words: dict[str, str]
) -> HttpResponse:
    actor = request.actor
    cycle = cycle_for_edit(actor, cycle_id)
    answer: Any = answered(request, forms.Form, lambda _form: service(actor=actor, cycle=cycle))
    if answer.is_saved:
        messages.success(request, words["done"])
        return HttpResponseRedirect(_cycle_url(actor, cycle))
    context = {"form": answer.form, "words": words, "cycle": cycle, "cycle_url": _cycle_url(actor, cycle)}
    return page(request, "cycle_step.html", context, status=answer.status)
