"""What is open to guests."""

from __future__ import annotations

from throughline.access.models import Share
from throughline.access.policies import visible_shares
from throughline.kernel.actor import Actor
from throughline.kernel.errors import NotFound
from throughline.kernel.ids import SubjectRef
from throughline.kernel.paging import Page, page_of


def shares_page(actor: Actor, *, subject: SubjectRef | None = None, cursor: str = "", size: int = 50) -> Page[Share]:
    """Shares the actor may see, newest first, of one thing or of all; one query."""
    rows = Share.objects.filter(visible_shares(actor)).select_related("person")
    if subject is not None:
        rows = rows.filter(subject_kind=subject.kind, subject_id=subject.id)
    return page_of(rows, order=("-id",), cursor=cursor, size=size)


def share_for_change(actor: Actor, share_id: int) -> Share:
    """One share that the actor may see, or NotFound."""
    row = Share.objects.filter(visible_shares(actor), pk=share_id).first()
    if row is None:
        raise NotFound()
    return row
