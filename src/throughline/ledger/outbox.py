"""What follows an event: reactions, run by the worker, each at least once and in order.

An app's `reactions.py` decorates functions with `@reaction("app.event_kind", …)`. A reaction gets the system's actor and
the event, runs inside the organisation's scope and its own transaction, must be idempotent, and calls services only.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Q

from throughline.kernel.actor import Actor, system_actor
from throughline.kernel.scoping import across_orgs, in_org
from throughline.ledger.models import Event, ReactionCursor

log = logging.getLogger(__name__)

ReactionFunction = Callable[[Actor, Event], None]
# After so many failures at one event the reaction steps over it; the failure stays in the log and in `failures`.
GIVE_UP_AFTER = 5


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


def outbox_run(*, limit: int = 200) -> int:
    """Let every reaction read up to `limit` further events; answers how many were handled."""
    return sum(_advance(entry, limit) for entry in reactions())


def outbox_drain() -> int:
    """Run until nothing is left, for tests, the demo and the command line."""
    total = 0
    while handled := outbox_run(limit=1000):
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


def _advance(entry: Reaction, limit: int) -> int:
    with across_orgs(reason="the outbox serves every organisation, one event at a time"):
        cursor, _ = ReactionCursor.objects.get_or_create(name=entry.name)
        waiting = Event.objects.filter(
            Q(transaction=cursor.transaction, id__gt=cursor.event_id) | Q(transaction__gt=cursor.transaction)
        )
        waiting = waiting.filter(events_complete())
        events = list(
            waiting.filter(kind__in=entry.kinds).select_related("org").order_by("transaction", "id")[:limit]
        )
    for event in events:
        if not _handle(entry, event, cursor):
            return 0
    return len(events)


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
