"""How far the guided set-up is."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from throughline.access.models import Invitation, Membership
from throughline.access.settings_pages import settings_pages, setup_steps
from throughline.components.parts import ChecklistItem, TabLink
from throughline.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class SetupState:
    """The steps of the set-up and whether all are done."""

    items: tuple[ChecklistItem, ...]

    @property
    def is_done(self) -> bool:
        return all(item.is_done for item in self.items)


def has_invited(actor: Actor) -> bool:
    """Whether anybody besides the first administrator was invited or is here."""
    return Invitation.objects.exists() or Membership.objects.order_by()[1:2].exists()


def setup_state(actor: Actor) -> SetupState:
    """The guided set-up of a new organisation; at most one query a step. Steps whose page is missing
    are left out.
    """
    items = []
    for step in setup_steps():
        try:
            url = reverse(step.url_name, args=[actor.org_slug])
        except NoReverseMatch:
            continue
        items.append(ChecklistItem(step.label, step.is_done(actor), step.detail, url))
    return SetupState(tuple(items))


def settings_tabs(actor: Actor, current: str) -> list[TabLink]:
    """The row of settings pages for this actor."""
    tabs = []
    for page in settings_pages(actor):
        try:
            url = reverse(page.url_name, args=[actor.org_slug])
        except NoReverseMatch:
            continue
        tabs.append(TabLink(page.label, url, is_current=page.key == current))
    return tabs
