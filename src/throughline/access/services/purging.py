"""Forgetting what has served its time."""

from __future__ import annotations

from datetime import timedelta

from throughline.access.models import OnceKey
from throughline.kernel.clock import now
from throughline.kernel.scoping import across_orgs

# A retry comes within seconds, a reopened laptop within hours; after a day a repeated form is a new wish.
KEPT_FOR = timedelta(days=1)


def once_keys_purge() -> int:
    """Delete the keys of writes older than a day, in every organisation; answers how many."""
    with across_orgs(reason="old idempotency keys of every organisation are forgotten together"):
        deleted, _ = OnceKey.objects.filter(created_at__lt=now() - KEPT_FOR).delete()
    return deleted
