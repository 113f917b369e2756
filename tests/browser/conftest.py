"""Fixtures of the browser journeys: one served product and one Chromium for all of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.product import CHROMIUM_ARGUMENTS, Product, chromium, served


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = os.path.dirname(__file__)
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    """The product served with the demo organisation, for the whole run."""
    with served() as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    path = chromium()
    if path is None:
        pytest.skip("Chromium is not installed.")
    # Playwright keeps an event loop running in this thread; Django's guard against it does not apply here.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM_ARGUMENTS))
        yield started
        started.close()


@pytest.fixture
def context_for(browser: Browser, product: Product) -> Iterator[Callable[..., BrowserContext]]:
    """Browser contexts with our addresses as base; closed after the test. Any request elsewhere fails it."""
    opened: list[BrowserContext] = []
    foreign: list[str] = []

    def make(**options: Any) -> BrowserContext:
        context = browser.new_context(base_url=product.url, **options)
        context.set_default_timeout(10_000)
        context.on(
            "request",
            lambda request: (
                foreign.append(request.url)
                if not request.url.startswith(("http://localhost:", "http://127.0.0.1:", "data:", "blob:"))
                else None
            ),
        )
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()
    assert foreign == [], "pages made requests to other hosts"


@pytest.fixture
def sign_in(context_for: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """`sign_in(email, password)`: a page in a fresh context, signed in through the form."""

    def signed_in(email: str, password: str, **options: Any) -> Page:
        page = context_for(**options).new_page()
        page.goto("/accounts/login/")
        page.get_by_label("E-mail").fill(email)
        page.get_by_label("Password", exact=True).fill(password)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/o/**")
        return page

    return signed_in


@pytest.fixture(scope="session")
def axe_of() -> Callable[[Page], list[str]]:
    """`axe_of(page)`: the violations axe finds, one line each."""
    axe = Axe()

    def check(page: Page) -> list[str]:
        found = axe.run(page).response["violations"]
        return [
            f"{page.url} {item['id']}: {item['help']} at {[node['target'] for node in item['nodes'][:3]]}"
            for item in found
        ]

    return check
