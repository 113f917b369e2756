"""The main pages of the demo by name, for pictures and for tests that look at each of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import APIResponse, Browser, StorageState

from tests.browser.product import Product
from tests.browser.visitor import Findings, arrive, sign_in

PASSWORD = "unbroken-line-2026"
LEADER = "amara.lindholm@meridian.example"
LEAD = "mira.solvang@meridian.example"
FACILITATOR = "noor.castellane@meridian.example"
MEMBER = "grace.mutesi@meridian.example"
GUEST = "colette.ngata@wards.example"
ADMINISTRATOR = "jonas.weidemann@meridian.example"

MAIN_PAGES: tuple[str, ...] = (
    "home",
    "team",
    "cycle",
    "goals",
    "goals-table",
    "goal",
    "explain",
    "check-in",
    "trace",
    "purpose",
    "statement",
    "decisions",
    "proposal",
    "meetings",
    "meeting",
    "board",
    "theme",
    "people",
    "unit",
    "stakeholders",
    "inbox",
    "search",
    "import",
    "settings",
    "sign-in",
)


@dataclass(frozen=True)
class MainPages:
    """Where the main pages are, and a browser state signed in as the demo's leader."""

    storage_state: StorageState
    url_of: dict[str, str]


def pages_of(product: Product, browser: Browser) -> MainPages:
    """Sign in as the demo's leader and ask the API for an example of everything."""
    visitor = sign_in(arrive(browser, product.url, Findings()), LEADER, PASSWORD)
    api, org = f"{product.url}/api/v1/o/{visitor.slug}", f"{product.url}/o/{visitor.slug}"

    def asked(path: str) -> list[dict[str, Any]]:
        answer: APIResponse = visitor.page.request.get(f"{api}/{path}")
        assert answer.ok, f"{path} answered {answer.status}: {answer.text()[:200]}"
        body = answer.json()
        rows: list[dict[str, Any]] = body if isinstance(body, list) else body["items"]
        return rows

    running = next(row for row in asked("goals/cycles") if row["state"] == "running")
    active = f"goals?cycle_id={running['id']}&state=active"
    goal, part = asked(active)[0], asked(f"{active}&kind=key_result")[0]
    meeting = asked("meetings?when=past")[0]
    board = visitor.page.request.get(f"{api}/meetings/{meeting['id']}/board").json()
    url_of = {
        "home": "/",
        "team": "/team/",
        "cycle": f"/cycles/{running['id']}/",
        "goals": f"/goals/?cycle={running['id']}",
        "goals-table": f"/goals/?view=table&cycle={running['id']}",
        "goal": f"/goals/{goal['id']}/",
        "explain": f"/goals/{goal['id']}/explain/",
        "check-in": f"/goals/{part['id']}/check-in/",
        "trace": f"/trace/goals.goal/{goal['id']}/",
        "purpose": "/purpose/",
        "statement": f"/purpose/{asked('purposes')[0]['id']}/",
        "decisions": "/decisions/",
        "proposal": f"/decisions/{asked('decisions')[0]['id']}/",
        "meetings": "/meetings/",
        "meeting": f"/meetings/{meeting['id']}/",
        "board": f"/meetings/{meeting['id']}/board/",
        "theme": f"/meetings/themes/{board['themes'][0]['id']}/",
        "people": "/people/",
        "unit": f"/people/units/{asked('units')[0]['id']}/",
        "stakeholders": "/people/stakeholders/",
        "inbox": "/inbox/",
        "search": "/search/?q=ward",
        "import": "/import/",
        "settings": "/settings/",
    }
    addresses = {name: f"{org}{path}" for name, path in url_of.items()}
    addresses["sign-in"] = f"{product.url}/accounts/login/"
    state = visitor.page.context.storage_state()
    visitor.page.context.close()
    return MainPages(state, addresses)
