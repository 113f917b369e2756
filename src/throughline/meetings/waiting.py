"""What waits for a person: boards they were invited to and have said nothing on under their name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from throughline.kernel.actor import Actor
from throughline.kernel.prepared import Prepared
from throughline.meetings.models import Contribution, Meeting, MeetingPerson
from throughline.meetings.references import meeting_ref
from throughline.meetings.rules import MeetingState
from throughline.notify.waiting import WaitingItem, waiting_register


def boards_waiting(actor: Actor) -> Sequence[WaitingItem]:
    """Open boards one was invited to; one query."""
    if actor.person_id is None:
        return []
    base = reverse("meetings:board", args=[actor.org_slug, 0])
    return [
        WaitingItem(
            key=f"meetings.board:{number}",
            title=f"Say what you have to say: {title}",
            url=base.replace("/0/", f"/{number}/"),
            state="wait",
            state_label="board open",
            meta=question,
            subject=meeting_ref(number),
        )
        for number, title, question in _UNHEARD(person_id=actor.person_id)
    ]


def _unheard(person_id: int) -> QuerySet[Meeting, tuple[Any, ...]]:
    invited = MeetingPerson.objects.filter(person_id=person_id, is_facilitator=False).values("meeting_id")
    heard = Contribution.objects.filter(author_id=person_id, withdrawn_at=None).values("meeting_id")
    boards = Meeting.objects.filter(pk__in=invited, state=MeetingState.OPEN).exclude(pk__in=heard)
    return boards.order_by("opened_at", "id").values_list("id", "title", "question")[:20]


_UNHEARD = Prepared(_unheard, person_id=int)
waiting_register("meetings.boards", boards_waiting)
