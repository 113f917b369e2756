"""One's own API tokens."""

from __future__ import annotations

from throughline.access.models import ApiToken
from throughline.access.policies import visible_tokens
from throughline.kernel.actor import Actor
from throughline.kernel.errors import NotFound
from throughline.kernel.paging import Page, page_of


def tokens_page(actor: Actor, *, cursor: str = "", size: int = 50) -> Page[ApiToken]:
    """The actor's tokens that were not revoked, newest first; one query."""
    rows = ApiToken.objects.filter(visible_tokens(actor), revoked_at=None)
    return page_of(rows, order=("-id",), cursor=cursor, size=size)


def token_for_change(actor: Actor, token_id: int) -> ApiToken:
    """One of the actor's tokens, or NotFound."""
    row = ApiToken.objects.select_related("membership").filter(visible_tokens(actor), pk=token_id).first()
    if row is None:
        raise NotFound()
    return row
