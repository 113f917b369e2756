"""The API does what the meetings' pages do, through the same services."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.test import Client

from tests.worlds import World, as_actor
from throughline.meetings import services
from throughline.meetings.models import MeetingPerson, ReceiptMessage, Unattributed
from throughline.meetings.rules import MeetingState
from throughline.meetings.tests.boards import crowd, opened, plan, post_unattributed

Browse = Callable[[Any], Client]


def _call(client: Client, method: str, path: str, body: Any = None) -> tuple[Any, Any]:
    send = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
    answer = getattr(client, method)(f"/api/v1/o/meridian/{path}", **send)
    return answer, json.loads(answer.content) if answer.content else None


def test_formats_are_listed_with_their_agendas_except_for_guests(world: World, browse: Browse) -> None:
    _, found = _call(browse(world.fay), "get", "meeting-formats")
    formats = {row["key"]: row for row in found["items"]}
    assert {"goal_workshop", "listening_session", "purpose_workshop", "retrospective"} <= formats.keys()
    chosen = formats["listening_session"]
    assert chosen["minutes"] == sum(line["minutes"] for line in chosen["agenda"]) == 50
    assert _call(browse(world.gus), "get", "meeting-formats")[0].status_code == 403


def test_meeting_is_edited_from_its_newest_version(world: World, browse: Browse) -> None:
    meeting = plan(world)
    client, path = browse(world.fay), f"meetings/{meeting.pk}"
    _, seen = _call(client, "get", path)
    names = ("question", "what_for", "starts_at", "time_zone", "call_url", "wants_anonymous", "version")
    body = {**{name: seen[name] for name in names}, "title": "What we heard"}
    _, edited = _call(client, "put", path, body)
    assert (edited["title"], edited["version"], edited["agenda"]) == ("What we heard", 2, seen["agenda"])
    assert _call(client, "put", path, body)[0].status_code == 409
    item = {"title": "Write", "minutes": 25, "activity": "board"}
    _, edited = _call(client, "put", path, {**body, "version": 2, "agenda": [item]})
    assert [(line["title"], line["minutes"]) for line in edited["agenda"]] == [("Write", 25)]
    assert _call(browse(world.ben), "put", path, {**body, "version": 3})[0].status_code == 403
    assert _call(client, "put", path, {**body, "version": 3, "starts_at": "0001-01-01T00:00Z"})[0].status_code == 422


def test_agenda_item_is_started_and_ticked(world: World, browse: Browse) -> None:
    meeting = opened(world)
    client = browse(world.fay)
    _, seen = _call(client, "get", f"meetings/{meeting.pk}")
    path = f"meetings/{meeting.pk}/agenda/{seen['agenda'][0]['id']}"
    assert _call(client, "put", path, {"do": "start"})[1]["started_at"] is not None
    assert _call(client, "put", path, {"do": "done"})[1]["is_done"] is True
    assert _call(client, "put", path, {"do": "undone"})[1]["is_done"] is False
    assert _call(client, "put", path, {"do": "skip"})[0].status_code == 422
    assert _call(browse(world.ben), "put", path, {"do": "done"})[0].status_code == 403
    elsewhere = f"meetings/{plan(world).pk}/agenda/{seen['agenda'][0]['id']}"
    assert _call(client, "put", elsewhere, {"do": "done"})[0].status_code == 404


def test_notes_to_the_facilitator_are_read_by_nobody_else(world: World, browse: Browse) -> None:
    path = f"meetings/{plan(world).pk}"
    assert any(item["facilitator_note"] for item in _call(browse(world.fay), "get", path)[1]["agenda"])
    assert not any(item["facilitator_note"] for item in _call(browse(world.ben), "get", path)[1]["agenda"])


def test_people_are_invited_all_or_none_and_taken_off(world: World, browse: Browse) -> None:
    meeting = plan(world)
    client, path = browse(world.fay), f"meetings/{meeting.pk}/people"
    answer, problem = _call(client, "post", path, {"person_ids": [world.mia.pk, world.sid.pk]})
    assert (answer.status_code, problem["errors"][0]["field"]) == (422, "person_ids")
    assert not MeetingPerson.objects.filter(person=world.mia).exists()
    wanted = {"person_ids": [world.mia.pk], "are_facilitators": True}
    assert _call(client, "post", path, wanted)[1] == {"newly_invited": 1}
    assert _call(client, "post", path, wanted)[1] == {"newly_invited": 0}
    _, page = _call(client, "get", f"{path}?size=1")
    _, rest = _call(client, "get", f"{path}?size=1&cursor={page['next_cursor']}")
    assert [row["person_id"] for row in page["items"] + rest["items"]] == [world.fay.pk, world.mia.pk]
    assert rest["items"][0]["is_facilitator"] is True
    assert _call(browse(world.ben), "delete", f"{path}/{world.mia.pk}")[0].status_code == 403
    assert _call(client, "delete", f"{path}/{world.mia.pk}")[0].status_code == 204
    assert not MeetingPerson.objects.filter(meeting=meeting, person=world.mia).exists()
    assert _call(client, "delete", f"{path}/{world.fay.pk}")[0].status_code == 409


def test_guest_gets_the_meeting_at_once_or_by_a_link_told_once(world: World, browse: Browse) -> None:
    client, path = browse(world.fay), f"meetings/{plan(world).pk}"
    answer, made = _call(client, "post", f"{path}/guests", {"name": "Nia Novak", "email": "nia@novak.example"})
    assert (answer.status_code, made["share_id"]) == (201, None)
    assert "/join/" in made["invitation_url"]
    assert answer["Cache-Control"] == "no-store"
    assert client.get(answer["Location"]).json()["id"] == made["invitation_id"]
    assert _call(browse(world.gus), "get", path)[0].status_code == 404
    answer, made = _call(client, "post", f"{path}/guests", {"name": world.gus.name, "email": world.gus.email})
    assert (made["invitation_id"], made["invitation_url"]) == (None, "")
    assert client.get(answer["Location"]).json()["id"] == made["share_id"]
    assert _call(browse(world.gus), "get", path)[0].status_code == 200
    assert _call(client, "post", f"{path}/guests", {"name": "", "email": "nowhere"})[0].status_code == 422


def test_what_was_posted_says_where_it_is_read(world: World, browse: Browse) -> None:
    client, path = browse(world.fay), f"meetings/{opened(world).pk}"
    answer, said = _call(client, "post", f"{path}/contributions", {"text": "Reviews wait for days."})
    assert client.get(answer["Location"]).json() == said
    answer, theme = _call(client, "post", f"{path}/themes", {"title": "Waiting"})
    assert client.get(answer["Location"]).json() == theme
    fate = {"kind": "not_taken_up", "reason": "Not this quarter."}
    for thing in (f"contributions/{said['id']}", f"themes/{theme['id']}"):
        answer, told = _call(client, "post", f"{thing}/fate", fate)
        assert (answer.status_code, told["reason"]) == (201, "Not this quarter.")
        assert client.get(answer["Location"]).json() == told


def test_holder_of_a_receipt_is_written_to(world: World, browse: Browse) -> None:
    crowd(world)
    meeting = opened(world, wants_anonymous=True)
    post_unattributed(meeting, "The queue hides work.", 1)
    number = Unattributed.objects.get().number
    client, body = browse(world.fay), {"text": "Which queue do you mean?"}
    assert _call(client, "post", f"voices/{number}/messages", body)[0].status_code == 404
    services.meeting_move(actor=as_actor(world.fay), meeting=meeting, to=MeetingState.GROUPING)
    answer, told = _call(client, "post", f"voices/{number}/messages", body)
    assert (answer.status_code, told["text"]) == (201, body["text"])
    assert [row.text for row in ReceiptMessage.objects.filter(number=number)] == [body["text"]]
    assert _call(client, "post", f"voices/{number}/messages", {"text": " "})[0].status_code == 422
    assert _call(browse(world.ben), "post", f"voices/{number}/messages", body)[0].status_code == 403
    assert _call(client, "get", f"voices/{number}/fate")[1]["kind"] == "waiting"
