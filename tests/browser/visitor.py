"""One person in one browser: goes, presses, fills; every page looked at is checked on the way."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, Response, expect

# Generous, since the machine may be busy; nothing waits longer than it must.
PATIENCE_MS = 30_000
OURS = ("http://localhost:", "http://127.0.0.1:", "data:", "blob:")
AXE = Axe()
_SIZES = """() => ({
  wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  headings: document.querySelectorAll('h1').length,
})"""


@dataclass
class Findings:
    """What was wrong on the pages visited, and which kinds of page were looked at already."""

    lines: list[str] = field(default_factory=list)
    looked: set[str] = field(default_factory=set)

    def taken(self) -> list[str]:
        """The findings since the last call."""
        taken, self.lines = list(dict.fromkeys(self.lines)), []
        return taken

    def _script_error(self, words: str) -> None:
        # Leaving a page before its view transition has begun is the browser's own note, not a fault of a script.
        if "Transition was aborted" not in words:
            self.lines.append(f"script error: {words}")

    def watch(self, context: BrowserContext) -> None:
        """Note errors on the console, answers from 500 on, and requests to anybody else."""
        context.on("request", self._requested)
        context.on("response", self._answered)
        context.on("console", self._said)
        context.on("weberror", lambda error: self._script_error(str(error.error)))

    def _requested(self, request: Request) -> None:
        if not request.url.startswith(OURS):
            self.lines.append(f"request to another host: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.lines.append(f"{response.url} answered {response.status}")

    def _said(self, message: ConsoleMessage) -> None:
        # A refused form (422) is logged by the browser itself as a resource that failed to load.
        if message.type == "error" and not re.search(r"status of 4\d\d", message.text):
            self.lines.append(f"console: {message.text} at {message.location.get('url', '')}")


def violations_of(page: Page, *, only: list[str] | None = None) -> list[str]:
    """What axe finds on a page, one line each; `only` some of its rules where the others were checked already."""
    options = {"runOnly": {"type": "rule", "values": only}} if only is not None else None
    found = AXE.run(page, options=options).response["violations"]
    return [
        f"{page.url} {item['id']}: {item['help']} at {[node['target'] for node in item['nodes'][:3]]}" for item in found
    ]


def layout_of(page: Page) -> list[str]:
    """Sideways scrolling, headings other than one, a missing title: one line each."""
    sizes: dict[str, int] = page.evaluate(_SIZES)
    width = page.viewport_size["width"] if page.viewport_size else 0
    lines = []
    if sizes["wide"] > 0:
        lines.append(f"{page.url} scrolls sideways by {sizes['wide']} px at {width} px")
    if sizes["headings"] != 1:
        lines.append(f"{page.url} has {sizes['headings']} main headings")
    if not page.title().strip(" ·"):
        lines.append(f"{page.url} has no title")
    return lines


def kind_of(url: str) -> str:
    """Addresses that differ only in numbers, secrets and values are of one kind."""
    parts = urlsplit(url)
    path = re.sub(r"(?<=/)[\w-]{24,}(?=/)", "S", re.sub(r"\d+", "N", parts.path))
    return f"{parts.hostname}{path}?{'&'.join(sorted(re.findall(r'([a-z_]+)=', parts.query)))}"


@dataclass
class Visitor:
    """A person's browser. `slug` is their organisation; addresses without a leading slash are below it."""

    page: Page
    base: str
    findings: Findings
    slug: str = ""
    has_script: bool = True

    def address(self, path: str) -> str:
        """The whole address of a path."""
        if path.startswith("http"):
            return path
        return f"{self.base}{path}" if path.startswith("/") else f"{self.base}/o/{self.slug}/{path}"

    def go(self, path: str) -> Visitor:
        """Open an address and look at the page."""
        self.page.goto(self.address(path))
        return self.look()

    def status_of(self, path: str) -> int:
        """The status an address answers with."""
        answer = self.page.goto(self.address(path))
        return answer.status if answer is not None else 0

    def look(self) -> Visitor:
        """Check the page that is open, once per kind of page and heading; axe itself needs scripts."""
        if not self.has_script:
            return self
        heading = self.page.locator("h1").first.inner_text() if self.page.locator("h1").count() else ""
        key = f"{kind_of(self.page.url)} {re.sub(r'“.*”|[0-9]+', '', heading)[:12]}"
        if key not in self.findings.looked:
            self.findings.looked.add(key)
            self.findings.lines += [*violations_of(self.page), *layout_of(self.page)]
        return self

    def press(self, name: str, *, within: Locator | None = None) -> Visitor:
        """Press a button that leads to another page, and look at it."""
        button = (within or self.page).get_by_role("button", name=name, exact=True).first
        return self._lead(button)

    def submit(self) -> Visitor:
        """Press the first button of the page's first form, whatever it is called."""
        return self._lead(self.page.locator("main form.form").first.get_by_role("button").first)

    def follow(self, name: str, *, within: Locator | None = None, exact: bool = True) -> Visitor:
        """Follow a link and look at where it leads."""
        return self._lead((within or self.page).get_by_role("link", name=name, exact=exact).first)

    def confirm(self, label: str) -> Visitor:
        """Open a question of the page and answer it with yes."""
        box = self.page.locator("details.confirm", has=self.page.locator("summary", has_text=re.compile(f"^{label}$")))
        box.first.locator("summary").click()
        return self._lead(box.first.locator("button[type=submit]"))

    def menu(self, label: str, item: str) -> Visitor:
        """Open a menu of the page and follow one of its links."""
        box = self.page.locator("details.menu", has=self.page.locator("summary", has_text=label)).first
        box.locator("summary").click()
        return self._lead(box.get_by_role("link", name=item, exact=True))

    def _lead(self, control: Locator) -> Visitor:
        with self.page.expect_navigation(wait_until="load"):
            control.click()
        return self.look()

    def fill(self, label: str, text: str) -> Visitor:
        """Type into the field with this label."""
        self.field(label).fill(text)
        return self

    def choose(self, label: str, option: str) -> Visitor:
        """Choose in a list by the words of an option."""
        self.field(label).select_option(label=option)
        return self

    def field(self, label: str) -> Locator:
        """The control with this label."""
        # Fields that may stay empty say so behind their label.
        return self.page.get_by_label(re.compile(rf"^\s*{re.escape(label)}(\s*\(?optional\)?)?\s*$")).first

    def tick(self, label: str) -> Visitor:
        """Tick a box or a radio button whose words begin so."""
        self.page.get_by_label(re.compile("^" + re.escape(label))).first.check()
        return self

    def sees(self, text: str | re.Pattern[str]) -> None:
        """The main part of the page shows these words, now or soon."""
        expect(self.page.locator("main").get_by_text(text).first).to_be_visible(timeout=PATIENCE_MS)

    @property
    def heading(self) -> str:
        """The page's one main heading."""
        return self.page.locator("h1").inner_text()

    def number(self) -> int:
        """The last number in the address: what the page is about."""
        return int(re.findall(r"/(\d+)/", urlsplit(self.page.url).path)[-1])


def arrive(browser: Browser, base: str, findings: Findings, **options: Any) -> Visitor:
    """A fresh browser of somebody who is not signed in."""
    context = browser.new_context(base_url=base, **options)
    context.set_default_timeout(PATIENCE_MS)
    findings.watch(context)
    return Visitor(context.new_page(), base, findings, has_script=options.get("java_script_enabled", True))


def sign_in(visitor: Visitor, email: str, password: str) -> Visitor:
    """Sign in through the form; a second step may follow."""
    visitor.go("/accounts/login/").fill("E-mail", email).fill("Password", password).press("Sign in")
    found = re.search(r"/o/([a-z0-9-]+)/", visitor.page.url)
    visitor.slug = found.group(1) if found else ""
    return visitor
