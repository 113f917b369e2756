"""Every route has a row for every kind of person, and answers each as the row says."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.architecture.route_table import WHO, RouteRow
from tests.worlds import World

APPS = (
    "components",
    "access",
    "people",
    "notify",
    "decisions",
    "purpose",
    "meetings",
    "goals",
    "integrations",
    "shell",
)


def _rows() -> list[RouteRow]:
    found: list[RouteRow] = []
    for app in APPS:
        name = f"throughline.{app}.tests.routes"
        try:
            module = importlib.import_module(name)
        except ModuleNotFoundError as missing:
            if missing.name not in (name, f"throughline.{app}.tests"):
                raise
            continue
        found.extend(module.ROUTES)
    return found


def _routes(resolver: Any, namespace: str = "") -> Iterator[tuple[str, bool]]:
    """Every named route with its namespace, and whether it lies below an organisation."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            if inner != "api:":  # the API is walked by its own schema test
                yield from _routes(entry, inner)
        elif isinstance(entry, URLPattern):
            if entry.name is None:
                raise AssertionError(f"The route {entry.pattern} has no name.")
            yield f"{namespace}{entry.name}", "org" in entry.pattern.converters


ROWS = _rows()


def test_every_route_has_a_row() -> None:
    known = {row.name for row in ROWS}
    routes = {name for name, _ in _routes(get_resolver())}
    routes |= {
        f"answers:{name}" if ":" not in name else name for name, _ in _routes(get_resolver(settings.ANSWER_URLCONF))
    }
    assert routes - known == set(), "routes without a row in <app>/tests/routes.py"
    assert known - routes == set(), "rows for routes that do not exist"


def test_every_row_names_every_kind_of_person() -> None:
    for row in ROWS:
        assert set(row.expected) == set(WHO), row.name


@pytest.mark.parametrize("row", ROWS, ids=[f"{row.name}-{row.method}" for row in ROWS])
def test_route_answers_each_person_as_its_row_says(
    row: RouteRow, world: World, browse: Callable[[Any], Client]
) -> None:
    is_answer_host = row.name.startswith("answers:")
    people = {**world.everyone, "anonymous": None}
    answered: dict[str, int] = {}
    kwargs = dict(row.kwargs(world))
    data = dict(row.data(world))
    urlconf = settings.ANSWER_URLCONF if is_answer_host else None
    try:
        url = reverse(row.name, urlconf=urlconf, kwargs={"org": world.org.slug, **kwargs})
    except Exception:  # a route outside any organisation takes no slug
        url = reverse(row.name, urlconf=urlconf, kwargs=kwargs)
    host = {"HTTP_HOST": settings.ANSWER_HOST} if is_answer_host else {}
    from django.db import transaction

    for who in WHO:
        client = browse(people[who])
        # Each asker meets the same world: what one of them changed is taken back.
        with transaction.atomic():
            response = getattr(client, row.method)(url, data, **host)
            answered[who] = response.status_code
            transaction.set_rollback(True)
    wrong = {
        who: (status, row.expected[who])
        for who, status in answered.items()
        if status not in (row.expected[who] if isinstance(row.expected[who], tuple) else (row.expected[who],))
    }
    assert wrong == {}, f"{row.name}: (answered, expected) {wrong}"
