"""What changed on followed boards since the last look: two queries for all of them together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, Q

from throughline.kernel.scoping import across_orgs
from throughline.ledger.models import Event
from throughline.meetings.models import Unattributed

MOST_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class MeetingChange:
    """Something happened on one board. `shown_count` is the number of unattributed posts shown, -1 when it did not move."""

    meeting_id: int
    event_id: str
    kinds: tuple[str, ...]
    shown_count: int


class ChangeReader:
    """Reads on from where it was. Begins at the newest event, so nothing old is told again."""

    def __init__(self) -> None:
        self._position: tuple[int, int] | None = None
        # Events told already that lie beyond the position: on PostgreSQL a transaction may commit after a younger one.
        self._told: set[int] = set()
        self._shown: dict[int, int] = {}

    def read(self, meeting_ids: Iterable[int]) -> tuple[MeetingChange, ...]:
        """Changes of these meetings since the last call, at most one per meeting and cause."""
        wanted = sorted(meeting_ids)
        with across_orgs(reason="one stream process serves every organisation; only kinds and numbers leave it"):
            return (*self._events(set(wanted)), *self._counts(wanted))

    def _events(self, wanted: set[int]) -> list[MeetingChange]:
        if self._position is None:
            last = Event.objects.order_by("-transaction", "-id").values_list("transaction", "id").first()
            self._position = last or (0, 0)
            horizon = self._horizon()
            if horizon is not None and self._position[0] >= horizon:
                self._position = (horizon - 1, 2**62)
                unsettled = Event.objects.filter(transaction__gte=horizon)
                self._told = set(unsettled.values_list("id", flat=True))
            return []
        transaction, number = self._position
        rows = list(
            Event.objects.filter(Q(transaction=transaction, id__gt=number) | Q(transaction__gt=transaction))
            .order_by("transaction", "id")
            .values_list("transaction", "id", "kind", "context_kind", "context_id")[:MOST_AT_ONCE]
        )
        found: dict[int, tuple[str, list[str]]] = {}
        for moment, event_id, kind, context_kind, context_id in rows:
            if event_id in self._told or context_kind != "meetings.meeting" or context_id not in wanted:
                continue
            kinds = found.setdefault(context_id, ("", []))[1]
            found[context_id] = (f"{moment}-{event_id}", [*kinds, kind])
        self._step([(row[0], row[1]) for row in rows])
        return [
            MeetingChange(meeting_id, event_id, tuple(dict.fromkeys(kinds)), -1)
            for meeting_id, (event_id, kinds) in found.items()
        ]

    def _step(self, rows: list[tuple[int, int]]) -> None:
        """Move on as far as nothing older can still appear, and remember what was told beyond that."""
        if not rows:
            return
        horizon = self._horizon()
        settled = [row for row in rows if horizon is None or row[0] < horizon]
        if settled:
            self._position = settled[-1]
        self._told = {number for moment, number in rows if (moment, number) > (self._position or (0, 0))}

    @staticmethod
    def _horizon() -> int | None:
        """On PostgreSQL the oldest transaction still running (see ledger.outbox); None where commits are in order."""
        if connection.vendor != "postgresql":
            return None
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            return int(cursor.fetchone()[0])

    def _counts(self, wanted: list[int]) -> list[MeetingChange]:
        counts = dict.fromkeys(wanted, 0) | dict(
            Unattributed.objects.filter(meeting_id__in=wanted, is_shown=True, is_withdrawn=False)
            .values_list("meeting_id")
            .annotate(number=Count("key"))
        )
        moved = [
            meeting_id for meeting_id in wanted if self._shown.get(meeting_id, counts[meeting_id]) != counts[meeting_id]
        ]
        self._shown = counts
        return [MeetingChange(meeting_id, "", ("unattributed",), counts[meeting_id]) for meeting_id in moved]
