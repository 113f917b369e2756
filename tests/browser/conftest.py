"""Fixtures of the browser journeys: the served product, one Chromium, and the story as far as a test needs it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser import story as start
from tests.browser import story_board, story_goals, story_import, story_purpose
from tests.browser.mailbox import Mailbox, mail_server
from tests.browser.product import CHROMIUM_ARGUMENTS, Product, chromium, served
from tests.browser.story import Story
from tests.browser.visitor import Findings, Visitor, arrive, sign_in


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = os.path.dirname(__file__)
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    path = chromium()
    if path is None:
        pytest.skip("Chromium is not installed (Debian package chromium).")
    # Playwright keeps an event loop running in this thread; Django's guard against it does not apply here.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM_ARGUMENTS))
        yield started
        started.close()


@pytest.fixture(scope="session")
def product(browser: Browser) -> Iterator[Product]:
    """The product served with the demo organisation, for the whole run."""
    with served() as running:
        yield running


@pytest.fixture(scope="session")
def empty_product(browser: Browser) -> Iterator[Product]:
    """The product as somebody finds it who has just installed it."""
    with served(is_demo=False) as running:
        yield running


@pytest.fixture(scope="session")
def mailbox() -> Iterator[Mailbox]:
    """A mail server on loopback."""
    with mail_server() as running:
        yield running


@pytest.fixture(scope="session")
def findings() -> Findings:
    """What was wrong on any page visited in this run."""
    return Findings()


@pytest.fixture(autouse=True)
def pages_are_sound(findings: Findings) -> Iterator[None]:
    """Every page a test walks through has no axe violation, console error, failure, or request elsewhere."""
    yield
    assert findings.taken() == [], "pages visited by this test have faults"


@pytest.fixture
def visit(browser: Browser, product: Product, findings: Findings) -> Iterator[Callable[..., Visitor]]:
    """`visit(email, password, **options)`: somebody signed in to the demo in a fresh browser, closed after the test."""
    opened: list[Visitor] = []

    def visiting(email: str = "", password: str = "", **options: Any) -> Visitor:
        visitor = arrive(browser, product.url, findings, **options)
        opened.append(visitor)
        return sign_in(visitor, email, password) if email else visitor

    yield visiting
    for visitor in opened:
        visitor.page.context.close()


# The story, stage by stage. Each fixture has taken the steps before it.


@pytest.fixture(scope="session")
def story(empty_product: Product, browser: Browser, mailbox: Mailbox, findings: Findings) -> Story:
    """Nobody is here yet."""
    return Story(empty_product, browser, mailbox, findings)


def _stage(name: str, after: str, *steps: Callable[[Story], None]) -> Callable[..., Story]:
    @pytest.fixture(scope="session", name=name)
    def stage(request: pytest.FixtureRequest) -> Story:
        for needed in after.split():
            told: Story = request.getfixturevalue(needed)
        for step in steps:
            step(told)
        return told

    return stage


founded = _stage("founded", "story", start.found_organisation)
mailed = _stage("mailed", "founded", start.set_up_mail)
joined = _stage("joined", "mailed", start.invite_colleagues)
previewed = _stage("previewed", "joined", start.import_people)
imported = _stage("imported", "previewed", start.take_people_over)
drafted = _stage("drafted", "imported", story_purpose.draft_purpose, story_purpose.suggest_wording)
adopted = _stage("adopted", "drafted", story_purpose.adopt_purpose)
valued = _stage("valued", "adopted", story_purpose.define_value)
planned = _stage("planned", "imported", story_board.plan_meeting)
guested = _stage("guested", "planned", story_board.guest_joins)
spoken = _stage("spoken", "planned", story_board.everybody_speaks)
grouped = _stage("grouped", "spoken", story_board.begin_grouping, story_board.group_voices)
answered = _stage("answered", "grouped", story_board.answer_unnamed)
closed = _stage("closed", "answered", story_board.close_meeting)
goal_written = _stage(
    "goal_written",
    "adopted closed",
    story_goals.plan_cycle,
    story_goals.name_drivers,
    story_goals.make_goal_of_theme,
    story_goals.add_key_result,
    story_goals.add_signer,
)
objected = _stage("objected", "goal_written", story_goals.propose_goal, story_goals.everybody_signs)
signed = _stage("signed", "objected", story_goals.answer_objection)
checked_in = _stage("checked_in", "signed", story_goals.check_in, story_goals.comment_on_goal)
changed = _stage("changed", "checked_in", story_goals.align_to_new_parent, story_goals.save_alignment)
signed_again = _stage("signed_again", "changed", story_goals.sign_again)
brought_in = _stage("brought_in", "joined", story_import.import_real_goals)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real public data."""
    return story_import.REAL_GOALS.parent.parent
