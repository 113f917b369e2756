"""Going about by keys alone."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.pages import MEMBER, PASSWORD
from tests.browser.visitor import Visitor


def test_question_mark_shows_the_keys_and_escape_hides_them(visit: Callable[..., Visitor]) -> None:
    page = visit(MEMBER, PASSWORD).page
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    expect(keys).to_be_visible()
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()


def test_slash_leads_to_the_search(visit: Callable[..., Visitor]) -> None:
    page = visit(MEMBER, PASSWORD).page
    page.keyboard.press("/")
    expect(page.locator("#rail-search")).to_be_focused()
    page.keyboard.type("ward")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=ward")


def test_g_and_a_letter_go_to_every_place_of_the_navigation(visit: Callable[..., Visitor]) -> None:
    visitor = visit(MEMBER, PASSWORD)
    places = visitor.page.locator("nav[aria-label=Main] a[data-go]")
    targets = [(place.get_attribute("data-go"), place.get_attribute("href")) for place in places.all()]
    assert len(targets) >= 6
    for letter, address in targets:
        visitor.page.keyboard.press("g")
        visitor.page.keyboard.press(str(letter))
        visitor.page.wait_for_url(f"**{address}")


def test_keys_typed_into_a_field_stay_text(visit: Callable[..., Visitor]) -> None:
    page = visit(MEMBER, PASSWORD).page
    page.locator("#rail-search").fill("")
    page.locator("#rail-search").press_sequentially("g?h/")
    expect(page.locator("#rail-search")).to_have_value("g?h/")


def test_first_tab_stop_skips_to_the_page(visit: Callable[..., Visitor]) -> None:
    page = visit(MEMBER, PASSWORD).page
    page.reload()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#page")).to_be_focused()
