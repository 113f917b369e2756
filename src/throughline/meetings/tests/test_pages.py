"""The pages and the API, with and without the island."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.worlds import World, as_actor
from throughline.access.models import Share
from throughline.kernel.clock import now
from throughline.meetings import policies, services
from throughline.meetings.models import Contribution, Meeting, Theme
from throughline.meetings.rules import CardMove, CardRef
from throughline.meetings.tests.boards import closed, crowd, opened, plan, post_unattributed

Browse = Callable[[Any], Client]


def url(name: str, *args: object) -> str:
    return reverse(f"meetings:{name}", args=["meridian", *args])


def test_a_meeting_is_planned_from_a_format_and_opened(world: World, browse: Browse) -> None:
    fay = browse(world.fay)
    page = fay.get(url("create", "goal_workshop")).content.decode()
    assert "What should be different by the end of the cycle" in page
    answer = fay.post(
        url("create", "goal_workshop"),
        {
            "title": "Goals of spring",
            "starts_at": "2026-12-01T10:00",
            "time_zone": "Europe/Berlin",
            "unit": world.platform.pk,
            "question": "What next?",
            "agenda": "10 discussion: Arrive\n20 board: Write, each alone | keep it silent",
        },
    )
    meeting = Meeting.objects.get(title="Goals of spring")
    assert answer.headers["Location"] == url("meeting", meeting.pk)
    assert meeting.starts_at.isoformat() == "2026-12-01T09:00:00+00:00"
    assert [item.minutes for item in meeting.agenda.order_by("position")] == [10, 20]
    fay.post(url("move", meeting.pk), {"to": "open"})
    meeting.refresh_from_db()
    assert meeting.state == "open"


def test_an_agenda_line_that_is_not_read_is_named_and_the_form_kept(world: World, browse: Browse) -> None:
    answer = browse(world.fay).post(
        url("create", "goal_workshop"),
        {
            "title": "Kept title",
            "starts_at": "2026-12-01T10:00",
            "time_zone": "UTC",
            "agenda": "10 board: Ok\nten minutes",
        },
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Line 2" in page
    assert "Kept title" in page


def test_the_board_works_with_plain_forms(world: World, browse: Browse) -> None:
    meeting = opened(world)
    ben, fay = browse(world.ben), browse(world.fay)
    assert ben.post(url("post", meeting.pk), {"text": "The queue is too long"}).status_code == 302
    row = Contribution.objects.get()
    fay.post(url("cards", meeting.pk), {"card": f"n{row.pk}:", "title": "Queues", "do": "new"})
    theme = Theme.objects.get()
    page = fay.get(url("board", meeting.pk)).content.decode()
    assert "The queue is too long" in page
    assert re.search(rf'id="column-{theme.pk}".*?id="card-n{row.pk}"', page, re.S)
    fay.post(url("undo", meeting.pk))
    row.refresh_from_db()
    assert row.theme_id is None


def test_the_island_gets_the_board_alone(world: World, browse: Browse) -> None:
    meeting = opened(world)
    answer = browse(world.ben).post(url("post", meeting.pk), {"text": "One"}, HTTP_X_BOARD="1", follow=True)
    page = answer.content.decode()
    assert page.strip().startswith('<div id="board"')
    assert "<html" not in page


def test_a_conflict_answers_with_the_present_board_and_keeps_what_was_typed(world: World, browse: Browse) -> None:
    meeting = opened(world)
    fay = browse(world.fay)
    row = services.contribution_post(actor=as_actor(world.ben), meeting=meeting, text="One")
    theme = services.theme_create(
        actor=as_actor(world.fay), meeting=meeting, title="Taken", moves=[CardMove(CardRef("n", row.pk), None)]
    )
    answer = fay.post(url("cards", meeting.pk), {"card": f"n{row.pk}:", "title": "My typed title", "do": "new"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "in “Taken” now" in page
    assert 'value="My typed title"' in page
    assert f'value="n{row.pk}:{theme.pk}"' in page


def test_a_double_click_posts_once(world: World, browse: Browse) -> None:
    meeting = opened(world)
    ben = browse(world.ben)
    for _ in range(2):
        assert ben.post(url("post", meeting.pk), {"text": "One", "once": "the-same-form"}).status_code == 302
    assert Contribution.objects.count() == 1


def test_an_empty_contribution_is_refused_with_a_sentence(world: World, browse: Browse) -> None:
    answer = browse(world.ben).post(url("post", opened(world).pk), {"text": " "})
    assert answer.status_code == 422


def test_an_edit_of_an_old_version_keeps_both_texts_in_sight(world: World, browse: Browse) -> None:
    meeting = opened(world)
    ben = as_actor(world.ben)
    row = services.contribution_post(actor=ben, meeting=meeting, text="One")
    services.contribution_edit(actor=ben, contribution=row, text="From the other window", version=1)
    answer = browse(world.ben).post(url("contribution_edit", row.pk), {"text": "From this window", "version": 1})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "From the other window" in page
    assert "From this window" in page
    assert 'name="version" value="2"' in page


def test_the_polling_address_says_whether_the_board_changed(world: World, browse: Browse) -> None:
    meeting = opened(world)
    ben = browse(world.ben)
    first = ben.get(url("changes", meeting.pk)).json()
    assert ben.get(url("changes", meeting.pk), {"after": first["cursor"]}).json()["is_changed"] is False
    services.contribution_post(actor=as_actor(world.ben), meeting=meeting, text="One")
    assert ben.get(url("changes", meeting.pk), {"after": first["cursor"]}).json()["is_changed"] is True


def test_a_guest_sees_what_was_shared_posts_there_and_nothing_else(world: World, browse: Browse) -> None:
    meeting, other = opened(world), plan(world)
    gus = browse(world.gus)
    assert gus.get(url("board", meeting.pk)).status_code == 404
    Share.objects.create(
        org=world.org, person=world.gus, subject_kind="meetings.meeting", subject_id=meeting.pk, created_at=now()
    )
    assert gus.get(url("meeting", meeting.pk)).status_code == 200
    assert gus.get(url("board", meeting.pk)).status_code == 200
    assert gus.post(url("post", meeting.pk), {"text": "From outside"}).status_code == 302
    assert gus.get(url("meeting", other.pk)).status_code == 404
    assert gus.post(url("cards", meeting.pk), {"card": "n1:", "to": ""}).status_code == 403


def test_the_board_shows_the_anonymous_link_with_the_key_in_the_fragment(world: World, browse: Browse) -> None:
    crowd(world)
    meeting = opened(world, wants_anonymous=True)
    page = browse(world.ben).get(url("board", meeting.pk)).content.decode()
    assert f"/b/{meeting.public_id}/#" in page
    assert 'rel="noreferrer noopener"' in page


@pytest.mark.parametrize("name", ["board", "meeting", "theme", "heard"])
def test_no_page_asks_the_database_more_for_more_contributions(
    world: World, browse: Browse, name: str, django_assert_max_num_queries: Any
) -> None:
    crowd(world)
    meeting = opened(world, wants_anonymous=True)
    ben = as_actor(world.ben)
    rows = [services.contribution_post(actor=ben, meeting=meeting, text=f"Number {n}") for n in range(12)]
    for number in range(5):
        post_unattributed(meeting, f"Post {number}", number)
    theme = services.theme_create(
        actor=as_actor(world.fay),
        meeting=meeting,
        title="All",
        moves=[CardMove(CardRef("n", row.pk), None) for row in rows],
    )
    args = {"board": [meeting.pk], "meeting": [meeting.pk], "theme": [theme.pk], "heard": []}[name]
    client = browse(world.ben)
    with django_assert_max_num_queries(48):
        assert client.get(url(name, *args)).status_code == 200


def test_the_outcome_page_shows_outcome_and_themes_most_said_first(world: World, browse: Browse) -> None:
    meeting = opened(world)
    row = services.contribution_post(actor=as_actor(world.ben), meeting=meeting, text="One")
    fay = as_actor(world.fay)
    services.theme_create(actor=fay, meeting=meeting, title="Empty")
    services.theme_create(actor=fay, meeting=meeting, title="Queues", moves=[CardMove(CardRef("n", row.pk), None)])
    closed(world, meeting, "We fix the queue first.")
    page = browse(world.ben).get(url("outcome", meeting.pk)).content.decode()
    assert "We fix the queue first." in page
    assert page.index("Queues") < page.index("Empty")


@pytest.mark.parametrize("who", ["ada", "ben", "tom", "lea", "fay", "max", "mia", "gus"])
def test_policy_and_query_agree_on_who_sees_a_meeting(world: World, who: str) -> None:
    meetings = [plan(world), plan(world, unit=False), opened(world)]
    services.people_invite(actor=as_actor(world.fay), meeting=meetings[1], person_ids=[world.mia.pk])
    Share.objects.create(
        org=world.org, person=world.gus, subject_kind="meetings.meeting", subject_id=meetings[2].pk, created_at=now()
    )
    rows = [services.contribution_post(actor=as_actor(world.fay), meeting=meetings[2], text="One")]
    actor = as_actor(getattr(world, who))
    seen = set(Meeting.objects.filter(policies.visible_meetings(actor)).values_list("pk", flat=True))
    assert seen == {meeting.pk for meeting in meetings if policies.can_see_meeting(actor, meeting)}
    voices = set(Contribution.objects.filter(policies.visible_contributions(actor)).values_list("pk", flat=True))
    assert voices == {row.pk for row in rows if policies.can_see_contribution(actor, row)}


def test_the_api_does_what_the_board_does(world: World, browse: Browse) -> None:
    fay = browse(world.fay)
    base = "/api/v1/o/meridian"

    def send(path: str, body: object, method: str = "post") -> Any:
        return getattr(fay, method)(f"{base}{path}", json.dumps(body), content_type="application/json")

    made = send("/meetings", {"format": "retrospective", "title": "Look back", "starts_at": "2026-12-01T09:00:00Z"})
    assert made.status_code == 201, made.content
    meeting_id = made.json()["id"]
    assert send(f"/meetings/{meeting_id}/state", {"state": "open"}).json()["state"] == "open"
    row = send(f"/meetings/{meeting_id}/contributions", {"text": "One"}).json()
    theme = send(f"/meetings/{meeting_id}/themes", {"title": "Queues", "cards": [f"n{row['id']}:"]}).json()
    assert send(f"/meetings/{meeting_id}/cards", {"cards": [f"n{row['id']}:"], "theme_id": None}).status_code == 200
    stale = send(f"/meetings/{meeting_id}/cards", {"cards": [f"n{row['id']}:"], "theme_id": theme["id"]})
    assert stale.status_code == 409
    board = fay.get(f"{base}/meetings/{meeting_id}/board").json()
    assert [card["theme_id"] for card in board["cards"]] == [theme["id"]]
    answer = send(f"/themes/{theme['id']}/fate", {"kind": "answered", "reason": "In March."})
    assert answer.status_code == 201
    assert fay.get(f"{base}/contributions/{row['id']}/fate").json()["kind"] == "answered"
    assert send(f"/contributions/{row['id']}", {"text": "Two", "version": 1}, "put").json()["version"] == 2
