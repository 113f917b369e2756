"""Check-ins, what they moved, and comments."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from throughline.access.middleware import guests_welcome
from throughline.access.requests import PageRequest
from throughline.goals.forms.checkins import CheckInForm, CommentForm
from throughline.goals.forms.picking import numbers_in
from throughline.goals.models import CheckIn, Goal
from throughline.goals.policies import can_comment
from throughline.goals.rules import status_label
from throughline.goals.selectors import (
    checkin_for_correction,
    comment_for_edit,
    goal_for_checkin,
    goal_url,
    goal_visible,
)
from throughline.goals.selectors.choices import reader_choices
from throughline.goals.selectors.for_pages import (
    Moved,
    last_reading,
    mention_ids_of,
    moved_since,
    next_due,
    progress_above,
)
from throughline.goals.services import (
    checkin_correct,
    checkin_submit,
    comment_add,
    comment_edit,
    comment_withdraw,
)
from throughline.goals.views.answering import answered, page
from throughline.goals.views.wording import number_words

NAMES = {"confidence_0_1": "confidence_percent"}
# A check-in may move more goals than anybody reads; the rest is counted.
MOST_MOVED = 40


def _is_measured(goal: Goal) -> bool:
    return goal.kind == "key_result" and goal.measure != "milestones"


@require_http_methods(["GET", "POST"])
def check_in(request: PageRequest, goal_id: int) -> HttpResponse:
    """Say where a key result, objective or initiative stands."""
    actor = request.actor
    goal = goal_for_checkin(actor, goal_id)
    before = progress_above(actor, goal.objective_id) if request.method == "POST" else {}

    def save(form: CheckInForm) -> CheckIn:
        given = form.cleaned_data
        return checkin_submit(
            actor=actor,
            goal=goal,
            value=given.get("value"),
            confidence_0_1=form.confidence_0_1(),
            status=given["status"],
            note=given["note"],
            on=given["on"],
        )

    initial = {
        "confidence_percent": None if goal.confidence_0_1 is None else round(goal.confidence_0_1 * 100),
        "status": goal.status,
    }
    answer = answered(
        request,
        lambda **given: CheckInForm(has_value=_is_measured(goal), **given),
        save,
        initial=initial,
        names=NAMES,
    )
    if answer.is_saved and answer.value is not None:
        _remember_moved(request, answer.value.pk, moved_since(actor, before))
        return HttpResponseRedirect(reverse("goals:checked_in", args=[actor.org_slug, answer.value.pk]))
    context = {
        "form": answer.form,
        "goal": goal,
        "title": "Check in",
        **_last_words(goal, last_reading(actor, goal.pk)),
    }
    return page(request, "check_in.html", context, status=answer.status)


def _last_words(goal: Goal, last: CheckIn | None) -> dict[str, str]:
    """The reading before this one in words, and what the value is called."""
    unit = goal.metric_unit
    if last is None:
        lede = "The first check-in: where does it stand?"
    else:
        said = number_words(last.value, unit) or status_label(last.status) or "a note"
        who = f" by {last.by_person.name}" if last.by_person is not None else ""
        lede = f"Last time: {said}, on {last.on:%-d %B}{who}."
    way = ""
    if goal.measure == "keep_within":
        way = f"To stay within {number_words(goal.low)} and {number_words(goal.high, unit)}."
    elif goal.target is not None:
        way = f"From {number_words(goal.baseline)} to {number_words(goal.target, unit)}."
    return {
        "reading_lede": lede,
        "value_label": f"Value now, in {unit}" if unit else "Value now",
        "value_help": way,
    }


def _remember_moved(request: PageRequest, checkin_id: int, moved: tuple[Moved, ...]) -> None:
    """Keep what moved for the page that follows: it is about this moment and stored nowhere else."""
    request.session["goals.moved"] = {
        "checkin": checkin_id,
        "moved": [[item.goal_id, item.title, item.before_percent, item.after_percent] for item in moved[:MOST_MOVED]],
        "more": max(len(moved) - MOST_MOVED, 0),
    }


def checked_in(request: PageRequest, checkin_id: int) -> HttpResponse:
    """What a check-in moved above it, and what is due next."""
    actor = request.actor
    checkin = checkin_for_correction(actor, checkin_id)
    kept = request.session.get("goals.moved", {})
    is_fresh = kept.get("checkin") == checkin_id
    goal = goal_visible(actor, checkin.goal_id)
    moved = [Moved(*row) for row in kept["moved"]] if is_fresh else []
    said = number_words(checkin.value, goal.metric_unit) or status_label(checkin.status) or "A note"
    following = next_due(actor, without=goal.pk)
    context = {
        "checkin": checkin,
        "goal": goal,
        "words": said,
        "moved": [(item, goal_url(actor, item.goal_id)) for item in moved],
        "more": kept["more"] if is_fresh else 0,
        "is_fresh": is_fresh,
        "next": following,
        "next_label": f"Next check-in: {following.title}" if following is not None else "",
    }
    return page(request, "checked_in.html", context)


@require_http_methods(["GET", "POST"])
def checkin_correction(request: PageRequest, checkin_id: int) -> HttpResponse:
    """Replace a check-in that was wrong; the first stays in the history."""
    actor = request.actor
    checkin = checkin_for_correction(actor, checkin_id)
    goal = goal_for_checkin(actor, checkin.goal_id)
    before = progress_above(actor, goal.objective_id) if request.method == "POST" else {}

    def save(form: CheckInForm) -> CheckIn:
        given = form.cleaned_data
        return checkin_correct(
            actor=actor,
            checkin=checkin,
            value=given.get("value"),
            confidence_0_1=form.confidence_0_1(),
            status=given["status"],
            note=given["note"],
        )

    initial = {
        "value": checkin.value,
        "confidence_percent": None if checkin.confidence_0_1 is None else round(checkin.confidence_0_1 * 100),
        "status": checkin.status,
        "note": checkin.note,
    }
    answer = answered(
        request,
        lambda **given: CheckInForm(has_value=_is_measured(goal), is_correction=True, **given),
        save,
        initial=initial,
        names=NAMES,
    )
    if answer.is_saved and answer.value is not None:
        _remember_moved(request, answer.value.pk, moved_since(actor, before))
        return HttpResponseRedirect(reverse("goals:checked_in", args=[actor.org_slug, answer.value.pk]))
    context = {
        "form": answer.form,
        "goal": goal,
        "title": "Correct a check-in",
        "corrected": checkin,
        **_last_words(goal, checkin),
        "reading_lede": f"As it was given for {checkin.on:%-d %B}. The first one stays in the history, marked as corrected.",
    }
    return page(request, "check_in.html", context, status=answer.status)


def comment_maker(request: PageRequest, goal: Goal) -> Any:
    """Builds the comment form with the people who may be told."""
    actor = request.actor

    def make(**given: Any) -> CommentForm:
        source = given.get("data") or request.POST or given.get("initial") or {}
        words, chosen = str(source.get("people_find", ""))[:80], numbers_in(source, "mention_ids")
        people = () if actor.is_guest else reader_choices(actor, goal, words, chosen=chosen)
        form = CommentForm(choices={"mention_ids": people}, **given)
        if not people:
            form.fields.pop("mention_ids")
            form.fields.pop("people_find", None)
        return form

    return make


@guests_welcome
@require_http_methods(["GET", "POST"])
def comment(request: PageRequest, goal_id: int) -> HttpResponse:
    """Say something about a goal, and tell people of it."""
    actor = request.actor
    goal = goal_visible(actor, goal_id)
    can_comment(actor, goal).require()
    answer = answered(
        request,
        comment_maker(request, goal),
        lambda form: comment_add(
            actor=actor,
            goal=goal,
            text=form.cleaned_data["text"],
            mention_ids=form.cleaned_data.get("mention_ids", ()),
        ),
    )
    if answer.is_saved:
        return HttpResponseRedirect(reverse("goals:goal", args=[actor.org_slug, goal_id]) + "#comments")
    context = {"form": answer.form, "goal": goal, "finding": request.POST.get("find", "")}
    return page(request, "comment.html", context, status=answer.status)


@guests_welcome
@require_http_methods(["GET", "POST"])
def comment_change(request: PageRequest, comment_id: int) -> HttpResponse:
    """Change one's own comment."""
    actor = request.actor
    row = comment_for_edit(actor, comment_id)
    goal = goal_visible(actor, row.goal_id)
    answer = answered(
        request,
        comment_maker(request, goal),
        lambda form: comment_edit(
            actor=actor,
            comment=row,
            text=form.cleaned_data["text"],
            mention_ids=form.cleaned_data.get("mention_ids", ()),
        ),
        initial={"text": row.text, "mention_ids": mention_ids_of(actor, row.pk)},
    )
    if answer.is_saved:
        return HttpResponseRedirect(reverse("goals:goal", args=[actor.org_slug, goal.pk]) + "#comments")
    context = {"form": answer.form, "goal": goal, "comment": row, "finding": request.POST.get("find", "")}
    return page(request, "comment.html", context, status=answer.status)


@guests_welcome
@require_POST
def comment_take_back(request: PageRequest, comment_id: int) -> HttpResponse:
    """Withdraw one's own comment; its place stays, its text goes."""
    actor = request.actor
    row = comment_for_edit(actor, comment_id)
    comment_withdraw(actor=actor, comment=row)
    messages.success(request, "Withdrawn. Its text is gone.")
    return HttpResponseRedirect(reverse("goals:goal", args=[actor.org_slug, row.goal_id]) + "#comments")
