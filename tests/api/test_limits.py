"""Pages, too, answer what cannot exist with 404 and what cannot be kept with 422, never with 500."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter

from tests.api.content import HR_FILE
from tests.api.test_parity import PARITY
from tests.worlds import World

BEYOND = 2**63
STAND_INS = {"kind": "goals.goal", "form": "csv", "name": "goals.csv", "format_key": "retrospective"}
Converters = dict[str, Any]


def _below_an_organisation(
    resolver: Any, namespace: str = "", is_below: bool = False
) -> Iterator[tuple[str, Converters]]:
    for entry in resolver.url_patterns:
        converters = entry.pattern.converters
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            if inner != "api:":
                yield from _below_an_organisation(entry, inner, is_below or "org" in converters)
        elif isinstance(entry, URLPattern) and is_below:
            yield f"{namespace}{entry.name}", converters


ROUTES = dict(_below_an_organisation(get_resolver()))
NUMBERED = sorted(name for name, kept in ROUTES.items() if any(isinstance(one, IntConverter) for one in kept.values()))


def _address(name: str, number: int) -> str:
    kwargs = {
        key: number if isinstance(one, IntConverter) else STAND_INS.get(key, "any") for key, one in ROUTES[name].items()
    }
    return reverse(name, kwargs={"org": "meridian", **kwargs})


def test_number_beyond_64_bits_is_a_page_that_does_not_exist(world: World, browse: Callable[[Any], Client]) -> None:
    ada = browse(world.ada)
    assert len(NUMBERED) > 60
    for name in NUMBERED:
        for number in (BEYOND, 10**30):
            answer = ada.post(_address(name, number)) if name in PARITY else ada.get(_address(name, number))
            assert answer.status_code == 404, name
            assert b"There is nothing here" in answer.content, name


def test_largest_number_a_database_keeps_is_asked_for(world: World, browse: Callable[[Any], Client]) -> None:
    ada = browse(world.ada)
    ada.raise_request_exception = False
    for name in NUMBERED:
        status = ada.get(_address(name, BEYOND - 1)).status_code
        assert status in (404, 405), (name, status)


def test_character_no_database_keeps_is_refused_in_every_form(world: World, browse: Callable[[Any], Client]) -> None:
    ada = browse(world.ada)
    for name in sorted(PARITY):
        answer = ada.post(_address(name, 1), {"title": "a\0b", "once": "k"})
        assert answer.status_code == 422, name
        assert b"cannot be kept" in answer.content, name


@pytest.mark.parametrize("address", ["people/?q=%00", "goals/?q=a%00b", "search/?%00=1"])
def test_character_no_database_keeps_is_refused_in_a_search(
    world: World, browse: Callable[[Any], Client], address: str
) -> None:
    answer = browse(world.ada).get(f"/o/meridian/{address}")
    assert answer.status_code == 422
    assert b"cannot be kept" in answer.content


def test_upload_with_other_content_is_another_write(world: World, browse: Callable[[Any], Client]) -> None:
    ada = browse(world.ada)
    address = reverse("people:imports", args=["meridian"])
    places = [
        ada.post(address, {"file": SimpleUploadedFile("people.csv", content), "once": "same"})["Location"]
        for content in (HR_FILE, HR_FILE, HR_FILE.replace(b"Nia", b"Noa"))
    ]
    assert places[0] == places[1] != places[2]
