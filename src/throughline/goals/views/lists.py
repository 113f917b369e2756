"""The list of goals in three views of one filter, its export, and what one owes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect, QueryDict, StreamingHttpResponse
from django.urls import reverse

from throughline.access.requests import PageRequest
from throughline.components.parts import Row, TabLink
from throughline.goals.forms.filtering import VIEWS, GoalFilterForm, filter_of, opened_of, view_of
from throughline.goals.policies import can_create_goal, can_import_goals
from throughline.goals.selectors import (
    GoalFilter,
    GoalRow,
    checkins_due,
    dependencies_asked,
    goal_outline,
    goal_tree_roots,
    goals_table,
)
from throughline.goals.selectors.choices import (
    all_cycle_choices,
    live_theme_choices,
    owner_filter_choices,
    unit_choices,
)
from throughline.goals.selectors.rows import goal_children
from throughline.goals.views.answering import page
from throughline.goals.views.showing import goal_table, outline_lines, progress_words, tree_lines
from throughline.kernel.actor import Actor
from throughline.kernel.scoping import in_org

# Branches an address may hold open at once, and rows below each; beyond that the goal's own page is the place.
MOST_OPEN, CHILDREN = 40, 100
EXPORT_CHUNK = 200
# Other places write the filter by the names of its fields.
OTHER_NAMES = {
    "cycle_id": "cycle",
    "unit_id": "unit",
    "theme_id": "theme",
    "owner_id": "owner",
    "is_mine": "mine",
}


def goal_list(request: PageRequest) -> HttpResponse:
    """Goals as a tree, a table or an outline; everything about the view is in its address."""
    actor = request.actor
    if OTHER_NAMES.keys() & request.GET.keys():
        return HttpResponseRedirect(f"{request.path}?{_plain_names(request.GET).urlencode()}")
    wanted, view = filter_of(request.GET), view_of(request.GET)
    context: dict[str, Any] = {
        "view": view,
        "tabs": [TabLink(label, _address(request, view=key), is_current=key == view) for key, label in VIEWS],
        "export_url": f"{reverse('goals:export', args=[actor.org_slug])}?{_kept(request.GET).urlencode()}",
        "is_filtered": wanted.is_set,
        "can_create": can_create_goal(actor, level="unit", owner_id=actor.person_id),
        "can_import": can_import_goals(actor),
        **_rows(request, actor, wanted, view),
    }
    context["form"] = GoalFilterForm(
        request.GET,
        choices={
            "cycle": all_cycle_choices(actor),
            "unit": unit_choices(actor, chosen=[wanted.unit_id] if wanted.unit_id is not None else []),
            "theme": live_theme_choices(actor, chosen=wanted.theme_id),
            "owner": owner_filter_choices(actor, wanted.owner_id),
        },
    )
    return page(request, "list.html", context)


def _rows(request: PageRequest, actor: Actor, wanted: GoalFilter, view: str) -> dict[str, Any]:
    cursor = request.GET.get("cursor", "")
    if view == "table":
        found = goals_table(actor, wanted, cursor=cursor, order=_order(request.GET))
        shown: dict[str, Any] = {"table": goal_table(found.rows)}
    elif view == "outline":
        found = goal_outline(actor, wanted, cursor=cursor)
        shown = {"lines": outline_lines(found.rows)}
    else:
        found = goal_tree_roots(actor, wanted, cursor=cursor)
        opened = opened_of(request.GET, most=MOST_OPEN)
        children = goal_children(actor, opened, limit=CHILDREN)
        kept = _kept(request.GET, "cursor")
        kept["view"] = view
        shown = {"lines": tree_lines(found.rows, children, opened, address=kept.urlencode())}
    return {
        **shown,
        "is_empty": not found.rows,
        "older_url": _address(request, view=view, cursor=found.next_cursor) if found.next_cursor else "",
        "newer_url": _address(request, view=view, cursor=found.previous_cursor) if found.previous_cursor else "",
    }


def _order(query: QueryDict) -> str:
    wanted = query.get("sort", "")
    return wanted if wanted in ("title", "-title", "progress", "-progress") else "title"


def _plain_names(query: QueryDict) -> QueryDict:
    plain = query.copy()
    for other, name in OTHER_NAMES.items():
        if other in plain:
            plain[name] = str(plain.pop(other)[-1])
    return plain


def _kept(query: QueryDict, *also: str) -> QueryDict:
    """The filter of an address, without the place in the list; the place too when named."""
    kept = QueryDict(mutable=True)
    names = ("q", "cycle", "unit", "theme", "owner", "state", "status", "level", "mine", *also)
    for name in names:
        if query.get(name):
            kept[name] = str(query[name])
    return kept


def _address(request: PageRequest, *, view: str, cursor: str = "") -> str:
    query = _kept(request.GET, *(("sort",) if view == "table" else ()))
    query["view"] = view
    if cursor:
        query["cursor"] = cursor
    return f"?{query.urlencode()}"


def export(request: PageRequest) -> StreamingHttpResponse:
    """The filtered goals as CSV, in the order of the table."""
    actor = request.actor
    response = StreamingHttpResponse(_csv(actor, filter_of(request.GET)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="goals.csv"'
    return response


HEADER = (
    "Number",
    "Goal",
    "State",
    "Unit",
    "Owner",
    "Cycle",
    "Status",
    "Chance in %",
    "Progress in %",
    "Reading",
)


def _csv(actor: Actor, wanted: GoalFilter) -> Iterator[str]:
    yield "\ufeff" + _line(HEADER)
    cursor = ""
    while True:
        # The request's scope has ended when this runs, and none may stay open while the reader takes the next piece.
        with in_org(actor.org_id):
            found = goals_table(actor, wanted, cursor=cursor, size=EXPORT_CHUNK)
        yield "".join(_line(_cells(row)) for row in found.rows)
        cursor = found.next_cursor
        if not cursor:
            return


def _cells(row: GoalRow) -> tuple[object, ...]:
    return (
        row.id,
        row.title,
        row.state_label,
        row.unit_name,
        row.owner_name,
        row.cycle_name,
        row.status_label,
        "" if row.confidence_percent is None else row.confidence_percent,
        "" if row.is_empty else row.progress_percent,
        "" if row.is_empty else progress_words(row) if row.is_unread else "read",
    )


def _line(cells: tuple[object, ...]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow([_guarded(cell) for cell in cells])
    return text.getvalue()


def _guarded(cell: object) -> object:
    """Text that a spreadsheet would run as a formula gets an apostrophe; numbers stay numbers."""
    is_risky = (isinstance(cell, str) and cell.lstrip()[:1] in ("=", "+", "-", "@", "|", "%")) or (
        isinstance(cell, str) and cell[:1] in ("\t", "\r", "\n")
    )
    return f"'{cell}" if is_risky else cell


def due(request: PageRequest) -> HttpResponse:
    """My check-ins due and late, and what I was asked to provide."""
    actor = request.actor
    rows = [
        Row(
            title=item.title,
            url=f"{item.url}check-in/",
            side=item.due.label,
            meta=item.objective_title,
            state=item.due.state,
        )
        for item in checkins_due(actor)
    ]
    asked = [
        Row(
            title=item.text,
            url=f"{item.url}#dependencies",
            side="your answer",
            meta=item.goal_title,
            state="wait",
        )
        for item in dependencies_asked(actor)
    ]
    late = sum(1 for row in rows if row.state in ("bad", "warn"))
    return page(request, "due.html", {"rows": rows, "asked": asked, "late": late})
