"""Every kind of page of the demo, found by following links from Home: accessible, narrow and wide, light and dark."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.crawling import faults_of, page_kind, walk
from tests.browser.pages import ADMINISTRATOR, GUEST, LEADER, MAIN_PAGES, MEMBER, PASSWORD, pages_of
from tests.browser.product import Product
from tests.browser.visitor import Visitor

# Kinds of page somebody has checked in full; the next person's walk only opens them.
KNOWN: set[str] = set()


@pytest.mark.parametrize(
    ("email", "least"), [(LEADER, 60), (ADMINISTRATOR, 60), (MEMBER, 40), (GUEST, 2)], ids=lambda given: str(given)
)
def test_every_page_reached_by_links_is_sound(visit: Callable[..., Visitor], email: str, least: int) -> None:
    seen = walk(visit(email, PASSWORD), KNOWN)
    assert seen.lines == []
    assert seen.same_titles() == []
    assert len(seen.url_of) >= least


@pytest.mark.parametrize("path", ["/", "/start/", "/accounts/login/", "/accounts/password/reset/", "/style/"])
def test_page_for_somebody_signed_out_is_sound(visit: Callable[..., Visitor], path: str) -> None:
    visitor = visit()
    visitor.page.goto(visitor.address(path))
    assert faults_of(visitor.page) == []


@pytest.mark.parametrize("path", ["goals/999999/", "no-such-page/"])
def test_page_that_does_not_exist_is_sound(visit: Callable[..., Visitor], path: str) -> None:
    visitor = visit(MEMBER, PASSWORD)
    assert visitor.status_of(path) == 404
    assert faults_of(visitor.page) == []


def test_page_that_is_not_allowed_is_sound(visit: Callable[..., Visitor]) -> None:
    visitor = visit(GUEST, PASSWORD)
    assert visitor.status_of("people/") == 403
    assert faults_of(visitor.page) == []


def test_a_filter_set_while_typing_is_shown_and_can_be_taken_off(visit: Callable[..., Visitor]) -> None:
    visitor = visit(LEADER, PASSWORD)
    visitor.go("goals/")
    words = visitor.page.get_by_role("search", name="Filter goals").get_by_label("Words in the title")
    words.press_sequentially("outage")
    chips = visitor.page.get_by_role("list", name="Active filters")
    expect(chips).to_contain_text("outage")
    expect(words).to_be_focused()
    assert "q=outage" in visitor.page.url
    chips.get_by_role("link", name="outage").click()
    expect(visitor.page.get_by_role("list", name="Active filters")).to_have_count(0)
    assert "q=" not in visitor.page.url


def test_every_main_page_has_an_example_in_the_demo(product: Product, browser: Browser) -> None:
    found = pages_of(product, browser)
    assert set(found.url_of) == set(MAIN_PAGES)
    assert len({page_kind(url) for url in found.url_of.values()}) == len(MAIN_PAGES)
