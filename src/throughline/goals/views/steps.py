"""The steps of a goal: propose, take back, start, close, drop, reopen; and who must sign."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from throughline.access.requests import PageRequest
from throughline.goals.forms.goals import (
    CloseForm,
    OptionalReasonForm,
    ProposeForm,
    ReasonForm,
    StakeholdersForm,
)
from throughline.goals.forms.picking import numbers_in
from throughline.goals.models import Goal
from throughline.goals.selectors import goal_for_edit
from throughline.goals.selectors.choices import stakeholder_choices
from throughline.goals.selectors.for_pages import signers_named, stakeholder_ids_of
from throughline.goals.services import (
    goal_close,
    goal_drop,
    goal_propose,
    goal_reopen,
    goal_signatories_set,
    goal_start,
    goal_withdraw_proposal,
)
from throughline.goals.services.signing import signatories_of
from throughline.goals.views.answering import answered, page, version_sent
from throughline.kernel.actor import Actor

Reasoned = Callable[[Actor, Goal, dict[str, Any]], Goal]


@dataclass(frozen=True)
class Step:
    """The words of one step, and the service behind it."""

    title: str
    lead: str
    button: str
    done: str
    form: type[forms.Form]
    take: Reasoned
    kind: str = "primary"


WITHDRAW = Step(
    title="Take the proposal back",
    lead="The goal becomes a candidate again. Those who signed read your reason; signing starts anew with the next proposal.",
    button="Take it back",
    done="Taken back. It is a candidate again.",
    form=ReasonForm,
    take=lambda actor, goal, given: goal_withdraw_proposal(actor=actor, goal=goal, reason=given["reason"]),
)
START = Step(
    title="Start this goal",
    lead="It becomes active now, before its cycle does it. Check-ins are asked for from today on.",
    button="Start",
    done="Started.",
    form=OptionalReasonForm,
    take=lambda actor, goal, given: goal_start(actor=actor, goal=goal, reason=given["reason"]),
)
CLOSE = Step(
    title="Close this goal",
    lead="It ends with a score and what was learned. It keeps counting for the goals above with its last number.",
    button="Close the goal",
    done="Closed. Everyone who had a part in it is told.",
    form=CloseForm,
    take=lambda actor, goal, given: goal_close(
        actor=actor,
        goal=goal,
        score_0_1=given["score_percent"] / 100,
        retrospective=given["retrospective"],
        reason=given["reason"],
    ),
)
DROP = Step(
    title="Drop this goal",
    lead="It stays readable, struck through, and counts for nothing above it. Everyone whose voice led to it reads your reason.",
    button="Drop the goal",
    done="Dropped. It stays readable with its reason.",
    form=ReasonForm,
    take=lambda actor, goal, given: goal_drop(actor=actor, goal=goal, reason=given["reason"]),
    kind="danger",
)
REOPEN = Step(
    title="Reopen this goal",
    lead="A closed goal becomes active again; a dropped one becomes a candidate and needs signatures anew.",
    button="Reopen",
    done="Reopened.",
    form=ReasonForm,
    take=lambda actor, goal, given: goal_reopen(actor=actor, goal=goal, reason=given["reason"]),
)


def _step(request: PageRequest, goal_id: int, step: Step) -> HttpResponse:
    actor = request.actor
    goal = goal_for_edit(actor, goal_id)
    answer = answered(
        request,
        step.form,
        lambda form: step.take(actor, goal, form.cleaned_data),
        initial={"score_percent": round(goal.progress * 100)},
        names={"score_0_1": "score_percent"},
    )
    if answer.is_saved:
        messages.success(request, step.done)
        return HttpResponseRedirect(reverse("goals:goal", args=[actor.org_slug, goal_id]))
    return page(
        request,
        "step.html",
        {"form": answer.form, "goal": goal_for_edit(actor, goal_id), "step": step},
        status=answer.status,
    )


@require_http_methods(["GET", "POST"])
def withdraw(request: PageRequest, goal_id: int) -> HttpResponse:
    """Take a proposed goal back."""
    return _step(request, goal_id, WITHDRAW)


@require_http_methods(["GET", "POST"])
def start(request: PageRequest, goal_id: int) -> HttpResponse:
    """Start a signed goal."""
    return _step(request, goal_id, START)


@require_http_methods(["GET", "POST"])
def close(request: PageRequest, goal_id: int) -> HttpResponse:
    """Close an active goal with a score and what was learned."""
    return _step(request, goal_id, CLOSE)


@require_http_methods(["GET", "POST"])
def drop(request: PageRequest, goal_id: int) -> HttpResponse:
    """Give a goal up, with the reason."""
    return _step(request, goal_id, DROP)


@require_http_methods(["GET", "POST"])
def reopen(request: PageRequest, goal_id: int) -> HttpResponse:
    """Take a closed or dropped goal up again."""
    return _step(request, goal_id, REOPEN)


@require_http_methods(["GET", "POST"])
def propose(request: PageRequest, goal_id: int) -> HttpResponse:
    """Show who must sign and as what, then ask them."""
    actor = request.actor
    goal = goal_for_edit(actor, goal_id)
    answer = answered(
        request,
        ProposeForm,
        lambda form: goal_propose(
            actor=actor, goal=goal, version=version_sent(request, goal.version), **form.cleaned_data
        ),
    )
    if answer.is_saved:
        messages.success(request, "Proposed. Everyone who must sign has been asked.")
        return HttpResponseRedirect(reverse("goals:goal", args=[actor.org_slug, goal_id]))
    goal = goal_for_edit(actor, goal_id)
    asked = [(item.person_id, item.capacity) for item in signatories_of(goal)]
    context = {"form": answer.form, "goal": goal, "signers": signers_named(actor, asked)}
    return page(request, "propose.html", context, status=answer.status)


@require_http_methods(["GET", "POST"])
def stakeholders(request: PageRequest, goal_id: int) -> HttpResponse:
    """Name the stakeholders who must sign besides the owners."""
    actor = request.actor
    goal = goal_for_edit(actor, goal_id)

    def make(**given: Any) -> StakeholdersForm:
        source = given.get("data") or request.POST or given.get("initial") or {}
        words = str(source.get("stakeholder_find", ""))[:80]
        chosen = numbers_in(source, "stakeholder_ids")
        return StakeholdersForm(choices={"stakeholder_ids": stakeholder_choices(actor, words, chosen=chosen)}, **given)

    answer = answered(
        request,
        make,
        lambda form: goal_signatories_set(actor=actor, goal=goal, stakeholder_ids=form.cleaned_data["stakeholder_ids"]),
        initial={"stakeholder_ids": stakeholder_ids_of(actor, goal.pk)},
    )
    if answer.is_saved:
        messages.success(request, "Saved who must sign.")
        return HttpResponseRedirect(reverse("goals:propose", args=[actor.org_slug, goal_id]))
    context = {"form": answer.form, "goal": goal, "finding": request.POST.get("find", "")}
    return page(request, "stakeholders.html", context, status=answer.status)
