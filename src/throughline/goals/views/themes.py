"""Strategic themes: the list, one with its goals, setting and dropping one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from throughline.access.requests import PageRequest
from throughline.components.parts import TabLink
from throughline.goals.forms.cycles import ThemeForm
from throughline.goals.policies import can_manage_themes
from throughline.goals.selectors import GoalFilter, goals_table, theme_for_edit, theme_visible
from throughline.goals.selectors.choices import open_cycle_choices
from throughline.goals.selectors.for_pages import theme_figures, theme_rows
from throughline.goals.services import strategic_theme_create, strategic_theme_drop, strategic_theme_edit
from throughline.goals.views.answering import answered, beside, page, version_sent
from throughline.goals.views.showing import goal_rows
from throughline.kernel.ids import SubjectRef
from throughline.ledger.selectors import trace_stations


def themes(request: PageRequest) -> HttpResponse:
    """The themes in force, then those dropped."""
    actor = request.actor
    is_sustainable = request.GET.get("sustainability", "") in ("1", "on")
    found = theme_rows(actor, cursor=request.GET.get("cursor", ""), only_sustainability=is_sustainable)
    context = {
        "page": found,
        "can_manage": can_manage_themes(actor),
        "is_sustainable": is_sustainable,
        "tabs": [
            TabLink("All", "?", is_current=not is_sustainable),
            TabLink("Sustainability", "?sustainability=1", is_current=is_sustainable),
        ],
        **beside(found.next_cursor, found.previous_cursor, "&sustainability=1" if is_sustainable else ""),
    }
    return page(request, "themes.html", context)


def theme(request: PageRequest, theme_id: int) -> HttpResponse:
    """One theme: what it means, how far its goals are, and which they are."""
    actor = request.actor
    row = theme_visible(actor, theme_id)
    found = goals_table(actor, GoalFilter(theme_id=row.pk), cursor=request.GET.get("cursor", ""))
    context = {
        "theme": row,
        "figures": theme_figures(actor, row.pk),
        "new_goal_url": f"{reverse('goals:new', args=[actor.org_slug])}?theme={row.pk}",
        **beside(found.next_cursor, found.previous_cursor),
        "rows": goal_rows(found.rows),
        "can_manage": can_manage_themes(actor),
        "stations": trace_stations(actor, SubjectRef("goals.theme", row.pk)),
    }
    return page(request, "theme.html", context)


@require_http_methods(["GET", "POST"])
def theme_new(request: PageRequest) -> HttpResponse:
    """Set a theme."""
    actor = request.actor
    can_manage_themes(actor).require()
    choices = {"cycle_id": open_cycle_choices(actor)}
    answer = answered(
        request,
        lambda **given: ThemeForm(choices=choices, **given),
        lambda form: strategic_theme_create(actor=actor, **form.cleaned_data),
    )
    if answer.is_saved and answer.value is not None:
        messages.success(request, "Set. Goals can belong to it from now on.")
        return HttpResponseRedirect(reverse("goals:theme", args=[actor.org_slug, answer.value.pk]))
    return page(request, "theme_form.html", {"form": answer.form}, status=answer.status)


@require_http_methods(["GET", "POST"])
def theme_edit(request: PageRequest, theme_id: int) -> HttpResponse:
    """Change a theme."""
    actor = request.actor
    row = theme_for_edit(actor, theme_id)
    version = version_sent(request, row.version)
    choices = {"cycle_id": open_cycle_choices(actor, chosen=row.cycle_id)}
    answer = answered(
        request,
        lambda **given: ThemeForm(choices=choices, **given),
        lambda form: strategic_theme_edit(
            actor=actor, theme=theme_for_edit(actor, theme_id), version=version, **form.cleaned_data
        ),
        initial={name: getattr(row, name) for name in ("title", "text", "cycle_id", "is_sustainability")},
    )
    if answer.is_saved:
        messages.success(request, "Saved.")
        return HttpResponseRedirect(reverse("goals:theme", args=[actor.org_slug, theme_id]))
    newest = theme_for_edit(actor, theme_id)
    context = {
        "form": answer.form,
        "theme": newest,
        "version": newest.version,
        "is_stale": answer.is_stale and newest.version != version,
        "typed": answer.form["text"].value() or "",
    }
    return page(request, "theme_form.html", context, status=answer.status)


@require_http_methods(["GET", "POST"])
def theme_drop(request: PageRequest, theme_id: int) -> HttpResponse:
    """Drop a theme; goals that belong to it keep it."""
    actor = request.actor
    row = theme_for_edit(actor, theme_id)
    answer: Any = answered(request, forms.Form, lambda _form: strategic_theme_drop(actor=actor, theme=row))
    if answer.is_saved:
        messages.success(request, "Dropped. Goals that belong to it keep it.")
        return HttpResponseRedirect(reverse("goals:themes", args=[actor.org_slug]))
    return page(request, "theme_drop.html", {"form": answer.form, "theme": row}, status=answer.status)
