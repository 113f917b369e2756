"""What a page can do, the API can do: every page that writes has a named operation, which exists."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from throughline.project.api import api
from throughline.project.openapi import WRITES, route_shape

DECISIONS = {
    "decisions:new": "POST decisions",
    "decisions:position": "POST decisions/{}/positions",
    "decisions:revise": "POST decisions/{}/versions",
    "decisions:decide": "POST decisions/{}/outcome",
    "decisions:withdraw": "POST decisions/{}/withdrawal",
    "decisions:contest": "POST decisions/{}/contest",
    "decisions:objection": "POST decisions/{}/objections/{}/{}",
}
GOALS = {
    "goals:new": "POST goals",
    "goals:edit": "PUT goals/{}",
    "goals:propose": "POST goals/{}/propose",
    "goals:withdraw": "POST goals/{}/withdraw",
    "goals:start": "POST goals/{}/start",
    "goals:close": "POST goals/{}/close",
    "goals:drop": "POST goals/{}/drop",
    "goals:reopen": "POST goals/{}/reopen",
    "goals:stakeholders": "PUT goals/{}/stakeholders",
    "goals:key_result_new": "POST goals/{}/key-results",
    "goals:initiative_new": "POST goals/{}/initiatives",
    "goals:part_edit": "PUT goals/key-results/{}, PUT goals/initiatives/{}",
    "goals:part_remove": "DELETE goals/parts/{}",
    "goals:initiative_done": "PUT goals/initiatives/{}/done",
    "goals:milestone_done": "PUT goals/milestones/{}/done",
    "goals:align": "POST goals/{}/alignments",
    "goals:unalign": "DELETE goals/alignments/{}",
    "goals:depend": "POST goals/{}/dependencies",
    "goals:dependency_answer": "POST goals/dependencies/{}/{}",
    "goals:check_in": "POST goals/{}/check-ins",
    "goals:checkin_correct": "PUT goals/check-ins/{}",
    "goals:comment": "POST goals/{}/comments",
    "goals:comment_change": "PUT goals/comments/{}",
    "goals:comment_withdraw": "DELETE goals/comments/{}",
    "goals:cycle_new": "POST goals/cycles",
    "goals:cycle_edit": "PUT goals/cycles/{}",
    "goals:cycle_start": "POST goals/cycles/{}/start",
    "goals:cycle_close": "POST goals/cycles/{}/close",
    "goals:theme_new": "POST goals/themes",
    "goals:theme_edit": "PUT goals/themes/{}",
    "goals:theme_drop": "POST goals/themes/{}/drop",
}
IMPORTS = {
    "integrations:import": "POST goal-imports",
    "integrations:formats": "POST goal-imports/{}/formats",
    "integrations:mapping": "POST goal-imports/{}/preview",
    "integrations:run": "POST goal-imports/{}/run",
    "integrations:discard": "DELETE goal-imports/{}",
}
MEETINGS = {
    "meetings:create": "POST meetings",
    "meetings:edit": "PUT meetings/{}",
    "meetings:agenda_item": "PUT meetings/{}/agenda/{}",
    "meetings:invite": "POST meetings/{}/people",
    "meetings:uninvite": "DELETE meetings/{}/people/{}",
    "meetings:invite_guest": "POST meetings/{}/guests",
    "meetings:move": "POST meetings/{}/state",
    "meetings:close": "POST meetings/{}/close",
    "meetings:post": "POST meetings/{}/contributions",
    "meetings:cards": "POST meetings/{}/cards, POST meetings/{}/themes",
    "meetings:undo": "POST meetings/{}/undo",
    "meetings:contribution_edit": "PUT contributions/{}",
    "meetings:contribution_withdraw": "DELETE contributions/{}",
    "meetings:contribution_answer": "POST contributions/{}/fate",
    "meetings:theme_edit": "PUT themes/{}",
    "meetings:theme_merge": "POST themes/{}/merge",
    "meetings:theme_remove": "DELETE themes/{}",
    "meetings:theme_answer": "POST themes/{}/fate",
    "meetings:voice_answer": "POST voices/{}/fate",
    "meetings:voice_message": "POST voices/{}/messages",
}
NOTIFY = {
    "notify:read": "POST notifications/{}/read",
    "notify:read_all": "POST notifications/read",
    "settings:notifications": "PUT preferences",
    "settings:mail": "PUT mail-server",
    "settings:mail_test": "POST mail-server/test",
    "settings:mail_remove": "DELETE mail-server",
}
PEOPLE = {
    "people:person_new": "POST people",
    "people:person_edit": "PUT people/{}, PUT people/{}/profile",
    "people:person_end": "POST people/{}/end",
    "people:person_return": "POST people/{}/return",
    "people:person_strength_add": "POST people/{}/strengths",
    "people:unit_strength_add": "POST units/{}/strengths",
    "people:strength_remove": "DELETE strengths/{}",
    "people:unit_new": "POST units",
    "people:unit_edit": "PUT units/{}",
    "people:unit_move": "POST units/{}/move",
    "people:unit_end": "POST units/{}/end",
    "people:unit_reopen": "POST units/{}/reopen",
    "people:member_add": "POST units/{}/memberships",
    "people:member_end": "POST memberships/{}/end",
    "people:member_resume": "POST memberships/{}/resume",
    "people:member_move": "POST memberships/{}/move",
    "people:member_lead": "PUT memberships/{}/lead",
    "people:stakeholder_new": "POST stakeholders",
    "people:stakeholder_edit": "PUT stakeholders/{}",
    "people:stakeholder_end": "POST stakeholders/{}/end",
    "people:stakeholder_return": "POST stakeholders/{}/return",
    "people:imports": "POST people-imports",
    "people:import_columns": "PUT people-imports/{}/mapping",
    "people:import_start": "POST people-imports/{}/start",
    "people:import_discard": "POST people-imports/{}/discard",
}
PURPOSE = {
    "purpose:start": "POST purposes",
    "purpose:start_unit": "POST purposes",
    "purpose:mine": "POST purposes, POST purposes/{}/versions",
    "purpose:share": "PUT purposes/{}/sharing",
    "purpose:edit": "POST purposes/{}/versions",
    "purpose:propose": "POST purposes/{}/proposal",
    "purpose:suggest": "POST purposes/{}/suggestions",
    "purpose:fate": "POST purposes/{}/suggestions/{}/fate",
    "purpose:endorse": "PUT purposes/{}/endorsement, DELETE purposes/{}/endorsement",
    "purpose:review": "POST purposes/{}/reviews",
    "purpose:review_date": "PUT purposes/{}/review-date",
    "purpose:value_new": "POST values",
    "purpose:value_edit": "PUT values/{}",
    "purpose:value_end": "DELETE values/{}",
    "purpose:value_endorse": "PUT values/{}/endorsement, DELETE values/{}/endorsement",
    "purpose:policy_new": "POST policies",
    "purpose:policy_edit": "PUT policies/{}",
    "purpose:policy_end": "DELETE policies/{}",
}
SETTINGS = {
    "settings:organisation": "PUT organisation",
    "settings:member": "PUT members/{}/roles",
    "settings:member_end": "PUT members/{}/access",
    "settings:member_reactivate": "PUT members/{}/access",
    "settings:invitation_new": "POST invitations",
    "settings:invitation_resend": "POST invitations/{}/resend",
    "settings:invitation_revoke": "DELETE invitations/{}",
    "settings:share_new": "POST shares",
    "settings:share_end": "DELETE shares/{}",
    "settings:token_new": "POST tokens",
    "settings:token_revoke": "DELETE tokens/{}",
}
SHELL = {"shell:cycle_meetings": "POST cycles/{}/meetings"}
PARITY: Mapping[str, str] = DECISIONS | GOALS | IMPORTS | MEETINGS | NOTIFY | PEOPLE | PURPOSE | SETTINGS | SHELL


def _pages_that_write(resolver: Any, path: str = "", namespace: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        here = f"{path}{entry.pattern}"
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            if inner != "api:":
                yield from _pages_that_write(entry, here, inner)
        elif isinstance(entry, URLPattern) and here.startswith("o/") and _takes_a_form(entry.callback):
            yield f"{namespace}{entry.name}"


def _takes_a_form(view: Any) -> bool:
    """A view that writes says so: `require_POST`, `"POST"` among its methods, or `request.POST`."""
    return "POST" in inspect.getsource(inspect.unwrap(view))


@cache
def _operations() -> frozenset[str]:
    return frozenset(
        f"{method.upper()} {route_shape(path).removeprefix('api/v1/o/{}/')}"
        for path, methods in api.get_openapi_schema()["paths"].items()
        for method in methods
        if method in WRITES
    )


def test_every_page_that_writes_names_its_operation() -> None:
    pages = set(_pages_that_write(get_resolver()))
    assert pages - PARITY.keys() == set(), "pages that write and name no operation in tests/api/test_parity.py"
    assert PARITY.keys() - pages == set(), "rows for pages that do not exist or do not write"


@pytest.mark.parametrize("page", sorted(PARITY))
def test_operation_of_a_page_exists(page: str) -> None:
    missing = set(PARITY[page].split(", ")) - _operations()
    assert missing == set(), f"the page {page} can do what the API cannot"
