"""The style page in a real browser: accessible, under the strict policy, with and without script."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from django.test import override_settings
from playwright.sync_api import Browser, Page, sync_playwright

BUILT = Path(__file__).parents[1] / "static" / "built" / "app.css"
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(shutil.which(CHROMIUM) is None, reason="Chromium is not installed."),
    pytest.mark.skipif(not BUILT.exists(), reason="The front end is not built: npm ci && npm run build."),
]
Open = Callable[..., Page]


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


class _Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    application = StaticFilesHandler(get_wsgi_application())

    def with_policy(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            kept = [header for header in headers if header[0].lower() != "content-security-policy"]
            return start_response(status, [*kept, ("Content-Security-Policy", POLICY)], exc_info)

        return application(environ, start)

    server = make_server("127.0.0.1", 0, with_policy, server_class=_Threaded, handler_class=_Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    # The product answers to its own names only, and this server is none of them.
    with override_settings(ALLOWED_HOSTS=["127.0.0.1"]):
        yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    # Playwright keeps a loop running in this thread; Django's guard against one does not apply here.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_style(chromium: Browser, address: str) -> Iterator[Open]:
    """Open the style page afresh. A refused script or style, or a foreign request, fails the test."""
    contexts: list[Any] = []
    complaints: list[str] = []

    def opened(width: int = 1280, height: int = 900, path: str = "/style/", **options: Any) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce", **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda message: complaints.append(message.text) if "Content Security" in message.text else None,
        )
        page.on(
            "request",
            lambda request: None if request.url.startswith((address, "data:")) else complaints.append(request.url),
        )
        page.goto(address + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_style_page_passes_axe(open_style: Open, width: int, theme: str) -> None:
    page = open_style(width, color_scheme=theme)
    result = Axe().run(page)
    assert result.violations_count == 0, result.generate_report()


@pytest.mark.parametrize("width", [390, 1280])
def test_open_menus_and_dialog_pass_axe(open_style: Open, width: int) -> None:
    page = open_style(width)
    page.locator(".person-menu > summary").click()
    assert Axe().run(page).violations_count == 0
    page.locator("[data-keys-open]").click()
    result = Axe().run(page)
    assert result.violations_count == 0, result.generate_report()


@pytest.mark.parametrize("width", [320, 390, 768, 1024, 1280, 3840])
def test_nothing_sticks_out_of_the_page(open_style: Open, width: int) -> None:
    page = open_style(width)
    assert page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth") <= 0


def test_chart_text_is_readable_at_every_width(open_style: Open) -> None:
    for width in (320, 390, 700, 1280):
        page = open_style(width)
        size = page.evaluate(
            """() => {
              const svg = [...document.querySelectorAll('.chart svg')].find((s) => s.checkVisibility());
              const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
              return parseFloat(getComputedStyle(svg.querySelector('text')).fontSize) * scale;
            }"""
        )
        assert 11 <= size <= 21, f"{size} pixels at width {width}"


def test_page_does_not_shift_while_it_loads(open_style: Open) -> None:
    page = open_style()
    shift = page.evaluate(
        """() => new Promise((resolve) => {
          let total = 0;
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) total += entry.value;
          }).observe({ type: 'layout-shift', buffered: true });
          setTimeout(() => resolve(total), 300);
        })"""
    )
    assert shift < 0.01


def test_question_mark_shows_the_keys_and_escape_closes_them(open_style: Open) -> None:
    page = open_style()
    page.keyboard.press("?")
    assert page.locator("dialog[open]").is_visible()
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0


def test_slash_goes_to_the_search_and_g_with_a_letter_to_a_place(open_style: Open) -> None:
    page = open_style()
    page.keyboard.press("/")
    assert page.evaluate("() => document.activeElement.id") == "rail-search"
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("p")
    assert page.url.endswith("#purpose")


def test_letters_typed_into_a_field_are_no_keys(open_style: Open) -> None:
    page = open_style()
    page.locator("#rail-search").fill("")
    page.locator("#rail-search").press_sequentially("gp?")
    assert page.locator("#rail-search").input_value() == "gp?"
    assert not page.url.endswith("#purpose")


def test_keys_can_be_switched_off(open_style: Open) -> None:
    page = open_style()
    page.keyboard.press("?")
    page.get_by_label("Use single keys").uncheck()
    page.get_by_role("button", name="Close", exact=True).click()
    page.keyboard.press("?")
    assert page.locator("dialog[open]").count() == 0


def test_theme_choice_shows_at_once_and_lasts(open_style: Open) -> None:
    page = open_style(color_scheme="light")
    page.locator(".person-menu > summary").click()
    with page.expect_response("**/theme/"):
        page.get_by_role("button", name="Dark").click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "dark"


def test_theme_choice_works_without_script(open_style: Open) -> None:
    page = open_style(java_script_enabled=False)
    page.locator(".person-menu > summary").click()
    page.get_by_role("button", name="Dark").click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert page.url.endswith("/style/")


def test_more_opens_on_a_phone_without_script(open_style: Open) -> None:
    page = open_style(390, java_script_enabled=False)
    page.locator(".tabbar-more > summary").click()
    assert page.locator(".tabbar-panel a", has_text="People").is_visible()


def test_confirm_asks_first_without_script(open_style: Open) -> None:
    page = open_style(java_script_enabled=False)
    assert not page.get_by_text("Nine people signed it.").first.is_visible()
    page.locator(".confirm > summary").click()
    assert page.get_by_text("Nine people signed it.").first.is_visible()


def test_escape_closes_a_menu_and_gives_the_focus_back(open_style: Open) -> None:
    page = open_style()
    summary = page.locator(".menu > summary")
    summary.click()
    page.keyboard.press("Escape")
    assert page.locator(".menu[open]").count() == 0
    assert summary.evaluate("(element) => element === document.activeElement")


def test_typed_words_are_kept_over_a_reload_and_can_be_discarded(open_style: Open) -> None:
    page = open_style()
    form = page.locator("form[data-keep='style-form']")
    form.locator("#id_title").fill("Nobody waits")
    form.locator("#id_secret").fill("never kept")
    page.wait_for_function("() => Object.keys(localStorage).some((key) => key.includes('style-form'))")
    page.reload()
    assert form.locator("#id_title").input_value() == "Nobody waits"
    assert form.locator("#id_secret").input_value() == ""
    form.get_by_role("button", name="Discard it").click()
    assert form.locator("#id_title").input_value() == ""


def test_running_job_moves_on_by_itself(open_style: Open) -> None:
    page = open_style()
    first = page.locator(".job").inner_text()
    page.wait_for_function("(first) => document.querySelector('.job').innerText !== first", arg=first)
    assert page.locator(".job").count() == 1


def test_skip_link_is_first_and_leads_to_the_page(open_style: Open) -> None:
    page = open_style()
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.id") == "page"


def test_print_leaves_out_what_only_works_on_a_screen(open_style: Open) -> None:
    page = open_style()
    page.emulate_media(media="print")
    assert not page.locator(".rail").is_visible()
    assert not page.locator(".filter-bar").is_visible()
    assert page.locator(".trace").first.is_visible()


def test_forced_colours_keep_the_page_usable(open_style: Open) -> None:
    page = open_style(forced_colors="active")
    assert page.locator(".station-here").first.is_visible()
    assert page.locator(".button").first.evaluate("(element) => getComputedStyle(element).borderTopWidth") != "0px"
