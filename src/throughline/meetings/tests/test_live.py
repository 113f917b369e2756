"""The live stream in its own process, and two people working at the same moment."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from queue import Empty, Queue
from typing import Any

import pytest
from django.conf import settings
from django.core.signing import TimestampSigner
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.worlds import World, as_actor, build_world
from throughline.kernel.scoping import in_org
from throughline.meetings import selectors, services
from throughline.meetings.live_changes import ChangeReader
from throughline.meetings.models import Contribution, Theme
from throughline.meetings.tests.boards import crowd, opened, post_unattributed

STARTS_WITHIN_SECONDS = 60
# The word: everyone present sees posts and groups within a second.
SEEN_WITHIN_SECONDS = 1.0


@pytest.fixture
def stored(transactional_db: None) -> Iterator[World]:
    """The world in committed rows, for other threads and processes."""
    world = build_world()
    with in_org(world.org.pk):
        yield world


def database_url() -> str:
    entry = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{entry['NAME']}"
    return f"postgresql://{entry['USER']}:{entry['PASSWORD']}@{entry['HOST']}:{entry['PORT']}/{entry['NAME']}"


@pytest.fixture
def stream_url(stored: World) -> Iterator[str]:
    """A real Granian process serving the stream on a free port of the loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "THROUGHLINE_DATABASE_URL": database_url(),
        "THROUGHLINE_SECRET_KEY": settings.SECRET_KEY,
        "DJANGO_SETTINGS_MODULE": "throughline.project.settings",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--host", "127.0.0.1", "--port", str(port)]
    # An open stream would otherwise hold the process.
    command += ["--workers-kill-timeout", "2"]
    server = subprocess.Popen(
        [*command, "throughline.project.live:application"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    base = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{base}/healthz")
        yield f"{base}/live/"
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_for(address: str) -> None:
    ends_at = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < ends_at:
        try:
            urllib.request.urlopen(address, timeout=2).close()
        except OSError:
            threading.Event().wait(0.1)
        else:
            return
    raise AssertionError("The live process did not start.")


class Listener:
    """Reads server-sent events in a thread."""

    def __init__(self, address: str) -> None:
        self.response = urllib.request.urlopen(address, timeout=30)
        self.headers = self.response.headers
        self.lines: Queue[str] = Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        try:
            for line in self.response:
                self.lines.put(line.decode().rstrip("\n"))
        except (OSError, ValueError, AttributeError):
            return

    def next_data(self, *, within: float) -> str:
        ends_at = time.monotonic() + within
        while True:
            try:
                line = self.lines.get(timeout=max(0.0, ends_at - time.monotonic()))
            except Empty:
                raise AssertionError(f"No event within {within} s.") from None
            if line.startswith("data:"):
                return line


def test_posts_groups_and_batches_are_heard_within_a_second(stored: World, stream_url: str) -> None:
    crowd(stored)
    meeting = opened(stored, wants_anonymous=True)
    ben, fay = as_actor(stored.ben), as_actor(stored.fay)
    listener = Listener(f"{stream_url}?ticket={selectors.live_ticket(ben, meeting)}")
    assert listener.headers["Access-Control-Allow-Origin"] == "http://testserver"
    assert "Set-Cookie" not in listener.headers
    listener.next_data(within=5)
    # The first look of the process finds its place; what follows is news.
    threading.Event().wait(0.6)
    services.contribution_post(actor=ben, meeting=meeting, text="One")
    assert "meetings.contribution_posted" in listener.next_data(within=SEEN_WITHIN_SECONDS)
    services.theme_create(actor=fay, meeting=meeting, title="Queues")
    assert "meetings.theme_created" in listener.next_data(within=SEEN_WITHIN_SECONDS)
    for number in range(5):
        post_unattributed(meeting, f"Post {number}", number)
    assert "unattributed" in listener.next_data(within=SEEN_WITHIN_SECONDS)
    listener.response.close()


class SignerOfOld(TimestampSigner):
    """Signs as if it were 1970."""

    def timestamp(self) -> str:
        return "1aaaaa"


@pytest.mark.parametrize("ticket", ["", "made-up", "old"])
def test_a_false_or_old_ticket_opens_nothing(stored: World, stream_url: str, ticket: str) -> None:
    if ticket == "old":
        ticket = SignerOfOld(salt="throughline.live").sign_object({"org": 1, "person": 1, "meeting": 1})
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(f"{stream_url}?ticket={ticket}", timeout=5)


def test_the_stream_process_serves_nothing_else(stored: World, stream_url: str) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(stream_url.replace("/live/", "/o/meridian/"), timeout=5)


def test_the_reader_tells_each_event_once_and_only_of_followed_meetings(world: World) -> None:
    meeting, other = opened(world), opened(world)
    reader = ChangeReader()
    assert reader.read([meeting.pk]) == ()
    ben = as_actor(world.ben)
    services.contribution_post(actor=ben, meeting=meeting, text="One")
    services.contribution_post(actor=ben, meeting=other, text="Elsewhere")
    (change,) = reader.read([meeting.pk])
    assert (change.meeting_id, change.kinds) == (meeting.pk, ("meetings.contribution_posted",))
    assert reader.read([meeting.pk]) == ()


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run functions in threads that start together; answers their results or errors."""
    barrier = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            results[place] = act()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_two_facilitators_moving_the_same_card_at_once_lose_nothing(
    stored: World, browse: Callable[[Any], Client]
) -> None:
    meeting = opened(stored)
    fay, tom = as_actor(stored.fay), as_actor(stored.tom)
    services.people_invite(actor=fay, meeting=meeting, person_ids=[stored.tom.pk], are_facilitators=True)
    row = services.contribution_post(actor=fay, meeting=meeting, text="One")
    first = services.theme_create(actor=fay, meeting=meeting, title="First")
    second = services.theme_create(actor=tom, meeting=meeting, title="Second")
    address = reverse("meetings:cards", args=["meridian", meeting.pk])
    clients = {first.pk: browse(stored.fay), second.pk: browse(stored.tom)}

    def move(to: int) -> Callable[[], int]:
        return lambda: clients[to].post(address, {"card": f"n{row.pk}:", "to": to, "do": "move"}).status_code

    statuses = at_once(move(first.pk), move(second.pk))
    assert sorted(statuses) == [302, 409]
    row.refresh_from_db()
    winner = (first.pk, second.pk)[statuses.index(302)]
    assert row.theme_id == winner


def test_many_people_posting_at_once_all_keep_their_words(stored: World, browse: Callable[[Any], Client]) -> None:
    meeting = opened(stored)
    address = reverse("meetings:post", args=["meridian", meeting.pk])
    clients = [browse(person) for person in (stored.ben, stored.tom, stored.fay, stored.lea)]

    def post(client: Client, number: int) -> Callable[[], list[int]]:
        return lambda: [client.post(address, {"text": f"{number}-{turn}"}).status_code for turn in range(5)]

    answers = at_once(*(post(client, number) for number, client in enumerate(clients)))
    assert answers == [[302] * 5] * 4
    assert Contribution.objects.count() == 20


def test_the_same_unattributed_form_sent_twice_at_once_is_one_post(stored: World) -> None:
    from throughline.meetings.models import Unattributed

    crowd(stored)
    meeting = opened(stored, wants_anonymous=True)

    def send() -> str:
        with in_org(stored.org.pk):
            return post_unattributed(meeting, "The same words", 1)

    first, again = at_once(send, send)
    assert first == again
    assert Unattributed.objects.count() == 1


def test_theme_titles_typed_at_once_are_both_kept(stored: World, browse: Callable[[Any], Client]) -> None:
    meeting = opened(stored)
    fay = as_actor(stored.fay)
    services.people_invite(actor=fay, meeting=meeting, person_ids=[stored.tom.pk], are_facilitators=True)
    theme = services.theme_create(actor=fay, meeting=meeting, title="First")
    address = reverse("meetings:theme_edit", args=["meridian", theme.pk])
    clients = [browse(stored.fay), browse(stored.tom)]

    def rename(client: Client, title: str) -> Callable[[], Any]:
        return lambda: client.post(address, {"title": title, "summary": "", "version": 1})

    answers = at_once(rename(clients[0], "From Fay"), rename(clients[1], "From Tom"))
    refused = next(answer for answer in answers if answer.status_code == 409)
    kept = Theme.objects.get(pk=theme.pk).title
    typed = ({"From Fay", "From Tom"} - {kept}).pop()
    page = refused.content.decode()
    assert kept in page
    assert f'value="{typed}"' in page
