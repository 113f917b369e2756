"""Finding subjects by words, on either database, showing only what the actor may see."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from django.db import connection

from throughline.kernel.actor import Actor
from throughline.kernel.ids import SubjectRef
from throughline.ledger.subjects import SubjectCard, subject_cards

_WORDS = re.compile(r"\w+", re.UNICODE)
# A word that half of everything contains: the newest so many are put in order, and nobody waits for the rest.
MOST_RANKED = 1000


def search_subjects(
    actor: Actor, text: str, *, kinds: Collection[str] | None = None, limit: int = 30
) -> list[SubjectCard]:
    """Subjects whose words begin with every word of `text`, best first, at most `limit` the actor may see."""
    words = _words_in(text)
    if not words:
        return []
    # Over-fetch: some of what matches may be hidden from this actor.
    refs = _matches(actor.org_id, words, sorted(kinds) if kinds is not None else None, limit * 4)
    cards = subject_cards(actor, refs)
    return [cards[ref] for ref in refs if ref in cards][:limit]


def subject_ids_matching(actor: Actor, text: str, *, kind: str, limit: int) -> list[int]:
    """Numbers of subjects of one kind whose words begin with every word of `text`, newest first; one query.

    For lists that filter by words: what the actor may see is the caller's to filter.
    """
    words = _words_in(text)
    if not words:
        return []
    if connection.vendor == "postgresql":
        sql = """
            SELECT entry.subject_id FROM ledger_searchentry entry
            WHERE to_tsvector('simple', entry.title || ' ' || entry.body) @@ to_tsquery('simple', %s)
            AND entry.org_id = %s AND entry.kind = %s ORDER BY entry.id DESC LIMIT %s"""
        query = _postgres_words(words)
    else:
        sql = """
            SELECT entry.subject_id FROM ledger_search_words words CROSS JOIN ledger_searchentry entry
            WHERE ledger_search_words MATCH %s AND entry.id = words.rowid
            AND entry.org_id = %s AND entry.kind = %s ORDER BY words.rowid DESC LIMIT %s"""
        query = _sqlite_words(words)
    with connection.cursor() as cursor:
        cursor.execute(sql, [query, actor.org_id, kind, limit])
        return [row[0] for row in cursor.fetchall()]


def _words_in(text: str) -> list[str]:
    return [word.lower() for word in _WORDS.findall(text)][:8]


def _sqlite_words(words: Sequence[str]) -> str:
    return " ".join(f'"{word}"*' for word in words)


def _postgres_words(words: Sequence[str]) -> str:
    return " & ".join(f"{word}:*" for word in words)


def _matches(org_id: int, words: list[str], kinds: list[str] | None, limit: int) -> list[SubjectRef]:
    is_postgres = connection.vendor == "postgresql"
    kind_filter = f"AND entry.kind IN ({', '.join(['%s'] * len(kinds))})" if kinds else ""
    if is_postgres:
        sql = f"""
            SELECT kind, subject_id FROM (
                SELECT entry.kind, entry.subject_id, entry.id, entry.title || ' ' || entry.body AS words
                FROM ledger_searchentry entry
                WHERE entry.org_id = %s
                AND to_tsvector('simple', entry.title || ' ' || entry.body) @@ to_tsquery('simple', %s) {kind_filter}
                ORDER BY entry.id DESC LIMIT %s
            ) newest
            ORDER BY ts_rank(to_tsvector('simple', words), to_tsquery('simple', %s)) DESC, id DESC
            LIMIT %s"""  # noqa: S608 - only placeholders are interpolated
        query = _postgres_words(words)
        parameters: list[str | int] = [org_id, query, *(kinds or []), MOST_RANKED, query, limit]
    else:
        sql = f"""
            SELECT kind, subject_id FROM (
                SELECT entry.kind, entry.subject_id, entry.id, words.rank AS place
                FROM ledger_search_words words CROSS JOIN ledger_searchentry entry
                WHERE ledger_search_words MATCH %s AND entry.id = words.rowid AND entry.org_id = %s {kind_filter}
                ORDER BY words.rowid DESC LIMIT %s
            ) newest
            ORDER BY place, id DESC LIMIT %s"""  # noqa: S608 - only placeholders are interpolated
        parameters = [_sqlite_words(words), org_id, *(kinds or []), MOST_RANKED, limit]
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [SubjectRef(kind, subject_id) for kind, subject_id in cursor.fetchall()]
