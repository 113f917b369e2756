"""Rules every template of the product keeps, whichever app it is in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted(path for path in ROOT.rglob("templates/**/*.html"))
FORBIDDEN = {
    "an inline style": re.compile(r"\sstyle\s*=\s*[\"'{]", re.IGNORECASE),
    "a style element": re.compile(r"<style[\s>]", re.IGNORECASE),
    "an inline handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "script that htmx would evaluate": re.compile(r"\shx-on|hx-vals=[\"']js:|hx-trigger=[\"'][^\"']*\[", re.IGNORECASE),
    "a script address": re.compile(r"(?:href|action)=[\"']\s*javascript:", re.IGNORECASE),
    "something from another host": re.compile(
        r"(?:src|href)=[\"'](?:https?:)?//(?![^\"']*\{)[^\"']+\.(?:js|css|woff2?|png|svg)", re.IGNORECASE
    ),
}
SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<body>.*?)</script>", re.IGNORECASE | re.DOTALL)
COMMENTS = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", re.DOTALL)


def test_there_are_templates_to_check() -> None:
    assert any(path.name == "frame.html" for path in TEMPLATES)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_template_works_under_the_strict_policy(path: Path) -> None:
    source = COMMENTS.sub("", path.read_text(encoding="utf-8"))
    found = [name for name, pattern in FORBIDDEN.items() if pattern.search(source)]
    inline = [match for match in SCRIPT.finditer(source) if "src=" not in match["attributes"] or match["body"].strip()]
    assert found == []
    assert inline == []
