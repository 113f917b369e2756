from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import resolve

from throughline.components import navigation
from throughline.components.navigation import NavItem, nav_register, navigation_for

ACTOR = cast(Any, SimpleNamespace(name="Ada", is_guest=False))


@pytest.fixture(autouse=True)
def empty_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_items", {})


def test_places_come_in_order_and_name_the_current_one() -> None:
    nav_register(NavItem("later", "Later", "components:theme", 20, "l"))
    nav_register(NavItem("style", "Style", "components:style", 10, "s", match=("components",)))
    links = navigation_for(ACTOR, resolve("/style/"), request_path="/style/", counts={"style": 3})
    assert [(link.key, link.is_current, link.count) for link in links] == [
        ("style", True, 3),
        ("later", False, None),
    ]


def test_address_prefix_counts_as_being_there() -> None:
    nav_register(NavItem("theme", "Theme", "components:theme", 10, "t", match=("/style/",)))
    assert navigation_for(ACTOR, None, request_path="/style/progress/")[0].is_current


def test_place_that_does_not_exist_here_is_left_out() -> None:
    nav_register(NavItem("ghost", "Ghost", "nowhere:at_all", 10, "x"))
    assert navigation_for(ACTOR, None) == []


def test_place_hidden_from_the_actor_is_left_out() -> None:
    nav_register(NavItem("style", "Style", "components:style", 10, "s", is_visible=lambda actor: actor.is_guest))
    assert navigation_for(ACTOR, None) == []


def test_registering_the_same_item_again_changes_nothing() -> None:
    item = NavItem("style", "Style", "components:style", 10, "s")
    nav_register(item)
    nav_register(item)
    assert navigation.nav_items() == [item]


def test_two_places_cannot_share_a_shortcut() -> None:
    nav_register(NavItem("style", "Style", "components:style", 10, "s"))
    with pytest.raises(ImproperlyConfigured, match="already goes to 'style'"):
        nav_register(NavItem("other", "Other", "components:theme", 20, "s"))
