"""What follows events in meetings, and what of others' events concerns contributors."""

from __future__ import annotations

from django_tasks import task

from throughline.kernel.actor import Actor, system_actor
from throughline.kernel.scoping import in_org
from throughline.ledger.models import Event
from throughline.ledger.outbox import reaction
from throughline.meetings.models import Meeting
from throughline.meetings.selectors.meetings import boards_unsealed
from throughline.meetings.services.answering import fate_tell
from throughline.meetings.services.closing import board_reseal
from throughline.notify.schedule import for_each_organisation, periodic_register


@task()
def board_seal(org_id: int, meeting_id: int) -> None:
    """Rewrite the files after a close. Safe to run again. Beside its reaction, the only caller."""
    with in_org(org_id):
        board_reseal(actor=system_actor(org_id), meeting=Meeting.objects.get(pk=meeting_id))


@reaction("meetings.meeting_closed")
def storage_is_cleaned(actor: Actor, event: Event) -> None:
    """The files are rewritten by a task, outside this transaction."""
    board_seal.enqueue(org_id=event.org_id, meeting_id=event.subject_id)


def boards_seal_again() -> None:
    """Periodic: closed boards whose files could not be cleaned get another task."""

    def again(actor: Actor) -> None:
        for meeting_id in boards_unsealed(actor):
            board_seal.enqueue(org_id=actor.org_id, meeting_id=meeting_id)

    for_each_organisation(again)


periodic_register("meetings.boards_seal_again", 3600, boards_seal_again)


@reaction("ledger.fate_given")
def contributors_hear_their_fate(actor: Actor, event: Event) -> None:
    """Whoever contributed under their name is told what became of it; the others find it at their receipt."""
    fate_tell(actor=actor, event_id=event.pk)
