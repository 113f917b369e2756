"""The live stream: a small ASGI application of its own process, which tells open boards that something changed.

`GET /live/?ticket=…` answers server-sent events. The ticket is signed, short-lived and made by the board's page for one
person and one meeting; this process knows no session and no cookie. One task reads the event table every 250 ms for all
clients together. Nothing but kinds and numbers is sent: the page fetches the board itself, through its own policies.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import django
from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.db import DatabaseError, close_old_connections, connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "throughline.project.settings")
django.setup()

from throughline.meetings.live_changes import ChangeReader, MeetingChange  # noqa: E402 - models need the set-up
from throughline.meetings.selectors.board import TICKET_SALT  # noqa: E402 - as above

Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]

EVERY_SECONDS = 0.25
HEARTBEAT_SECONDS = 15.0
# A ticket opens a stream for so long after its page was made or it was renewed.
TICKET_SECONDS = 120
# Then the client comes back with a fresh ticket, which its page gives only to whoever may still see the board.
STREAM_SECONDS = 900.0
MOST_CLIENTS = 2000
MOST_WAITING = 20


@dataclass(eq=False)
class Client:
    """One open page. `changes` holds what it has not been sent yet; a slow one is told only that it missed some."""

    meeting_id: int
    changes: asyncio.Queue[MeetingChange] = field(default_factory=lambda: asyncio.Queue(MOST_WAITING))

    def tell(self, change: MeetingChange) -> None:
        if self.changes.full():
            # Every message means "fetch the board": dropping all but the last loses nothing.
            self.changes.get_nowait()
        self.changes.put_nowait(change)


class Hub:
    """All open pages by meeting, and the one task that reads for them."""

    def __init__(self) -> None:
        self.clients: dict[int, set[Client]] = {}
        self.count = 0
        self._task: asyncio.Task[None] | None = None
        self._reader = ChangeReader()

    def join(self, client: Client) -> None:
        self.clients.setdefault(client.meeting_id, set()).add(client)
        self.count += 1
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())

    def leave(self, client: Client) -> None:
        others = self.clients.get(client.meeting_id, set())
        others.discard(client)
        self.count -= 1
        if not others:
            self.clients.pop(client.meeting_id, None)

    async def _run(self) -> None:
        while self.clients:
            try:
                changes = await sync_to_async(self._read, thread_sensitive=True)(tuple(self.clients))
            except DatabaseError:
                # Locked or restarting: the pages still poll; try again in a moment.
                changes = ()
            for change in changes:
                for client in tuple(self.clients.get(change.meeting_id, ())):
                    client.tell(change)
            await asyncio.sleep(EVERY_SECONDS)

    def _read(self, meeting_ids: Iterable[int]) -> tuple[MeetingChange, ...]:
        close_old_connections()
        connection.ensure_connection()
        return self._reader.read(meeting_ids)


hub = Hub()


async def application(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """The ASGI application: the stream, a health answer, and nothing else."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
        return
    if scope["type"] != "http":
        return
    if scope["path"] == "/healthz":
        await _plain(send, 200, f"{hub.count} open")
    elif scope["path"] != "/live/" or scope["method"] != "GET":
        await _plain(send, 404, "There is nothing at this address.")
    else:
        await _stream(scope, receive, send)


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


def _headers(content_type: str) -> list[tuple[bytes, bytes]]:
    return [
        (b"content-type", content_type.encode()),
        (b"access-control-allow-origin", settings.PUBLIC_URL.encode()),
        (b"vary", b"Origin"),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        (b"x-accel-buffering", b"no"),
    ]


async def _plain(send: Send, status: int, words: str) -> None:
    await send({"type": "http.response.start", "status": status, "headers": _headers("text/plain; charset=utf-8")})
    await send({"type": "http.response.body", "body": words.encode()})


def meeting_of_ticket(ticket: str) -> int | None:
    """The meeting a ticket opens, or None when it is false or too old."""
    try:
        seen = TimestampSigner(salt=TICKET_SALT).unsign_object(ticket, max_age=TICKET_SECONDS)
    except BadSignature:
        return None
    meeting_id = seen.get("meeting") if isinstance(seen, dict) else None
    return meeting_id if isinstance(meeting_id, int) else None


async def _stream(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    meeting_id = meeting_of_ticket(query.get("ticket", [""])[0])
    if meeting_id is None:
        await _plain(send, 403, "This ticket is not valid any more; the page fetches a new one.")
        return
    if hub.count >= MOST_CLIENTS:
        await _plain(send, 503, "Too many pages follow at the moment; the page asks every two seconds instead.")
        return
    client = Client(meeting_id)
    hub.join(client)
    gone = asyncio.create_task(_until_gone(receive))
    try:
        await send(
            {
                "type": "http.response.start",
                "status": 200,
                "headers": _headers("text/event-stream; charset=utf-8"),
            }
        )
        # At once: whatever happened while the page was not connected (Last-Event-ID or not) is in the board it fetches.
        await _event(send, "changed", MeetingChange(meeting_id, "", (), -1))
        await _follow(client, gone, send)
    except (OSError, RuntimeError):
        # The page was closed while something was being sent.
        return
    finally:
        hub.leave(client)
        gone.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await gone


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _follow(client: Client, gone: asyncio.Task[None], send: Send) -> None:
    ends_at = asyncio.get_running_loop().time() + STREAM_SECONDS
    while not gone.done() and asyncio.get_running_loop().time() < ends_at:
        change = asyncio.create_task(client.changes.get())
        await asyncio.wait({change, gone}, timeout=HEARTBEAT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        if change.done():
            await _event(send, "changed", change.result())
        else:
            change.cancel()
            if not gone.done():
                await send({"type": "http.response.body", "body": b": still here\n\n", "more_body": True})
    if not gone.done():
        await _event(send, "renew", MeetingChange(client.meeting_id, "", (), -1))
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _event(send: Send, name: str, change: MeetingChange) -> None:
    data = json.dumps({"kinds": list(change.kinds)}, separators=(",", ":"))
    line_of_id = f"id: {change.event_id}\n" if change.event_id else ""
    body = f"event: {name}\n{line_of_id}data: {data}\n\n"
    await send({"type": "http.response.body", "body": body.encode(), "more_body": True})
