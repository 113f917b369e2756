"""What the frame around every page needs: who is here, the navigation, what is unread."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from throughline.components.context_processors import theme
from throughline.components.navigation import navigation_for
from throughline.components.parts import MenuLink
from throughline.kernel.actor import Actor
from throughline.notify.selectors import unread_count


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context for `components/frame.html`; only the theme outside an organisation. One query."""
    context: dict[str, Any] = dict(theme(request))
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None or actor.person_id is None:
        return context
    slug = actor.org_slug
    unread = unread_count(actor)
    context |= {
        "actor": actor,
        "org": SimpleNamespace(name=actor.org_name, slug=slug),
        "person_menu": _person_menu(actor, unread),
    }
    if not actor.is_guest:
        context |= {
            "navigation": navigation_for(
                actor,
                request.resolver_match,
                request_path=request.path,
                counts={"inbox": unread} if unread else None,
            ),
            "search_url": reverse("shell:search", args=[slug]),
        }
    return context


def _person_menu(actor: Actor, unread: int) -> list[MenuLink]:
    slug = actor.org_slug
    links = [
        MenuLink("Inbox", reverse("notify:inbox", args=[slug]), note=f"{unread} unread" if unread else ""),
        MenuLink("Keyboard, theme and security", reverse("settings:security", args=[slug])),
        MenuLink("Sign out", reverse("account_logout"), is_post=True),
    ]
    if not actor.is_guest:
        links.insert(0, MenuLink("Your profile", reverse("people:person", args=[slug, actor.person_id])))
    return links
