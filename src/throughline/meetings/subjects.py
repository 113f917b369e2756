"""How other apps show meetings, contributions and themes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from django.urls import reverse

from throughline.kernel.actor import Actor
from throughline.kernel.ids import SubjectRef
from throughline.ledger.subjects import Station, SubjectCard, SubjectType, subject_register
from throughline.meetings import policies
from throughline.meetings.models import Contribution, Meeting, Theme, Unattributed
from throughline.meetings.rules import STATE_WORDS, MeetingState

LONGEST_TITLE = 90


def short(text: str) -> str:
    """The beginning of a text, as a title."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_TITLE else f"{line[: LONGEST_TITLE - 1].rstrip()}…"


class MeetingSubject(SubjectType):
    """A meeting."""

    kind = "meetings.meeting"
    label = "Meeting"
    label_plural = "Meetings"

    def cards(self, actor: Actor, ids: Collection[int]) -> Mapping[int, SubjectCard]:
        rows = Meeting.objects.filter(policies.visible_meetings(actor), pk__in=list(ids)).select_related("unit")
        base = reverse("meetings:meeting", args=[actor.org_slug or "-", 0])
        return {row.pk: self._card(row, base) for row in rows}

    def _card(self, row: Meeting, base: str) -> SubjectCard:
        state, label = STATE_WORDS[MeetingState(row.state)]
        return SubjectCard(
            ref=SubjectRef(self.kind, row.pk),
            kind_label=self.label,
            title=row.title,
            url=base.replace("/0/", f"/{row.pk}/"),
            meta=row.unit.name if row.unit is not None else "",
            state=state,
            state_label=label,
        )

    def stations(self, actor: Actor, subject_id: int) -> Sequence[Station]:
        meeting = Meeting.objects.filter(policies.visible_meetings(actor), pk=subject_id).first()
        if meeting is None or meeting.state != MeetingState.CLOSED:
            return ()
        url = reverse("meetings:outcome", args=[actor.org_slug or "-", subject_id])
        return (Station("Outcome", short(meeting.outcome), url),)


class ThemeSubject(SubjectType):
    """A theme of a board."""

    kind = "meetings.theme"
    label = "Theme"
    label_plural = "Themes"

    def cards(self, actor: Actor, ids: Collection[int]) -> Mapping[int, SubjectCard]:
        rows = Theme.objects.filter(policies.visible_themes(actor), pk__in=list(ids)).select_related("meeting")
        base = reverse("meetings:theme", args=[actor.org_slug or "-", 0])
        return {
            row.pk: SubjectCard(
                ref=SubjectRef(self.kind, row.pk),
                kind_label=self.label,
                title=row.title,
                url=base.replace("/0/", f"/{row.pk}/"),
                meta=row.meeting.title,
            )
            for row in rows
        }


class ContributionSubject(SubjectType):
    """What somebody said under their name."""

    kind = "meetings.contribution"
    label = "Voice"
    label_plural = "Voices"

    def cards(self, actor: Actor, ids: Collection[int]) -> Mapping[int, SubjectCard]:
        rows = Contribution.objects.filter(
            policies.visible_contributions(actor), pk__in=list(ids), withdrawn_at=None
        ).select_related("meeting", "author")
        base = reverse("meetings:contribution", args=[actor.org_slug or "-", 0])
        return {
            row.pk: SubjectCard(
                ref=SubjectRef(self.kind, row.pk),
                kind_label=self.label,
                title=short(row.text),
                url=base.replace("/0/", f"/{row.pk}/"),
                meta=f"{row.author.name}, {row.meeting.title}",
            )
            for row in rows
        }


class UnattributedSubject(SubjectType):
    """What somebody said without a name."""

    kind = "meetings.anonymous"
    label = "Voice without a name"
    label_plural = "Voices without a name"

    def cards(self, actor: Actor, ids: Collection[int]) -> Mapping[int, SubjectCard]:
        visible = Meeting.objects.filter(policies.visible_meetings(actor))
        rows = Unattributed.objects.filter(
            number__in=list(ids), meeting__in=visible, is_shown=True, is_withdrawn=False
        ).select_related("meeting")
        base = reverse("meetings:voice", args=[actor.org_slug or "-", 0])
        return {
            row.number: SubjectCard(
                ref=SubjectRef(self.kind, row.number),
                kind_label=self.label,
                title=short(row.text),
                url=base.replace("/0/", f"/{row.number}/"),
                meta=row.meeting.title,
            )
            for row in rows
        }


subject_register(MeetingSubject())
subject_register(ThemeSubject())
subject_register(ContributionSubject())
subject_register(UnattributedSubject())
