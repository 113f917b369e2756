"""A bare world for the parts: they need a template engine and nothing of the product."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.template import engines
from django.test import RequestFactory
from django.utils.safestring import SafeString

Render = Callable[..., str]


@pytest.fixture
def render() -> Render:
    """Render template source as a page of the product would, with a request for /page/."""

    def rendered(source: str, query: str = "", **context: Any) -> str:
        request = RequestFactory().get(f"/page/?{query}")
        html: SafeString = engines["django"].from_string(source).render(context, request)
        return str(html)

    return rendered
