"""Walking every kind of page somebody can reach from Home by links, and checking each at three widths and in the dark."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urljoin, urlsplit

from playwright.sync_api import Page

from tests.browser.visitor import Visitor, layout_of, violations_of

WIDTHS = (320, 390, 1280)
# Addresses that answer with a file.
_NOT_A_PAGE = re.compile(r"export\.|\.csv|\.json|/template/.+|format=|openapi")
# What makes another page of the same address; a filter or a position in a list makes the same one.
_TELLING = {"view", "measure", "when", "show", "members"}


@dataclass
class Walk:
    """What a walk saw: addresses by kind, and titles by kind of path."""

    url_of: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    def same_titles(self) -> list[str]:
        """Different pages that have the same title."""
        first: dict[str, str] = {}
        same = []
        for path, title in self.titles.items():
            other = first.setdefault(title, path)
            # A list that shows its only thing, such as one's own team, may be called as the thing.
            if path not in (other, f"{other}N/") and other != f"{path}N/":
                same.append(f"“{title}”: {other} and {path}")
        return same


def walk(visitor: Visitor, known: set[str], *, starts: tuple[str, ...] = ("",), most: int = 200) -> Walk:
    """Breadth first over links; `known` holds the kinds checked in full by an earlier walk and is added to."""
    seen, queue = Walk(), deque(visitor.address(path) for path in starts)
    while queue and len(seen.url_of) < most:
        url = queue.popleft()
        kind = page_kind(url)
        if kind in seen.url_of:
            continue
        seen.url_of[kind] = url
        answer = visitor.page.goto(url)
        status = answer.status if answer is not None else 0
        if status != 200:
            seen.lines.append(f"{url} answered {status}, linked from a page this person sees")
            continue
        seen.titles.setdefault(kind.partition("?")[0], visitor.page.title())
        if kind not in known:
            known.add(kind)
            seen.lines += faults_of(visitor.page)
        queue.extend(links_of(visitor))
    return seen


def links_of(visitor: Visitor) -> list[str]:
    """The pages of this organisation and account that the open page links to."""
    found: list[str] = visitor.page.evaluate("() => [...document.links].map(a => a.getAttribute('href'))")
    base, ours = visitor.page.url, (f"{visitor.base}/o/{visitor.slug}/", f"{visitor.base}/accounts/")
    urls = [urljoin(base, href).partition("#")[0] for href in found if href and not href.startswith("#")]
    return [url for url in urls if url.startswith(ours) and not _NOT_A_PAGE.search(url) and not _moves(url)]


def _moves(url: str) -> bool:
    return bool({name for name, _ in parse_qsl(urlsplit(url).query)} & {"cursor", "before", "after"})


def page_kind(url: str) -> str:
    """Addresses that show the same page of different things are of one kind."""
    parts = urlsplit(url)
    path = re.sub(r"(?<=/)\d+(?=/)", "N", parts.path)
    query = sorted(f"{name}={value}" for name, value in parse_qsl(parts.query) if name in _TELLING)
    return f"{path}?{'&'.join(query)}"


def faults_of(page: Page) -> list[str]:
    """Axe in light and dark, and the layout at each width; the page is left as it was."""
    size = page.viewport_size
    lines = violations_of(page)
    page.emulate_media(color_scheme="dark")
    # Colours fade over; what is measured is where they end.
    page.evaluate("() => Promise.all(document.getAnimations().map(each => each.finished))")
    lines += [f"{line} (dark)" for line in violations_of(page, only=["color-contrast"])]
    page.emulate_media(color_scheme="light")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        lines += layout_of(page)
    if size is not None:
        page.set_viewport_size(size)
    return lines
