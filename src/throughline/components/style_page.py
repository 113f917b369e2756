"""What the style page shows: the source of each example is rendered, so code and picture cannot differ."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.http import HttpRequest
from django.template import engines
from django.utils.safestring import SafeString

from throughline.components.navigation import NavLink
from throughline.components.parts import MenuLink
from throughline.components.style_samples import sample_context

_FOLDER = Path(__file__).parent / "templates" / "components" / "examples"


@dataclass(frozen=True)
class Example:
    title: str
    code: str
    shown: SafeString


@dataclass(frozen=True)
class ExampleGroup:
    key: str
    title: str
    examples: list[Example]


_GROUPS = (
    ("line", "The line"),
    ("words", "Words and states"),
    ("lists", "Lists"),
    ("numbers", "Numbers"),
    ("forms", "Forms"),
    ("controls", "Controls"),
    ("moving", "Finding one’s way"),
)
_TITLE = "{# "


def examples(request: HttpRequest) -> list[ExampleGroup]:
    """All groups; each file holds examples that begin with a line {# Title #}."""
    context = sample_context()
    return [
        ExampleGroup(key, title, [_example(part, context, request) for part in _parts_of(key)])
        for key, title in _GROUPS
    ]


def _parts_of(key: str) -> list[str]:
    source = (_FOLDER / f"{key}.html").read_text(encoding="utf-8")
    return [part for part in source.split(f"\n{_TITLE}") if part.strip()]


def _example(part: str, context: dict[str, Any], request: HttpRequest) -> Example:
    heading, _, code = part.removeprefix(_TITLE).partition("\n")
    template = engines["django"].from_string(code)
    return Example(heading.removesuffix(" #}"), code.strip(), SafeString(template.render(context, request)))


def sample_frame() -> dict[str, Any]:
    """A frame as a signed-in reader sees it, with more places than a phone has room for."""
    places = (
        ("home", "Home", "h", 4),
        ("purpose", "Purpose", "p", None),
        ("meetings", "Meetings", "m", None),
        ("goals", "Goals", "o", None),
        ("decisions", "Decisions", "d", 12),
        ("people", "People", "e", None),
        ("long", "Geschwindigkeitsüberwachungsbeauftragte", "", 128),
    )
    return {
        "org": {"name": "Meridian Health IT", "slug": "meridian"},
        "actor": {"name": "Ada Brandt"},
        "navigation": [
            NavLink(key=key, label=label, url=f"#{key}", shortcut=shortcut, is_current=key == "goals", count=count)
            for key, label, shortcut, count in places
        ],
        "person_menu": [
            MenuLink("Profile", "#profile"),
            MenuLink("Settings", "#settings"),
            MenuLink("Sign out", "#sign-out", is_post=True),
        ],
        "search_url": "#search",
    }
