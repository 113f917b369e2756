"""Keeping the words by which subjects are found."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from throughline.kernel.actor import Actor
from throughline.kernel.ids import SubjectRef
from throughline.ledger.models import SearchEntry

_INDEX = """
INSERT INTO ledger_searchentry (org_id, kind, subject_id, title, body) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (org_id, kind, subject_id) DO UPDATE SET title = excluded.title, body = excluded.body"""


def search_index(*, actor: Actor, ref: SubjectRef, title: str, body: str = "") -> None:
    """Make a subject findable by these words. Callers never pass private, sealed or unattributed text."""
    SearchEntry.objects.update_or_create(
        org_id=actor.org_id, kind=ref.kind, subject_id=ref.id, defaults={"title": title, "body": body}
    )


def search_index_bulk(*, actor: Actor, entries: Iterable[tuple[SubjectRef, str, str]]) -> None:
    """The same for many new subjects at once; existing entries are replaced."""
    rows = [(actor.org_id, ref.kind, ref.id, title, body) for ref, title, body in entries]
    with connection.cursor() as cursor:
        cursor.executemany(_INDEX, rows)


def search_remove(*, actor: Actor, ref: SubjectRef) -> None:
    """Make a subject unfindable."""
    SearchEntry.objects.filter(kind=ref.kind, subject_id=ref.id).delete()
