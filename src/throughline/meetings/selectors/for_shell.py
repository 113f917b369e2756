"""What the cycle's page shows of meetings: every voice of several meetings with its fate."""

from __future__ import annotations

from collections.abc import Collection

from throughline.kernel.actor import Actor
from throughline.meetings import policies
from throughline.meetings.models import Contribution, Meeting, Unattributed
from throughline.meetings.selectors.voices import VoiceShown, voices_shown

# A cycle of a large organisation has thousands of voices; a page lists these many and says how many there are.
MOST_LISTED = 500


def meetings_by_id(actor: Actor, meeting_ids: Collection[int]) -> list[Meeting]:
    """Those meetings the actor may see, in the order they took place; one query."""
    return list(
        Meeting.objects.filter(policies.visible_meetings(actor), pk__in=list(meeting_ids)).order_by("starts_at", "id")
    )


def meetings_to_link(actor: Actor, besides: Collection[int], *, limit: int = 50) -> list[Meeting]:
    """Meetings the actor may see that could feed a cycle, newest first, without those already linked; one query."""
    found = Meeting.objects.filter(policies.visible_meetings(actor)).exclude(pk__in=list(besides))
    return list(found.order_by("-starts_at", "-id")[:limit])


def voices_of_meetings(actor: Actor, meeting_ids: Collection[int]) -> list[VoiceShown]:
    """Every shown contribution of these meetings that was not withdrawn, named first, at most `MOST_LISTED`."""
    visible = Meeting.objects.filter(policies.visible_meetings(actor), pk__in=list(meeting_ids))
    named = (
        Contribution.objects.filter(meeting__in=visible, withdrawn_at=None)
        .select_related("meeting", "author", "theme")
        .order_by("-id")[:MOST_LISTED]
    )
    other = (
        Unattributed.objects.filter(meeting__in=visible, is_withdrawn=False, is_shown=True)
        .select_related("meeting", "theme")
        .order_by("key")[:MOST_LISTED]
    )
    return voices_shown(actor, list(named), list(other))
