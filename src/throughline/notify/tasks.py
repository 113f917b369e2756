"""Periodic work of notify, run by the worker."""

from __future__ import annotations

from throughline.access import services as access_services
from throughline.kernel.actor import Actor
from throughline.ledger.services import statistics_keep
from throughline.notify import services
from throughline.notify.schedule import for_each_organisation, periodic_register


def deliveries_send() -> int:
    """Send what is due at once, in every organisation; answers in how many that failed."""

    def send(actor: Actor) -> None:
        services.deliveries_send(actor=actor)

    return for_each_organisation(send)


def digest_send() -> int:
    """Send the digests whose hour has come (07:30 where the reader is), in every organisation."""

    def send(actor: Actor) -> None:
        services.digests_send(actor=actor)

    return for_each_organisation(send)


def once_keys_purge() -> int:
    """Forget the keys of writes older than a day."""
    return access_services.once_keys_purge()


def register() -> None:
    """Put this app's periodic work on the worker's list."""
    periodic_register("notify.deliveries_send", 5, deliveries_send)
    periodic_register("notify.digest_send", 60, digest_send)
    periodic_register("notify.once_keys_purge", 3600, once_keys_purge)
    periodic_register("ledger.statistics_keep", 3600, statistics_keep)
