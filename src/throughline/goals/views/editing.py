"""Writing a goal down, and changing it with a look at who would be asked again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from throughline.access.requests import PageRequest
from throughline.decisions.selectors import sign_off_of
from throughline.goals.forms.goals import GoalEditForm, GoalForm, NewGoalForm
from throughline.goals.forms.picking import numbers_in
from throughline.goals.models import Goal
from throughline.goals.policies import GOAL, can_create_goal
from throughline.goals.selectors import goal_for_edit, goal_visible
from throughline.goals.selectors.choices import (
    MOST_TICKS,
    live_theme_choices,
    objective_choices,
    open_cycle_choices,
    person_choices,
    served_choices,
    unit_choices,
)
from throughline.goals.selectors.for_pages import co_owner_ids_of, version_text
from throughline.goals.services import goal_align, goal_create, goal_edit
from throughline.goals.views.answering import Answer, answered, page, version_sent
from throughline.goals.views.trying import asked_after
from throughline.kernel.actor import Actor
from throughline.kernel.errors import Invalid
from throughline.kernel.ids import SubjectRef
from throughline.ledger.subjects import SubjectCard, subject_card


@require_http_methods(["GET", "POST"])
def new(request: PageRequest) -> HttpResponse:
    """Write a goal down as a candidate, with what prompted it and the goals above it."""
    actor = request.actor
    can_create_goal(actor, level="unit", owner_id=actor.person_id).require()
    prompts = _prompts(actor, request)
    answer = answered(
        request,
        _maker(request, actor, NewGoalForm),
        lambda form: _create(actor, form, prompts),
        initial=_start(actor, request, prompts),
    )
    if answer.is_saved and answer.value is not None:
        messages.success(request, "Written down as a candidate. Add key results, then propose it.")
        return HttpResponseRedirect(reverse("goals:goal", args=[actor.org_slug, answer.value.pk]))
    context = {"form": answer.form, "prompts": prompts, "finding": request.POST.get("find", "")}
    return page(request, "new.html", context, status=answer.status)


def _prompts(actor: Actor, request: PageRequest) -> list[SubjectCard]:
    """What the goal is prompted by; an address may name several, and what one cannot open is left out."""
    found = []
    for text in dict.fromkeys(request.GET.getlist("prompted_by")[:20]):
        try:
            card = subject_card(actor, SubjectRef.parse(text))
        except ValueError:
            card = None
        if card is not None:
            found.append(card)
    return found


def _start(actor: Actor, request: PageRequest, prompts: list[SubjectCard]) -> dict[str, Any]:
    asked = {name: numbers_in(request.GET, name) for name in ("cycle", "unit", "parent", "theme")}
    own_units = sorted(actor.own_unit_ids)
    cycles = open_cycle_choices(actor)
    return {
        "title": prompts[0].title[:300] if prompts else "",
        "level": "unit" if own_units or asked["unit"] else "organisation",
        "owner_id": actor.person_id,
        "unit_id": asked["unit"][0] if asked["unit"] else own_units[0] if own_units else None,
        "cycle_id": asked["cycle"][0] if asked["cycle"] else cycles[0][0] if len(cycles) == 1 else None,
        "theme_id": asked["theme"][0] if asked["theme"] else None,
        "parent_ids": asked["parent"],
    }


def _create(actor: Actor, form: NewGoalForm, prompts: list[SubjectCard]) -> Goal:
    goal = goal_create(actor=actor, fields=form.fields_given(), prompted_by=[card.ref for card in prompts])
    for parent_id in form.cleaned_data["parent_ids"]:
        parent = goal_visible(actor, parent_id)
        goal.refresh_from_db()
        try:
            goal_align(actor=actor, child=goal, parent=parent, version=goal.version)
        except Invalid as error:
            # The form has one field for all parents, whatever the service calls it.
            raise Invalid({"parent_ids": [word for words in error.problems.values() for word in words]}) from error
    return goal


@require_http_methods(["GET", "POST"])
def edit(request: PageRequest, goal_id: int) -> HttpResponse:
    """Change a goal. Where people have been asked to sign, the first sending shows who would be asked again."""
    actor = request.actor
    goal = goal_for_edit(actor, goal_id)
    if not goal.is_objective:
        return HttpResponseRedirect(reverse("goals:part_edit", args=[actor.org_slug, goal.pk]))
    version, has_signatures = (
        version_sent(request, goal.version),
        goal.state in ("proposed", "signed_off", "active"),
    )
    sign_off = sign_off_of(actor, SubjectRef(GOAL, goal.pk)) if has_signatures else None

    def save(form: GoalEditForm) -> Goal:
        given = form.cleaned_data
        return goal_edit(
            actor=actor,
            goal=goal_for_edit(actor, goal_id),
            fields=form.fields_given(goal),
            version=version,
            reason=given["reason"],
            is_editorial=given["is_editorial"],
        )

    answer = answered(
        request,
        _maker(request, actor, GoalEditForm, goal=goal),
        save,
        initial=_initial(goal, co_owner_ids_of(actor, goal.pk)),
        look=asked_after(actor, goal) if sign_off is not None else None,
    )
    if answer.is_saved:
        messages.success(request, "Saved.")
        return HttpResponseRedirect(reverse("goals:goal", args=[actor.org_slug, goal.pk]))
    return _edit_page(request, actor, answer, goal=goal, sign_off=sign_off, version=version)


def _edit_page(
    request: PageRequest, actor: Actor, answer: Answer[Any, Any], *, goal: Goal, sign_off: Any, version: int
) -> HttpResponse:
    newest = goal_for_edit(actor, goal.pk)
    is_stale = answer.is_stale and newest.version != version
    context = {
        "form": answer.form,
        "goal": newest,
        "sign_off": sign_off,
        "seen": answer.seen,
        "is_stale": is_stale,
        # Saving again after a conflict is deliberate: it is made from the version that is compared with below.
        "version": newest.version,
        "older_text": version_text(actor, goal.pk, version) if is_stale else "",
        "newer_text": version_text(actor, goal.pk, newest.version) if is_stale else "",
        "typed": answer.form["description"].value() or "",
        "typed_title": answer.form["title"].value() or "",
        "finding": request.POST.get("find", ""),
    }
    template = "edit_preview.html" if answer.seen is not None else "edit.html"
    return page(request, template, context, status=answer.status)


def _initial(goal: Goal, co_owner_ids: list[int]) -> dict[str, Any]:
    return {
        "title": goal.title,
        "description": goal.description,
        "level": goal.level,
        "unit_id": goal.unit_id,
        "owner_id": goal.owner_id,
        "co_owner_ids": co_owner_ids,
        "serves": f"{goal.serves_kind}:{goal.serves_id}" if goal.serves_id is not None else "",
        "cycle_id": goal.cycle_id,
        "theme_id": goal.theme_id,
        "starts_on": goal.starts_on,
        "ends_on": goal.ends_on,
        "cadence": goal.cadence,
        "visibility": goal.visibility,
    }


def _maker(request: PageRequest, actor: Actor, form: type[GoalForm], *, goal: Goal | None = None) -> Callable[..., Any]:
    """Builds the form with its choices: what is chosen in what was sent, or in the goal, or by the address."""

    def make(**given: Any) -> GoalForm:
        source = given.get("data") or request.POST or given.get("initial") or {}

        def words(name: str) -> str:
            return str(source.get(f"{name}_find", ""))[:80]

        goals_own = (goal.cycle_id, goal.theme_id) if goal is not None else (None, None)
        choices: dict[str, Any] = {
            "unit_id": unit_choices(actor, words("unit"), chosen=numbers_in(source, "unit_id")),
            "owner_id": person_choices(actor, words("people"), chosen=numbers_in(source, "owner_id")),
            "serves": [
                ("", "Not named yet"),
                *served_choices(actor, str(source.get("serves", "") or ""), words("serves")),
            ],
            "cycle_id": open_cycle_choices(actor, chosen=goals_own[0]),
            "theme_id": live_theme_choices(actor, chosen=goals_own[1]),
        }
        owners_too = numbers_in(source, "co_owner_ids")
        choices["co_owner_ids"] = person_choices(actor, words("people"), chosen=owners_too, most=MOST_TICKS)
        if issubclass(form, NewGoalForm):
            above = numbers_in(source, "parent_ids")
            choices["parent_ids"] = objective_choices(actor, words("parent"), chosen=above, most=MOST_TICKS)
        return form(choices=choices, **given)

    return make
