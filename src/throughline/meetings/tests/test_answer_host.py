"""The answer host: no cookie in or out, secrets in bodies only, and nothing else reachable there."""

from __future__ import annotations

import json
import logging

import pytest
from django.conf import settings
from django.test import Client

from tests.worlds import World
from throughline.meetings import limits
from throughline.meetings.models import Meeting, Unattributed
from throughline.meetings.services.unattributed import posting_key_of
from throughline.meetings.tests.boards import closed, crowd, nonce, opened, plan, post_unattributed

HOST = {"HTTP_HOST": settings.ANSWER_HOST}


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    limits.limits_clear()


@pytest.fixture
def board(world: World) -> Meeting:
    crowd(world)
    return opened(world, wants_anonymous=True)


@pytest.fixture
def visitor() -> Client:
    """A browser that enforces CSRF and carries cookies of the main host."""
    client = Client(enforce_csrf_checks=True)
    client.cookies["sessionid"] = "somebody"
    client.cookies["csrftoken"] = "a" * 32
    return client


def filled(board: Meeting, text: str = "The rota", number: int = 1) -> dict[str, str]:
    return {"text": text, "key": posting_key_of(board), "nonce": nonce(number)}


def test_no_page_of_the_answer_host_sets_a_cookie_or_a_referrer(board: Meeting, visitor: Client) -> None:
    receipt = post_unattributed(board, "One", 1)
    pages = [
        visitor.get("/", **HOST),
        visitor.get(f"/b/{board.public_id}/", **HOST),
        visitor.post(f"/b/{board.public_id}/", filled(board, number=2), **HOST),
        visitor.post(f"/b/{board.public_id}/", {"text": ""}, **HOST),
        visitor.get("/r/", **HOST),
        visitor.post("/r/", {"receipt": receipt}, **HOST),
        visitor.post("/r/edit/", {"receipt": receipt, "text": "Two"}, **HOST),
        visitor.post("/r/withdraw/", {"receipt": receipt}, **HOST),
        visitor.get("/nothing/", **HOST),
    ]
    assert [page.status_code for page in pages] == [200, 200, 200, 422, 200, 200, 200, 200, 404]
    for page in pages:
        assert "Set-Cookie" not in page.headers
        assert not page.cookies
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert page.headers["Cache-Control"] == "no-store"
        assert "csrfmiddlewaretoken" not in page.content.decode()
        assert "Cookie" not in page.headers.get("Vary", "")


@pytest.mark.parametrize("path", ["/accounts/login/", "/o/meridian/", "/api/v1/openapi.json", "/o/meridian/meetings/"])
def test_the_main_pages_are_not_reachable_on_the_answer_host(world: World, visitor: Client, path: str) -> None:
    assert visitor.get(path, **HOST).status_code == 404


def test_the_answer_pages_are_not_reachable_on_the_main_host(board: Meeting, visitor: Client) -> None:
    assert visitor.get(f"/b/{board.public_id}/").status_code == 404
    assert visitor.get("/r/").status_code == 404


def test_another_port_of_the_answer_host_is_the_answer_host_too(world: World, visitor: Client) -> None:
    assert visitor.get("/o/meridian/", HTTP_HOST=f"{settings.ANSWER_HOST}:9999").status_code == 404


def test_an_unknown_host_gets_nothing(world: World, visitor: Client) -> None:
    assert visitor.get("/", HTTP_HOST="elsewhere.example").status_code == 400


def test_a_post_shows_its_receipt_once_as_text_link_and_code(board: Meeting, visitor: Client) -> None:
    page = visitor.post(f"/b/{board.public_id}/", filled(board), **HOST).content.decode()
    assert f"{settings.ANSWER_URL}/r/#" in page
    assert "<svg" in page
    assert Unattributed.objects.count() == 1


def test_a_refused_post_keeps_what_was_typed(board: Meeting, visitor: Client) -> None:
    answer = visitor.post(f"/b/{board.public_id}/", {**filled(board, "Keep me"), "key": "wrong"}, **HOST)
    assert answer.status_code == 422
    assert "Keep me" in answer.content.decode()
    assert "posting key" in answer.content.decode()


def test_json_is_taken_and_answered(board: Meeting, visitor: Client) -> None:
    def send(number: int) -> tuple[int, dict[str, object]]:
        answer = visitor.post(
            f"/b/{board.public_id}/", json.dumps(filled(board, number=number)), content_type="application/json", **HOST
        )
        return answer.status_code, answer.json()

    status, first = send(1)
    assert status == 201
    status, again = send(1)
    assert (status, again["receipt"]) == (200, first["receipt"])
    look = visitor.post("/r/", json.dumps({"receipt": first["receipt"]}), content_type="application/json", **HOST)
    assert look.json()["text"] == "The rota"


def test_a_planned_or_named_only_board_is_not_there(world: World, visitor: Client) -> None:
    assert visitor.get(f"/b/{plan(world, wants_anonymous=True).public_id}/", **HOST).status_code == 404
    assert visitor.get(f"/b/{opened(world).public_id}/", **HOST).status_code == 404


def test_a_closed_board_refuses_with_a_sentence(world: World, board: Meeting, visitor: Client) -> None:
    closed(world, board)
    answer = visitor.post(f"/b/{board.public_id}/", filled(board), **HOST)
    assert answer.status_code == 409
    assert "closed" in answer.content.decode()


def test_a_flood_is_slowed_without_knowing_who(
    board: Meeting, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("throughline.meetings.views.answers.POSTS_PER_BOARD", 2)
    answers = [visitor.post(f"/b/{board.public_id}/", filled(board, number=number), **HOST) for number in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "The rota" in answers[2].content.decode()


def test_a_failure_is_answered_and_logged_without_any_words(
    board: Meeting, visitor: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(**kwargs: object) -> None:
        raise RuntimeError(f"cannot save {kwargs['text']}")

    monkeypatch.setattr("throughline.meetings.services.unattributed_post", broken)
    with caplog.at_level(logging.DEBUG):
        answer = visitor.post(f"/b/{board.public_id}/", filled(board, "a very private sentence"), **HOST)
    assert answer.status_code == 500
    assert "private" not in caplog.text
    assert "RuntimeError" in caplog.text


def test_the_receipt_never_travels_in_an_address(board: Meeting, visitor: Client) -> None:
    receipt = post_unattributed(board, "One", 1)
    assert "One" not in visitor.get(f"/r/?receipt={receipt}", **HOST).content.decode()
    assert visitor.get(f"/r/{receipt}/", **HOST).status_code == 404
