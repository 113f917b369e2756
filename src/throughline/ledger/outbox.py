"""What follows an event: reactions, run by the worker, each at least once and in order.

An app's `reactions.py` decorates functions with `@reaction("app.event_kind", …)`. A reaction gets the system's actor and
the event, runs inside the organisation's scope and its own transaction, must be idempotent, and calls services only.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from throughline.kernel.actor import Actor, system_actor
from throughline.kernel.scoping import across_orgs, in_org
from throughline.ledger.models import Event, ReactionCursor

log = logging.getLogger(__name__)

ReactionFunction = Callable[[Actor, Event], None]
# After so many failures at one event the reaction steps over it; the failure stays in the log and in `failures`.
GIVE_UP_AFTER = 5
# A cursor is moved over events of other kinds once there are so many: fewer writes than moving it every time.
STEP_OVER = 500


@dataclass(frozen=True, slots=True)
class Reaction:
    """One function and the event kinds it answers."""

    name: str
    kinds: frozenset[str]
    run: ReactionFunction


_reactions: dict[str, Reaction] = {}


def reaction(*kinds: str) -> Callable[[ReactionFunction], ReactionFunction]:
    """Register a function to run on every event of these kinds."""

    def register(function: ReactionFunction) -> ReactionFunction:
        name = f"{function.__module__}.{function.__name__}"
        _reactions[name] = Reaction(name, frozenset(kinds), function)
        return function

    return register


def reactions() -> Iterator[Reaction]:
    """All registered reactions, by name."""
    return iter(_reactions[name] for name in sorted(_reactions))


@dataclass(frozen=True, slots=True)
class OutboxRound:
    """What one round did: events handled over all reactions, and whether every reaction has read everything."""

    handled: int
    is_at_end: bool


def outbox_run(*, limit: int = 200) -> OutboxRound:
    """Let every reaction read up to `limit` further events; two queries when there is nothing for any of them."""
    newest = outbox_newest()
    waiting = _waiting()
    steps = [_advance(entry, limit, newest) for entry in waiting]
    return OutboxRound(sum(step.handled for step in steps), all(step.is_at_end for step in steps))


def _waiting() -> list[Reaction]:
    """The reactions with something to do: events of their kinds beyond their cursors, or too far to tell cheaply."""
    entries = list(reactions())
    with across_orgs(reason="the outbox serves every organisation, one event at a time"):
        cursors = {cursor.name: cursor for cursor in ReactionCursor.objects.all()}
        if any(entry.name not in cursors for entry in entries):
            return entries
        places = {entry.name: (cursors[entry.name].transaction, cursors[entry.name].event_id) for entry in entries}
        ahead = _beyond(min(places.values(), default=(0, 0))).values_list("transaction", "id", "kind")
        events = list(ahead[: 2 * STEP_OVER + 1])
    if len(events) > 2 * STEP_OVER:
        return entries
    last = {kind: (transaction_id, event_id) for transaction_id, event_id, kind in events}
    end = events[-1][1] if events else 0
    return [
        entry
        for entry in entries
        if any(last.get(kind, (0, 0)) > places[entry.name] for kind in entry.kinds)
        or end - places[entry.name][1] > STEP_OVER
    ]


def _beyond(place: tuple[int, int]) -> QuerySet[Event]:
    """Complete events after a place, in order."""
    later = Q(transaction=place[0], id__gt=place[1]) | Q(transaction__gt=place[0])
    return Event.objects.filter(later).filter(events_complete()).order_by("transaction", "id")


def outbox_newest() -> tuple[int, int] | None:
    """The newest complete event as (transaction, id): as long as it stays, there is nothing to run. Two queries at most."""
    with across_orgs(reason="the outbox serves every organisation, one event at a time"):
        newest = Event.objects.filter(events_complete()).order_by("-transaction", "-id")
        return newest.values_list("transaction", "id").first()


def outbox_drain() -> int:
    """Run until nothing is left, for tests, the demo and the command line."""
    total = 0
    while handled := outbox_run(limit=1000).handled:
        total += handled
    return total


def events_complete() -> Q:
    """Events that nothing can still be written before, in the order (transaction, id).

    On PostgreSQL ids are handed out before commit, so events of transactions younger than the oldest one still running
    wait, except this connection's own. SQLite has one writer, so every visible event is complete.
    """
    if connection.vendor != "postgresql":
        return Q()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint,"
            " coalesce(pg_current_xact_id_if_assigned()::text::bigint, -1)"
        )
        oldest, own = cursor.fetchone()
    return Q(transaction__lt=oldest) | Q(transaction=own)


def _advance(entry: Reaction, limit: int, newest: tuple[int, int] | None) -> OutboxRound:
    with across_orgs(reason="the outbox serves every organisation, one event at a time"):
        cursor, _ = ReactionCursor.objects.get_or_create(name=entry.name)
        waiting = _beyond((cursor.transaction, cursor.event_id)).filter(kind__in=entry.kinds)
        events = list(waiting.select_related("org")[:limit])
    for event in events:
        if not _handle(entry, event, cursor):
            return OutboxRound(handled=0, is_at_end=False)
    if not events and newest is not None and newest[1] - cursor.event_id > STEP_OVER:
        # Nothing for this reaction up to here: do not look at these events again.
        ReactionCursor.objects.filter(pk=cursor.pk).update(transaction=newest[0], event_id=newest[1])
    return OutboxRound(handled=len(events), is_at_end=not events)


def _handle(entry: Reaction, event: Event, cursor: ReactionCursor) -> bool:
    actor = system_actor(event.org_id, event.org.slug)
    try:
        with in_org(event.org_id), transaction.atomic():
            entry.run(actor, event)
            _step(cursor, event)
    except Exception:
        cursor.failures += 1
        log.exception("Reaction %s failed at event %s (%s times)", entry.name, event.pk, cursor.failures)
        if cursor.failures >= GIVE_UP_AFTER:
            _step(cursor, event)
        else:
            cursor.save(update_fields=["failures"])
        return False
    return True


def _step(cursor: ReactionCursor, event: Event) -> None:
    cursor.transaction, cursor.event_id, cursor.failures = event.transaction, event.pk, 0
    cursor.save(update_fields=["transaction", "event_id", "failures"])
