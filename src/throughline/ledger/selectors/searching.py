"""Finding subjects by words, on either database, showing only what the actor may see."""

from __future__ import annotations

import re
from collections.abc import Collection

from django.db import connection

from throughline.kernel.actor import Actor
from throughline.kernel.ids import SubjectRef
from throughline.ledger.subjects import SubjectCard, subject_cards

_WORDS = re.compile(r"\w+", re.UNICODE)


def search_subjects(
    actor: Actor, text: str, *, kinds: Collection[str] | None = None, limit: int = 30
) -> list[SubjectCard]:
    """Subjects whose words begin with every word of `text`, best first, at most `limit` the actor may see."""
    words = [word.lower() for word in _WORDS.findall(text)][:8]
    if not words:
        return []
    # Over-fetch: some of what matches may be hidden from this actor.
    refs = _matches(actor.org_id, words, sorted(kinds) if kinds is not None else None, limit * 4)
    cards = subject_cards(actor, refs)
    return [cards[ref] for ref in refs if ref in cards][:limit]


def _matches(org_id: int, words: list[str], kinds: list[str] | None, limit: int) -> list[SubjectRef]:
    is_postgres = connection.vendor == "postgresql"
    kind_filter = f"AND entry.kind IN ({', '.join(['%s'] * len(kinds))})" if kinds else ""
    if is_postgres:
        sql = f"""
            SELECT entry.kind, entry.subject_id FROM ledger_searchentry entry
            WHERE entry.org_id = %s AND to_tsvector('simple', entry.title || ' ' || entry.body) @@ to_tsquery('simple', %s)
            {kind_filter}
            ORDER BY ts_rank(to_tsvector('simple', entry.title || ' ' || entry.body), to_tsquery('simple', %s)) DESC,
                     entry.id DESC LIMIT %s"""  # noqa: S608 - only placeholders are interpolated
        query = " & ".join(f"{word}:*" for word in words)
        parameters: list[str | int] = [org_id, query, *(kinds or []), query, limit]
    else:
        sql = f"""
            SELECT entry.kind, entry.subject_id FROM ledger_search_words words
            JOIN ledger_searchentry entry ON entry.id = words.rowid
            WHERE ledger_search_words MATCH %s AND entry.org_id = %s {kind_filter}
            ORDER BY words.rank, entry.id DESC LIMIT %s"""  # noqa: S608 - only placeholders are interpolated
        parameters = [" ".join(f'"{word}"*' for word in words), org_id, *(kinds or []), limit]
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [SubjectRef(kind, subject_id) for kind, subject_id in cursor.fetchall()]
