"""Keeping the words by which subjects are found."""

from __future__ import annotations

from collections.abc import Iterable

from throughline.kernel.actor import Actor
from throughline.kernel.ids import SubjectRef
from throughline.ledger.models import SearchEntry


def search_index(*, actor: Actor, ref: SubjectRef, title: str, body: str = "") -> None:
    """Make a subject findable by these words. Callers never pass private, sealed or unattributed text."""
    SearchEntry.objects.update_or_create(
        org_id=actor.org_id, kind=ref.kind, subject_id=ref.id, defaults={"title": title, "body": body}
    )


def search_index_bulk(*, actor: Actor, entries: Iterable[tuple[SubjectRef, str, str]]) -> None:
    """The same for many new subjects at once; existing entries are replaced."""
    SearchEntry.objects.bulk_create(
        [
            SearchEntry(org_id=actor.org_id, kind=ref.kind, subject_id=ref.id, title=title, body=body)
            for ref, title, body in entries
        ],
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["org", "kind", "subject_id"],
        update_fields=["title", "body"],
    )


def search_remove(*, actor: Actor, ref: SubjectRef) -> None:
    """Make a subject unfindable."""
    SearchEntry.objects.filter(kind=ref.kind, subject_id=ref.id).delete()
