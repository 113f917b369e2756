"""What waits for a person: boards they were invited to and have said nothing on under their name."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from throughline.kernel.actor import Actor
from throughline.meetings.models import Contribution, Meeting, MeetingPerson
from throughline.meetings.references import meeting_ref
from throughline.meetings.rules import MeetingState
from throughline.notify.waiting import WaitingItem, waiting_register


def boards_waiting(actor: Actor) -> Sequence[WaitingItem]:
    """Open boards one was invited to; one query."""
    if actor.person_id is None:
        return []
    invited = MeetingPerson.objects.filter(person_id=actor.person_id, is_facilitator=False).values("meeting_id")
    heard = Contribution.objects.filter(author_id=actor.person_id, withdrawn_at=None).values("meeting_id")
    open_boards = Meeting.objects.filter(pk__in=invited, state=MeetingState.OPEN).exclude(pk__in=heard)
    base = reverse("meetings:board", args=[actor.org_slug, 0])
    return [
        WaitingItem(
            key=f"meetings.board:{meeting.pk}",
            title=f"Say what you have to say: {meeting.title}",
            url=base.replace("/0/", f"/{meeting.pk}/"),
            state="wait",
            state_label="board open",
            meta=meeting.question,
            subject=meeting_ref(meeting.pk),
        )
        for meeting in open_boards.order_by("opened_at", "id")[:20]
    ]


waiting_register("meetings.boards", boards_waiting)
