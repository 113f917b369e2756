"""What a goal contributes to, and what it needs from others."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from throughline.access.requests import PageRequest
from throughline.decisions.selectors import sign_off_of
from throughline.goals.forms.goals import OptionalReasonForm
from throughline.goals.forms.linking import AlignForm, DependencyAnswerForm, DependencyForm
from throughline.goals.forms.picking import numbers_in
from throughline.goals.models import Alignment, Dependency, Goal
from throughline.goals.policies import GOAL
from throughline.goals.selectors import (
    alignment_for_edit,
    dependency_for_answer,
    goal_for_edit,
    goal_visible,
)
from throughline.goals.selectors.choices import objective_choices, person_choices
from throughline.goals.services import (
    dependency_accept,
    dependency_at_risk,
    dependency_decline,
    dependency_deliver,
    dependency_request,
    goal_align,
    goal_unalign,
)
from throughline.goals.views.answering import answered, page, version_sent
from throughline.goals.views.trying import asked_after
from throughline.kernel.actor import Actor
from throughline.kernel.errors import Invalid
from throughline.kernel.ids import SubjectRef

ANSWERS = {
    "accept": (
        "Accept",
        "You answer for it from now on, and sign the goal as its provider.",
        dependency_accept,
    ),
    "decline": (
        "Decline",
        "Say why, so that they can look elsewhere or change the goal.",
        dependency_decline,
    ),
    "at_risk": (
        "Say it is at risk",
        "The owners of the goal read it at once; better now than late.",
        dependency_at_risk,
    ),
    "deliver": ("Say it is delivered", "It is done as far as you are concerned.", dependency_deliver),
}


@require_http_methods(["GET", "POST"])
def align(request: PageRequest, goal_id: int) -> HttpResponse:
    """Connect a goal to one above it."""
    actor = request.actor
    goal = goal_for_edit(actor, goal_id)
    version = version_sent(request, goal.version)

    def make(**given: Any) -> AlignForm:
        source = given.get("data") or request.POST or given.get("initial") or {}
        words, chosen = str(source.get("parent_find", ""))[:80], numbers_in(source, "parent_id")
        parents = objective_choices(actor, words, chosen=chosen, without=goal.pk)
        return AlignForm(choices={"parent_id": parents}, **given)

    def save(form: AlignForm) -> Alignment:
        given = form.cleaned_data
        return goal_align(
            actor=actor,
            child=goal,
            parent=goal_visible(actor, given["parent_id"]),
            version=version,
            rule=given["rule"],
            weight=given["weight"],
            reason=given["reason"],
        )

    initial = {"rule": "contributes", "weight": goal.weight, "parent_id": request.GET.get("parent", "")}
    answer = answered(
        request,
        make,
        save,
        initial=initial,
        names={"parent": "parent_id"},
        look=asked_after(actor, goal) if _is_signed(actor, goal) else None,
    )
    if answer.is_saved:
        messages.success(request, "Aligned.")
        return HttpResponseRedirect(reverse("goals:goal", args=[actor.org_slug, goal_id]))
    context = {"title": "Align to a goal above", "save_label": "Align"}
    return _page(request, actor, goal, answer=answer, version=version, context=context)


@require_http_methods(["GET", "POST"])
def unalign(request: PageRequest, alignment_id: int) -> HttpResponse:
    """End an alignment; it stays in the past, where past numbers need it."""
    actor = request.actor
    alignment = alignment_for_edit(actor, alignment_id)
    goal = goal_for_edit(actor, alignment.child_id)
    version = version_sent(request, goal.version)

    def save(form: OptionalReasonForm) -> object:
        return goal_unalign(
            actor=actor,
            alignment=alignment_for_edit(actor, alignment_id),
            version=version,
            reason=form.cleaned_data["reason"],
        )

    look = asked_after(actor, goal) if _is_signed(actor, goal) else None
    answer = answered(request, OptionalReasonForm, save, look=look)
    if answer.is_saved:
        messages.success(request, "No longer aligned.")
        return HttpResponseRedirect(reverse("goals:goal", args=[actor.org_slug, goal.pk]))
    context = {"title": "End this alignment", "save_label": "End it"}
    return _page(request, actor, goal, answer=answer, version=version, context=context)


@require_http_methods(["GET", "POST"])
def depend(request: PageRequest, goal_id: int) -> HttpResponse:
    """Ask somebody for what the goal needs."""
    actor = request.actor
    goal = goal_for_edit(actor, goal_id)
    version = version_sent(request, goal.version)

    def make(**given: Any) -> DependencyForm:
        source = given.get("data") or request.POST or given.get("initial") or {}
        people, goals = str(source.get("people_find", ""))[:80], str(source.get("goal_find", ""))[:80]
        choices = {
            "provider_id": person_choices(actor, people, chosen=numbers_in(source, "provider_id")),
            "provider_goal_id": objective_choices(
                actor, goals, chosen=numbers_in(source, "provider_goal_id"), without=goal.pk
            ),
        }
        return DependencyForm(choices=choices, **given)

    def save(form: DependencyForm) -> Dependency:
        given = form.cleaned_data
        number = given["provider_goal_id"]
        return dependency_request(
            actor=actor,
            goal=goal,
            provider_id=given["provider_id"],
            text=given["text"],
            version=version,
            provider_goal=goal_visible(actor, number) if number is not None else None,
            needed_on=given["needed_on"],
            reason=given["reason"],
        )

    look = asked_after(actor, goal) if _is_signed(actor, goal) else None
    answer = answered(request, make, save, names={"provider_goal": "provider_goal_id"}, look=look)
    if answer.is_saved:
        messages.success(request, "Asked. They are told, and answer on this page.")
        return HttpResponseRedirect(reverse("goals:goal", args=[actor.org_slug, goal_id]))
    context = {"title": "Ask for something this goal needs", "save_label": "Ask them"}
    return _page(request, actor, goal, answer=answer, version=version, context=context)


@require_http_methods(["GET", "POST"])
def dependency_answer(request: PageRequest, dependency_id: int, answer: str) -> HttpResponse:
    """What the person asked says: accept, decline, at risk, delivered."""
    actor = request.actor
    dependency = dependency_for_answer(actor, dependency_id)
    if answer not in ANSWERS:
        raise Invalid("Choose to accept, decline, call it at risk, or say that it is delivered.")
    label, lead, service = ANSWERS[answer]
    given = answered(
        request,
        DependencyAnswerForm,
        lambda form: service(actor=actor, dependency=dependency, answer=form.cleaned_data["answer"]),
        initial={"answer": dependency.answer},
    )
    if given.is_saved:
        messages.success(request, "Your answer is saved; the owners of the goal are told.")
        return HttpResponseRedirect(reverse("goals:goal", args=[actor.org_slug, dependency.goal_id]))
    context = {
        "form": given.form,
        "dependency": dependency_for_answer(actor, dependency_id),
        "goal_title": dependency.goal.title,
        "label": label,
        "lead": lead,
        "goal_url": reverse("goals:goal", args=[actor.org_slug, dependency.goal_id]),
    }
    return page(request, "dependency_answer.html", context, status=given.status)


def _is_signed(actor: Actor, goal: Goal) -> bool:
    """Whether people have been asked about this goal, so that a change concerns them."""
    is_asked = goal.state in ("proposed", "signed_off", "active")
    return is_asked and sign_off_of(actor, SubjectRef(GOAL, goal.pk)) is not None


def _page(
    request: PageRequest, actor: Actor, goal: Goal, *, answer: Any, version: int, context: dict[str, Any]
) -> HttpResponse:
    newest = goal_for_edit(actor, goal.pk)
    shown = {
        **context,
        "form": answer.form,
        "goal": newest,
        "seen": answer.seen,
        "sign_off": _is_signed(actor, newest),
        "version": newest.version,
        "is_stale": answer.is_stale and newest.version != version,
        "finding": request.POST.get("find", ""),
    }
    template = "part_preview.html" if answer.seen is not None else "link.html"
    return page(request, template, shown, status=answer.status)
