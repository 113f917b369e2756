"""Key results, milestones and initiatives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from throughline.access.requests import PageRequest
from throughline.decisions.selectors import SignOff, sign_off_of
from throughline.goals.forms.goals import ReasonForm
from throughline.goals.forms.parts import (
    FORM_OF,
    MEASURE_WORDS,
    InitiativeForm,
    KeyResultForm,
    MilestonesForm,
)
from throughline.goals.forms.picking import PickingForm, numbers_in
from throughline.goals.models import Goal
from throughline.goals.policies import GOAL
from throughline.goals.rules import Measure
from throughline.goals.selectors import (
    goal_for_edit,
    initiative_for_edit,
    key_result_for_edit,
    milestone_for_edit,
)
from throughline.goals.selectors.choices import person_choices
from throughline.goals.selectors.for_pages import milestones_of
from throughline.goals.services import (
    initiative_add,
    initiative_done,
    initiative_edit,
    initiative_remove,
    key_result_add,
    key_result_edit,
    key_result_remove,
    milestone_done,
)
from throughline.goals.views.answering import answered, page, version_sent
from throughline.goals.views.trying import asked_after
from throughline.kernel.actor import Actor
from throughline.kernel.ids import SubjectRef


def _goal_url(actor: Actor, goal_id: int) -> str:
    return reverse("goals:goal", args=[actor.org_slug, goal_id])


def _signatures(actor: Actor, goal: Goal) -> SignOff | None:
    if goal.state not in ("proposed", "signed_off", "active"):
        return None
    return sign_off_of(actor, SubjectRef(GOAL, goal.pk))


@require_http_methods(["GET", "POST"])
def key_result_new(request: PageRequest, goal_id: int) -> HttpResponse:
    """First which kind, then its own form."""
    actor = request.actor
    goal = goal_for_edit(actor, goal_id)
    measure = request.GET.get("measure", "")
    if measure not in FORM_OF:
        kinds = [(str(kind), *words) for kind, words in MEASURE_WORDS.items()]
        return page(request, "key_result_kinds.html", {"goal": goal, "kinds": kinds})
    version = version_sent(request, goal.version)

    def save(form: KeyResultForm) -> Goal:
        terms = form.terms(measure)
        reason = form.cleaned_data.get("reason", "")
        return key_result_add(actor=actor, goal=goal, terms=terms, version=version, reason=reason)

    sign_off = _signatures(actor, goal)
    answer = answered(
        request,
        _maker(request, actor, FORM_OF[measure], is_new=True, has_signatures=sign_off is not None),
        save,
        initial={"weight": 1.0},
        look=asked_after(actor, goal) if sign_off is not None else None,
    )
    if answer.is_saved:
        messages.success(request, "Added.")
        return HttpResponseRedirect(_goal_url(actor, goal.pk))
    context = {
        "title": "Add a key result",
        "kind_words": MEASURE_WORDS[Measure(measure)],
        "save_label": "Add it",
    }
    return _part_page(request, actor, goal, answer=answer, sign_off=sign_off, version=version, context=context)


@require_http_methods(["GET", "POST"])
def part_edit(request: PageRequest, goal_id: int) -> HttpResponse:
    """Change a key result or an initiative."""
    actor = request.actor
    part = goal_for_edit(actor, goal_id)
    if part.part_of is None:
        return HttpResponseRedirect(reverse("goals:edit", args=[actor.org_slug, part.pk]))
    goal = goal_for_edit(actor, part.part_of.pk)
    version, sign_off = version_sent(request, goal.version), _signatures(actor, goal)
    is_key_result = part.kind == "key_result"

    def save(form: Any) -> Goal:
        given = form.cleaned_data
        if isinstance(form, KeyResultForm):
            return key_result_edit(
                actor=actor,
                key_result=key_result_for_edit(actor, part.pk),
                terms=form.terms(part.measure, metric_key=part.metric_key),
                version=version,
                reason=given.get("reason", ""),
                is_editorial=given.get("is_editorial", False),
            )
        return initiative_edit(
            actor=actor,
            initiative=initiative_for_edit(actor, part.pk),
            version=version,
            title=given["title"],
            description=given["description"],
            owner_id=given["owner_id"],
            ends_on=given["ends_on"],
            reason=given.get("reason", ""),
        )

    lines = milestones_of(actor, part.pk) if part.measure == "milestones" else []
    make = _maker(
        request,
        actor,
        FORM_OF[part.measure] if is_key_result else InitiativeForm,
        has_signatures=sign_off is not None,
        milestone_count=len(lines),
    )
    answer = answered(
        request,
        make,
        save,
        initial=_initial(part, lines),
        look=asked_after(actor, goal) if sign_off is not None else None,
    )
    if answer.is_saved:
        messages.success(request, "Saved.")
        return HttpResponseRedirect(_goal_url(actor, goal.pk))
    context = {
        "title": "Change this key result" if is_key_result else "Change this initiative",
        "kind_words": MEASURE_WORDS[Measure(part.measure)] if is_key_result else ("", ""),
        "part": part,
        "save_label": "Save",
    }
    return _part_page(request, actor, goal, answer=answer, sign_off=sign_off, version=version, context=context)


@require_http_methods(["GET", "POST"])
def initiative_new(request: PageRequest, goal_id: int) -> HttpResponse:
    """Add work done for a goal."""
    actor = request.actor
    goal = goal_for_edit(actor, goal_id)
    version, sign_off = version_sent(request, goal.version), _signatures(actor, goal)

    def save(form: InitiativeForm) -> Goal:
        given = form.cleaned_data
        return initiative_add(
            actor=actor,
            goal=goal,
            version=version,
            title=given["title"],
            description=given["description"],
            owner_id=given["owner_id"],
            ends_on=given["ends_on"],
            reason=given.get("reason", ""),
        )

    answer = answered(
        request,
        _maker(request, actor, InitiativeForm, is_new=True, has_signatures=sign_off is not None),
        save,
        look=asked_after(actor, goal) if sign_off is not None else None,
    )
    if answer.is_saved:
        messages.success(request, "Added.")
        return HttpResponseRedirect(_goal_url(actor, goal.pk))
    context = {"title": "Add an initiative", "kind_words": ("", ""), "save_label": "Add it"}
    return _part_page(request, actor, goal, answer=answer, sign_off=sign_off, version=version, context=context)


@require_http_methods(["GET", "POST"])
def part_remove(request: PageRequest, goal_id: int) -> HttpResponse:
    """Take a key result or initiative out; it stays readable, struck through."""
    actor = request.actor
    part = goal_for_edit(actor, goal_id)
    if part.part_of is None:
        return HttpResponseRedirect(reverse("goals:drop", args=[actor.org_slug, part.pk]))
    goal = goal_for_edit(actor, part.part_of.pk)
    version, sign_off = version_sent(request, goal.version), _signatures(actor, goal)

    def save(form: ReasonForm) -> Goal:
        reason = form.cleaned_data["reason"]
        if part.kind == "key_result":
            return key_result_remove(actor=actor, key_result=part, version=version, reason=reason)
        return initiative_remove(actor=actor, initiative=part, version=version, reason=reason)

    answer = answered(request, ReasonForm, save, look=asked_after(actor, goal) if sign_off is not None else None)
    if answer.is_saved:
        messages.success(request, "Removed. It stays in the history of this goal.")
        return HttpResponseRedirect(_goal_url(actor, goal.pk))
    context = {
        "title": f"Remove “{part.title}”",
        "kind_words": ("", ""),
        "part": part,
        "save_label": "Remove it",
    }
    return _part_page(request, actor, goal, answer=answer, sign_off=sign_off, version=version, context=context)


@require_POST
def initiative_mark(request: PageRequest, goal_id: int) -> HttpResponse:
    """Mark an initiative done, or open again."""
    actor = request.actor
    initiative = initiative_for_edit(actor, goal_id)
    initiative_done(actor=actor, initiative=initiative, is_done=request.POST.get("is_done") == "1")
    return HttpResponseRedirect(_goal_url(actor, initiative.objective_id) + "#initiatives")


@require_POST
def milestone_mark(request: PageRequest, milestone_id: int) -> HttpResponse:
    """Mark a milestone reached, or open again."""
    actor = request.actor
    milestone = milestone_for_edit(actor, milestone_id)
    milestone_done(actor=actor, milestone=milestone, is_done=request.POST.get("is_done") == "1")
    return HttpResponseRedirect(_goal_url(actor, milestone.key_result_id) + "#milestones")


def _maker(
    request: PageRequest,
    actor: Actor,
    form: type[PickingForm],
    *,
    is_new: bool = False,
    has_signatures: bool = False,
    milestone_count: int = 0,
) -> Callable[..., Any]:
    def make(**given: Any) -> PickingForm:
        source = given.get("data") or request.POST or given.get("initial") or {}
        people = person_choices(actor, str(source.get("people_find", ""))[:80], chosen=numbers_in(source, "owner_id"))
        extra = {"existing": milestone_count} if issubclass(form, MilestonesForm) else {}
        built = form(choices={"owner_id": people}, **extra, **given)
        if is_new:
            built.fields.pop("is_editorial", None)
        if not has_signatures:
            # Nobody has signed: there is nobody to explain a change to.
            for name in ("reason", "is_editorial"):
                if name in built.fields:
                    del built.fields[name]
        return built

    return make


def _initial(part: Goal, lines: list[Any]) -> dict[str, Any]:
    names = (
        "title", "description", "owner_id", "ends_on", "cadence", "weight",
        "baseline", "target", "low", "high", "metric_unit",
    )  # fmt: skip
    found: dict[str, Any] = {name: getattr(part, name) for name in names}
    for number, line in enumerate(lines):
        found[f"milestone_id_{number}"] = line.pk
        found[f"milestone_title_{number}"] = line.title
        found[f"milestone_due_{number}"] = line.due_on
    return found


def _part_page(
    request: PageRequest,
    actor: Actor,
    goal: Goal,
    *,
    answer: Any,
    sign_off: SignOff | None,
    version: int,
    context: dict[str, Any],
) -> HttpResponse:
    newest = goal_for_edit(actor, goal.pk)
    shown = {
        **context,
        "form": answer.form,
        "goal": newest,
        "sign_off": sign_off,
        "seen": answer.seen,
        "version": newest.version,
        "is_stale": answer.is_stale and newest.version != version,
        "finding": request.POST.get("find", ""),
    }
    template = "part_preview.html" if answer.seen is not None else "part.html"
    return page(request, template, shown, status=answer.status)
