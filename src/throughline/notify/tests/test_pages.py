"""The inbox, preferences and their API."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from tests.worlds import World, as_actor
from throughline.access.services import token_create
from throughline.access.tests.things import note
from throughline.kernel.errors import Refused
from throughline.notify import policies
from throughline.notify.models import Notification, Preference
from throughline.notify.selectors import unread_count
from throughline.notify.services import notification_read, notify
from throughline.notify.tests.kinds import TOLD

INBOX = "/o/meridian/inbox/"


def _tell(world: World, *people, number: int = 7) -> None:
    notify(
        actor=as_actor(world.ada),
        person_ids=[person.pk for person in people],
        kind=TOLD,
        subject=note(number),
        once=f"told {number}",
    )


def test_each_policy_agrees_with_its_twin(world: World) -> None:
    _tell(world, world.ben, world.mia, world.gus)
    for person in (world.ada, world.ben, world.mia, world.max, world.gus):
        actor = as_actor(person)
        allowed = {row.pk for row in Notification.objects.all() if policies.can_read(actor, row)}
        twin = Notification.objects.filter(policies.visible_notifications(actor))
        assert allowed == set(twin.values_list("pk", flat=True))


def test_nobody_reads_for_another(world: World) -> None:
    _tell(world, world.ben)
    with pytest.raises(Refused):
        notification_read(actor=as_actor(world.max), notification=Notification.objects.get())


def test_opening_one_marks_it_read_and_leads_to_the_thing(world: World, browse) -> None:
    _tell(world, world.ben)
    client = browse(world.ben)
    row = Notification.objects.get()
    assert f"{INBOX}{row.pk}/open/" in client.get(INBOX).content.decode()
    answer = client.get(f"{INBOX}{row.pk}/open/")
    assert (answer.status_code, answer["Location"]) == (302, "/o/meridian/inbox/?note=7")
    assert unread_count(as_actor(world.ben)) == 0


def test_opening_what_is_gone_leads_back_to_the_inbox(world: World, browse) -> None:
    _tell(world, world.ben, number=99)
    answer = browse(world.ben).get(f"{INBOX}{Notification.objects.get().pk}/open/")
    assert answer["Location"] == INBOX


def test_the_notification_of_another_is_not_found(world: World, browse) -> None:
    _tell(world, world.ben)
    assert browse(world.mia).get(f"{INBOX}{Notification.objects.get().pk}/open/").status_code == 404


def test_everything_can_be_marked_read_at_once(world: World, browse) -> None:
    for number in range(3):
        _tell(world, world.ben, world.mia, number=number)
    client = browse(world.ben)
    assert "3 new" in client.get(INBOX).content.decode()
    assert client.post(f"{INBOX}read/").status_code == 302
    assert unread_count(as_actor(world.ben)) == 0
    assert unread_count(as_actor(world.mia)) == 3


def test_one_can_be_marked_read_in_place(world: World, browse) -> None:
    _tell(world, world.ben)
    client = browse(world.ben)
    url = f"{INBOX}{Notification.objects.get().pk}/read/"
    assert url in client.get(INBOX).content.decode()
    assert client.post(url).status_code == 302
    assert unread_count(as_actor(world.ben)) == 0
    assert url not in client.get(INBOX).content.decode()


def test_an_empty_inbox_says_what_will_come(world: World, browse) -> None:
    assert "Nothing here yet" in browse(world.ben).get(INBOX).content.decode()
    assert "Nothing matches" in browse(world.ben).get(f"{INBOX}?show=unread").content.decode()


def test_a_made_up_cursor_is_refused(world: World, browse) -> None:
    assert browse(world.ben).get(f"{INBOX}?cursor=nonsense").status_code == 422


def test_the_inbox_needs_no_more_queries_for_more_rows(world: World, browse, django_assert_max_num_queries) -> None:
    client = browse(world.ben)
    for number in range(40):
        _tell(world, world.ben, number=number)
    with django_assert_max_num_queries(12):
        assert client.get(INBOX).status_code == 200


def test_preferences_are_saved_from_the_page_and_bad_ones_refused(world: World, browse) -> None:
    client = browse(world.gus)
    url = "/o/meridian/settings/notifications/"
    paces = {f"{group}_{channel}": "now" for group in ("asked", "told", "reminder") for channel in ("inapp", "mail")}
    assert client.post(url, {**paces, "told_mail": "hourly"}).status_code == 422
    assert not Preference.objects.exists()
    assert client.post(url, {**paces, "told_mail": "off"}).status_code == 302
    assert Preference.objects.get(group="told", channel="mail").pace == "off"


def test_the_api_lists_reads_and_chooses(world: World) -> None:
    _tell(world, world.ben, number=1)
    _tell(world, world.ben, number=2)
    made = token_create(actor=as_actor(world.ben), name="Script", can_write=True, lasts_days=1)
    headers = {"HTTP_AUTHORIZATION": f"Bearer {made.secret}"}
    base = "/api/v1/o/meridian"
    client = Client()
    items = client.get(f"{base}/notifications?size=1", **headers).json()
    assert [item["subject"] for item in items["items"]] == ["access.note:2"]
    assert client.get(f"{base}/notifications?cursor={items['next_cursor']}", **headers).json()["items"]
    number = items["items"][0]["id"]
    assert client.post(f"{base}/notifications/{number}/read", **headers).status_code == 204
    unread = client.get(f"{base}/notifications?unread=true", **headers).json()["items"]
    assert [item["subject"] for item in unread] == ["access.note:1"]
    assert client.post(f"{base}/notifications/read", **headers).json() == {"count": 1}
    chosen = client.put(
        f"{base}/preferences",
        json.dumps([{"group": "told", "channel": "mail", "pace": "off"}]),
        content_type="application/json",
        **headers,
    ).json()
    assert {"off"} == {item["pace"] for item in chosen if (item["group"], item["channel"]) == ("told", "mail")}
    bad = client.put(
        f"{base}/preferences",
        json.dumps([{"group": "told", "channel": "pigeon", "pace": "off"}]),
        content_type="application/json",
        **headers,
    )
    assert bad.status_code == 422
