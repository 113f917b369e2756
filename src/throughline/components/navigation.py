"""What the rail and the keyboard can go to. Every app registers its own entry from its `AppConfig.ready`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ImproperlyConfigured
from django.urls import NoReverseMatch, ResolverMatch, reverse

if TYPE_CHECKING:
    from throughline.kernel.actor import Actor


def _is_visible_to_all(actor: Actor) -> bool:
    return True


@dataclass(frozen=True)
class NavItem:
    """One place. `match`: url prefixes (with a slash) and namespaces (without) that count as being there."""

    key: str
    label: str
    url_name: str
    order: int
    shortcut: str
    match: tuple[str, ...] = ()
    is_visible: Callable[[Actor], bool] = _is_visible_to_all


@dataclass(frozen=True)
class NavLink:
    """A place resolved for one reader on one page, as the frame shows it."""

    key: str
    label: str
    url: str
    shortcut: str
    is_current: bool
    count: int | None = None


_items: dict[str, NavItem] = {}


def nav_register(item: NavItem) -> None:
    """Add a place. A key or shortcut used twice is a programming error; an equal item again is not."""
    known = _items.get(item.key)
    if known == item:
        return
    if known is not None:
        raise ImproperlyConfigured(f"The navigation key {item.key!r} is registered twice; choose another key.")
    taken = next((other for other in _items.values() if other.shortcut == item.shortcut and item.shortcut), None)
    if taken is not None:
        raise ImproperlyConfigured(
            f"The shortcut g {item.shortcut} of {item.key!r} already goes to {taken.key!r}; choose another letter."
        )
    _items[item.key] = item


def nav_items() -> list[NavItem]:
    """All registered places in display order."""
    return sorted(_items.values(), key=lambda item: (item.order, item.key))


def navigation_for(
    actor: Actor,
    resolver_match: ResolverMatch | None,
    *,
    request_path: str = "",
    counts: Mapping[str, int] | None = None,
) -> list[NavLink]:
    """The places this actor may go to. Makes no query: counts come from the caller, by key."""
    captured = dict(resolver_match.kwargs) if resolver_match else {}
    scope = {"org": captured["org"]} if "org" in captured else {}
    links = []
    for item in nav_items():
        if not item.is_visible(actor):
            continue
        url = _url_of(item, scope)
        if url is None:
            continue
        links.append(
            NavLink(
                key=item.key,
                label=item.label,
                url=url,
                shortcut=item.shortcut,
                is_current=_is_current(item, url, resolver_match=resolver_match, request_path=request_path),
                count=(counts or {}).get(item.key),
            )
        )
    return links


def _url_of(item: NavItem, scope: Mapping[str, object]) -> str | None:
    for kwargs in (scope, {}):
        try:
            return reverse(item.url_name, kwargs=dict(kwargs))
        except NoReverseMatch:
            continue
    # Navigation shows only what exists: outside an organisation most places have no page and are left out.
    return None


def _is_current(item: NavItem, url: str, *, resolver_match: ResolverMatch | None, request_path: str) -> bool:
    namespaces = set(resolver_match.namespaces) if resolver_match else set()
    is_same_view = resolver_match is not None and resolver_match.view_name == item.url_name
    prefixes = tuple(part for part in item.match if "/" in part)
    in_prefix = bool(prefixes) and request_path.startswith(prefixes)
    return is_same_view or request_path == url or in_prefix or bool(namespaces & set(item.match))
