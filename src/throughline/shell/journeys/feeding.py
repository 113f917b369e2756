"""Meetings that feed a cycle: cycle prompted by meeting, kept as a link in the ledger."""

from __future__ import annotations

from django.db import transaction

from throughline.goals.policies import can_manage_cycles
from throughline.goals.selectors import cycle_visible
from throughline.kernel.actor import Actor
from throughline.kernel.ids import SubjectRef
from throughline.ledger.selectors import links_from
from throughline.ledger.services import Relation, link_create
from throughline.meetings.selectors import meeting_for

MEETING = "meetings.meeting"


def cycle_ref(cycle_id: int) -> SubjectRef:
    """How the ledger names a cycle."""
    return SubjectRef("goals.cycle", cycle_id)


def cycle_meeting_ids(actor: Actor, cycle_id: int) -> set[int]:
    """Meetings that feed a cycle, visible or not; one query."""
    links = links_from(actor, [cycle_ref(cycle_id)], Relation.PROMPTED_BY)
    return {link.to_id for link in links if link.to_kind == MEETING}


@transaction.atomic
def cycle_meeting_link(*, actor: Actor, cycle_id: int, meeting_id: int) -> None:
    """Let a meeting the actor may see feed a cycle; doing it again changes nothing."""
    can_manage_cycles(actor).require()
    cycle = cycle_visible(actor, cycle_id)
    meeting = meeting_for(actor, meeting_id)
    link_create(
        actor=actor,
        later=cycle_ref(cycle.pk),
        relation=Relation.PROMPTED_BY,
        earlier=SubjectRef(MEETING, meeting.pk),
    )
