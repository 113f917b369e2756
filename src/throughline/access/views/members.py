"""Members, their roles and their access."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from throughline.access import policies
from throughline.access.forms import MemberFilterForm, RolesForm, refuse
from throughline.access.requests import PageRequest
from throughline.access.rules import role_words
from throughline.access.selectors import MemberFilter, member_for_change, members_page
from throughline.access.services import membership_end, membership_reactivate, roles_change
from throughline.access.views.paging import page_urls
from throughline.access.views.settings import settings_context
from throughline.components.parts import Column, DataTable
from throughline.kernel.errors import Conflict, Invalid, Refused

COLUMNS = (
    Column("name", "Name"),
    Column("email", "E-mail"),
    Column("roles", "Roles"),
    Column("state", "Access"),
)


@require_GET
def member_list(request: PageRequest) -> HttpResponse:
    """Everybody with access, by name."""
    asked = request.GET
    state = {"": "active", "ended": "ended"}.get(asked.get("state", ""), "")
    wanted = MemberFilter(asked.get("q", ""), asked.get("role", ""), state)
    page = members_page(request.actor, wanted=wanted, cursor=asked.get("cursor", ""))
    base = reverse("settings:member", args=[request.actor.org_slug, 0]).removesuffix("0/")
    can_change = policies.can_administer(request.actor)
    rows = [
        {
            "name": row.person.name,
            "name_url": f"{base}{row.pk}/" if can_change else "",
            "email": row.account.email,
            "roles": role_words(row.roles),
            "state": "active" if row.is_active else "ended",
        }
        for row in page.rows
    ]
    context = settings_context(request, "members", form=MemberFilterForm(asked), can_change=can_change)
    context["table"] = DataTable("Members", COLUMNS, rows)
    context["is_filtered"] = bool(asked.get("q") or asked.get("role") or asked.get("state"))
    context |= page_urls(request, page)
    return render(request, "access/settings/members.html", context)


@require_http_methods(["GET", "POST"])
def member(request: PageRequest, membership_id: int) -> HttpResponse:
    """One member's roles."""
    policies.can_administer(request.actor).require()
    row = member_for_change(request.actor, membership_id)
    seen = ",".join(sorted(row.roles))
    form = RolesForm(request.POST or None, initial={"roles": row.roles, "seen_roles": seen})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            seen_roles = [role for role in given["seen_roles"].split(",") if role]
            try:
                roles_change(actor=request.actor, membership=row, roles=given["roles"], seen_roles=seen_roles)
            except Invalid as error:
                refuse(form, error)
            except (Conflict, Refused) as error:
                form.add_error(None, str(error))
                status = 409
                if isinstance(error, Conflict):
                    data = request.POST.copy()
                    data["seen_roles"] = seen
                    form.data = data
            else:
                messages.success(request, f"{row.person.name} is now: {role_words(given['roles'])}.")
                return redirect("settings:members", request.actor.org_slug)
    context = settings_context(request, "members", form=form, member=row, roles=role_words(row.roles))
    return render(request, "access/settings/member.html", context, status=status)


@require_POST
def member_end(request: PageRequest, membership_id: int) -> HttpResponse:
    """End somebody's access."""
    row = member_for_change(request.actor, membership_id)
    membership_end(actor=request.actor, membership=row)
    return _told(request, f"{row.person.name} no longer has access. What they did stays.")


@require_POST
def member_reactivate(request: PageRequest, membership_id: int) -> HttpResponse:
    """Give ended access back."""
    row = member_for_change(request.actor, membership_id)
    membership_reactivate(actor=request.actor, membership=row)
    return _told(request, f"{row.person.name} has access again.")


def _told(request: PageRequest, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect("settings:members", request.actor.org_slug)
