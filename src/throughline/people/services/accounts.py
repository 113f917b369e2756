"""Whether a person may still sign in follows from whether they are here; `access` owns the accounts."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress

from throughline.access.services import membership_end, membership_reactivate
from throughline.kernel.actor import Actor
from throughline.kernel.errors import Refused
from throughline.people.models import Person


def account_close(*, actor: Actor, person: Person) -> None:
    """Take away a leaver's access; refused for the last administrator. Somebody without an account is passed
    over.
    """
    membership = getattr(person, "membership", None)
    if membership is not None:
        membership_end(actor=actor, membership=membership)


def account_reopen(*, actor: Actor, person: Person) -> None:
    """Give somebody who returned their access back, with the roles it had."""
    membership = getattr(person, "membership", None)
    if membership is not None:
        membership_reactivate(actor=actor, membership=membership)


def accounts_follow(*, actor: Actor, person_ids: Collection[int], is_open: bool) -> None:
    """The same for a batch. The last administrator keeps access: a file must not lock everybody out."""
    for person in Person.objects.filter(pk__in=person_ids, membership__is_active=not is_open).select_related(
        "membership"
    ):
        if is_open:
            account_reopen(actor=actor, person=person)
        else:
            with suppress(Refused):
                account_close(actor=actor, person=person)
