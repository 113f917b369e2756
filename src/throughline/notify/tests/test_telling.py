"""Telling people: once each, through their own eyes, by the channels they chose, with patience."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.worlds import World, as_actor
from throughline.access.models import Membership
from throughline.access.services import membership_end
from throughline.access.tests.things import note
from throughline.kernel import clock
from throughline.kernel.actor import Actor, system_actor
from throughline.kernel.errors import Invalid
from throughline.notify import schedule, tasks
from throughline.notify.models import Delivery, Notification, Preference
from throughline.notify.rules import MOST_ATTEMPTS
from throughline.notify.selectors import inbox_page, preferences_of, unread_count
from throughline.notify.services import (
    deliveries_send,
    digests_send,
    mail_server_set,
    notification_read,
    notify,
    preferences_set,
)
from throughline.notify.tests.conftest import Post
from throughline.notify.tests.kinds import ASKED, TOLD
from throughline.notify.tests.test_mail import given

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def _system(world: World) -> Actor:
    return system_actor(world.org.pk, world.org.slug)


def _ask(world: World, *people, once: str = "one", number: int = 7) -> int:
    return notify(
        actor=as_actor(world.ada),
        person_ids=[person.pk for person in people],
        kind=ASKED,
        subject=note(number),
        about=note(99),
        data={"part": 2},
        once=once,
    )


def _tell(world: World, *people, once: str = "told", number: int = 7) -> int:
    return notify(
        actor=_system(world),
        person_ids=[person.pk for person in people],
        kind=TOLD,
        subject=note(number),
        once=once,
    )


@pytest.fixture
def server(world: World, post: Post, real_mail: None) -> Post:
    mail_server_set(actor=as_actor(world.max), given=given(post))
    return post


def test_the_same_fact_is_told_once_and_never_to_who_did_it(world: World) -> None:
    assert _ask(world, world.ada, world.ben, world.mia) == 2
    assert _ask(world, world.ben, world.mia, world.tom) == 1
    assert unread_count(as_actor(world.ben)) == 1
    assert unread_count(as_actor(world.ada)) == 0


def test_what_the_reader_may_not_see_is_not_named(world: World) -> None:
    _ask(world, world.ben)
    lines, _ = inbox_page(as_actor(world.ben))
    assert lines[0].sentence == "Ada Adeyemi asks you to read “Note 7”, part 2 of “something you cannot open”."
    _ask(world, world.ben, once="two", number=99)
    hidden = inbox_page(as_actor(world.ben))[0][0]
    assert hidden.sentence.startswith("Somebody asks you to read “something you cannot open”")
    assert not hidden.is_openable


def test_the_inbox_shows_unread_first_and_pages_by_key(world: World, django_assert_max_num_queries) -> None:
    actor = as_actor(world.ben)
    for number in range(5):
        _ask(world, world.ben, once=f"fact {number}", number=number)
    newest = Notification.objects.order_by("-id").first()
    notification_read(actor=actor, notification=newest)
    with django_assert_max_num_queries(1):
        first, page = inbox_page(actor, size=3)
    second, _ = inbox_page(actor, size=3, cursor=page.next_cursor)
    titles = [line.subject.id for line in (*first, *second)]
    assert titles == [3, 2, 1, 0, 4]
    assert [line.subject.id for line in inbox_page(actor, is_unread_only=True)[0]] == [3, 2, 1, 0]


def test_without_a_mail_server_nothing_piles_up(world: World) -> None:
    _ask(world, world.ben)
    assert not Delivery.objects.exists()


def test_what_asks_something_is_mailed_at_once(world: World, server: Post) -> None:
    _ask(world, world.ben)
    outcome = deliveries_send(actor=_system(world))
    message = server.messages[0]
    assert outcome.sent == 1
    assert message["To"] == "ben@meridian.example"
    assert message["Subject"].strip().startswith("Ada Adeyemi asks you to read “Note 7”")
    text = message.get_body(("plain",)).get_content()
    assert "something you cannot open" in text
    assert "http://testserver/o/meridian/inbox/" in text
    assert "http://testserver/o/meridian/settings/notifications/" in text
    assert message["List-Unsubscribe"] == "<http://testserver/o/meridian/settings/notifications/>"
    assert message["Message-ID"].startswith("<notification.")
    assert deliveries_send(actor=_system(world)).sent == 0
    assert len(server.messages) == 1


def test_what_merely_happened_waits_for_the_morning_where_the_reader_is(world: World, server: Post) -> None:
    world.mia.time_zone = "Asia/Tokyo"
    world.mia.save(update_fields=["time_zone"])
    with clock.at(NOON):
        _tell(world, world.ben, world.mia, once="a", number=1)
        _tell(world, world.ben, world.mia, once="b", number=2)
        assert digests_send(actor=_system(world)).sent == 0
    with clock.at(datetime(2026, 11, 20, 22, 30, tzinfo=UTC)):
        digests_send(actor=_system(world))
    assert [message["To"] for message in server.messages] == ["mia@meridian.example"]
    with clock.at(datetime(2026, 11, 21, 7, 30, tzinfo=UTC)):
        digests_send(actor=_system(world))
    digest = server.messages[1]
    assert digest["To"] == "ben@meridian.example"
    assert digest["Subject"] == "Meridian: 2 new for you"
    text = digest.get_body(("plain",)).get_content()
    assert "“Note 1” was signed." in text
    assert "“Note 2” was signed." in text


def test_the_digest_leaves_out_what_was_read_already(world: World, server: Post) -> None:
    with clock.at(NOON):
        _tell(world, world.ben)
        notification_read(actor=as_actor(world.ben), notification=Notification.objects.get())
    with clock.at(NOON + timedelta(days=1)):
        outcome = digests_send(actor=_system(world))
    assert (outcome.sent, outcome.dropped) == (0, 1)
    assert server.messages == []


def test_a_refused_mail_is_tried_again_later_and_given_up_after_eight(world: World, server: Post) -> None:
    server.answer = "451 try later"
    with clock.at(NOON):
        _ask(world, world.ben)
        assert deliveries_send(actor=_system(world)).failed == 1
        assert deliveries_send(actor=_system(world)).failed == 0
    for day in range(1, 12):
        with clock.at(NOON + timedelta(days=day)):
            deliveries_send(actor=_system(world))
    delivery = Delivery.objects.get()
    assert delivery.attempts == MOST_ATTEMPTS
    assert "try later" in delivery.problem
    assert delivery.sent_at is None
    assert unread_count(as_actor(world.ben)) == 1


def test_after_a_failure_the_next_try_succeeds(world: World, server: Post) -> None:
    server.answer = "451 try later"
    with clock.at(NOON):
        _ask(world, world.ben)
        deliveries_send(actor=_system(world))
    server.answer = "250 taken"
    with clock.at(NOON + timedelta(minutes=2)):
        assert deliveries_send(actor=_system(world)).sent == 1
    assert Delivery.objects.get().problem == ""


def test_one_readers_failure_does_not_stop_the_others(world: World, server: Post, monkeypatch) -> None:
    from throughline.notify.channels import mail as channel

    whole = channel.mail_about

    def half(to, tellings, *, is_digest):
        if to.email.startswith("ben"):
            raise ValueError("cannot be written")
        return whole(to, tellings, is_digest=is_digest)

    monkeypatch.setattr(channel, "mail_about", half)
    _ask(world, world.ben, world.mia)
    outcome = deliveries_send(actor=_system(world))
    assert (outcome.sent, outcome.failed) == (1, 1)


def test_somebody_whose_access_ended_gets_no_mail(world: World, server: Post) -> None:
    _ask(world, world.ben)
    membership_end(actor=as_actor(world.max), membership=Membership.objects.get(person=world.ben))
    assert deliveries_send(actor=_system(world)).dropped == 1
    assert server.messages == []


def test_a_guest_is_told_only_of_what_is_shared(world: World, server: Post) -> None:
    _tell(world, world.gus)
    lines, _ = inbox_page(as_actor(world.gus))
    assert lines[0].sentence == "“something you cannot open” was signed."


def test_a_group_switched_off_is_neither_mailed_nor_counted(world: World, server: Post) -> None:
    actor = as_actor(world.ben)
    preferences_set(actor=actor, paces={("asked", "mail"): "off", ("asked", "inapp"): "off"})
    _ask(world, world.ben)
    assert unread_count(actor) == 0
    assert len(inbox_page(actor)[0]) == 1
    assert not Delivery.objects.exists()


def test_switching_off_counts_for_what_is_on_its_way(world: World, server: Post) -> None:
    _ask(world, world.ben)
    preferences_set(actor=as_actor(world.ben), paces={("asked", "mail"): "off"})
    assert deliveries_send(actor=_system(world)).dropped == 1
    assert server.messages == []


@pytest.mark.parametrize(
    "paces", [{("gossip", "mail"): "now"}, {("told", "pigeon"): "now"}, {("told", "inapp"): "digest"}]
)
def test_a_choice_that_does_not_exist_is_refused(world: World, paces: dict[tuple[str, str], str]) -> None:
    with pytest.raises(Invalid):
        preferences_set(actor=as_actor(world.ben), paces=paces)
    assert not Preference.objects.exists()


def test_what_is_not_chosen_is_the_default(world: World) -> None:
    chosen = {(choice.group, choice.channel): choice.pace for choice in preferences_of(as_actor(world.ben))}
    assert chosen["asked", "mail"] == "now"
    assert chosen["told", "mail"] == "digest"
    assert chosen["told", "inapp"] == "now"


def test_telling_hundreds_takes_a_few_queries_for_all_of_them(world: World, django_assert_max_num_queries) -> None:
    people = type(world.ben).objects.bulk_create(
        type(world.ben)(org=world.org, name=f"Person {number}") for number in range(900)
    )
    with django_assert_max_num_queries(24):
        assert _ask(world, *people) == 900


def test_the_worker_serves_every_organisation_and_one_failure_stops_no_other(world: World, server: Post) -> None:
    from throughline.kernel.scoping import across_orgs

    _ask(world, world.ben)
    seen: list[str] = []

    def work(actor: Actor) -> None:
        seen.append(actor.org_slug)
        if actor.org_slug == "meridian":
            raise ValueError("broken")

    with across_orgs(reason="the test itself stands in Meridian; the worker visits each"):
        assert tasks.deliveries_send() == 0
        assert schedule.for_each_organisation(work) == 1
    assert len(server.messages) == 1
    assert seen == ["meridian", "otherwhere"]


def test_the_timetable_runs_each_function_at_its_interval() -> None:
    names = [entry.name for entry in schedule.periodic_all()]
    assert {"notify.deliveries_send", "notify.digest_send", "notify.once_keys_purge"} <= set(names)
    table = schedule.Timetable()
    assert [entry.name for entry in table.due(100.0)] == names
    assert list(table.due(101.0)) == []
    assert "notify.deliveries_send" in [entry.name for entry in table.due(105.0)]
    assert "notify.digest_send" not in [entry.name for entry in table.due(106.0)]
