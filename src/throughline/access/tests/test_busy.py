"""When too much is written at once, or something breaks, nothing is lost and the answer says what to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory
from django.urls import reverse

from tests.worlds import World, as_actor
from throughline.access.middleware import OrgMiddleware
from throughline.access.views.errors import broken
from throughline.kernel.scoping import across_orgs

Browse = Callable[[Any], Client]


@pytest.mark.parametrize("words", ["database is locked", "deadlock detected\nDETAIL: …"])
def test_a_write_that_waited_too_long_may_be_sent_again(
    world: World, browse: Browse, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    def waits(self: OrgMiddleware, request: object, actor: object) -> None:
        raise OperationalError(words)

    monkeypatch.setattr(OrgMiddleware, "_write", waits)
    answer = browse(world.ada).post(reverse("goals:new", args=[world.org.slug]), {"title": "More"})
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    assert "Nothing was lost; send it again in a few seconds." in answer.content.decode()


def test_another_failure_of_the_database_is_not_called_busy(
    world: World, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(self: OrgMiddleware, request: object, actor: object) -> None:
        raise OperationalError("disk I/O error")

    monkeypatch.setattr(OrgMiddleware, "_write", breaks)
    with pytest.raises(OperationalError):
        browse(world.ada).post(reverse("goals:new", args=[world.org.slug]), {"title": "More"})


def test_the_page_of_a_failure_needs_no_organisation(world: World) -> None:
    request: Any = RequestFactory().get("/o/any/goals/")
    request.actor = as_actor(world.ada)
    with across_orgs(reason="a failure is answered after the scope is over"):
        answer = broken(request)
    assert answer.status_code == 500
    assert "Nothing was saved" in answer.content.decode()
