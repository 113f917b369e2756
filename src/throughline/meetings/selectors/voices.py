"""Contributions and themes with what became of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from throughline.kernel.actor import Actor
from throughline.kernel.errors import NotFound
from throughline.kernel.ids import SubjectRef
from throughline.kernel.paging import page_of
from throughline.ledger.rules import FateKind
from throughline.ledger.selectors import Fate, fates_of
from throughline.ledger.subjects import SubjectCard, subject_cards
from throughline.meetings import policies
from throughline.meetings.models import Contribution, Meeting, Theme, Unattributed
from throughline.meetings.references import contribution_ref, theme_ref, unattributed_ref

FATE_WORDS = {
    FateKind.SHAPED: ("good", "Shaped something"),
    FateKind.ANSWERED: ("good", "Answered"),
    FateKind.NOT_TAKEN_UP: ("warn", "Not taken up"),
    FateKind.WAITING: ("wait", "Waiting for an answer"),
}


@dataclass(frozen=True, slots=True)
class FateShown:
    """A fate as a page shows it: a tone, words, the reason and who gave it, what was shaped, and through which theme."""

    kind: FateKind
    state: str
    label: str
    reason: str = ""
    by: str = ""
    shaped: tuple[SubjectCard, ...] = ()
    hidden_count: int = 0
    via: SubjectCard | None = None


@dataclass(frozen=True, slots=True)
class VoiceShown:
    """One contribution in a list, named or not."""

    ref: SubjectRef
    text: str
    url: str
    author: str
    meeting_title: str
    meeting_url: str
    created_at: datetime | None
    theme_title: str
    fate: FateShown


def contribution_for(actor: Actor, contribution_id: int) -> Contribution:
    """A contribution the actor may see; one query."""
    row = (
        Contribution.objects.filter(policies.visible_contributions(actor), pk=contribution_id)
        .select_related("meeting", "meeting__unit", "author", "theme")
        .first()
    )
    if row is None:
        raise NotFound()
    return row


def unattributed_for(actor: Actor, number: int) -> Unattributed:
    """An unattributed contribution that is shown, of a meeting the actor may see; one query."""
    meetings = Meeting.objects.filter(policies.visible_meetings(actor))
    row = (
        Unattributed.objects.filter(number=number, is_shown=True, is_withdrawn=False, meeting__in=meetings)
        .select_related("meeting", "meeting__unit", "theme")
        .first()
    )
    if row is None:
        raise NotFound()
    return row


def theme_for(actor: Actor, theme_id: int) -> Theme:
    """A theme the actor may see; one query."""
    theme = (
        Theme.objects.filter(policies.visible_themes(actor), pk=theme_id)
        .select_related("meeting", "meeting__unit", "merged_into")
        .first()
    )
    if theme is None:
        raise NotFound()
    return theme


def fates_shown(
    actor: Actor, refs: Collection[SubjectRef], *, theme_of: dict[SubjectRef, int] | None = None
) -> dict[SubjectRef, FateShown]:
    """Fates with names and cards, in a fixed number of queries. `theme_of` gives the theme of posts not yet linked."""
    beside = theme_of or {}
    themes = {ref: theme_ref(number) for ref, number in beside.items()}
    fates = fates_of(actor, [*refs, *themes.values()])
    for ref, theme in themes.items():
        passed = fates[theme]
        if fates[ref].kind is FateKind.WAITING and passed.kind is not FateKind.WAITING:
            fates[ref] = Fate(passed.kind, passed.shaped, passed.reason, passed.by_person_id, theme)
    wanted = {ref: fates[ref] for ref in refs}
    cards = subject_cards(actor, _mentioned(wanted.values()))
    return {ref: _shown(fate, cards) for ref, fate in wanted.items()}


def _mentioned(fates: Iterable[Fate]) -> set[SubjectRef]:
    found: set[SubjectRef] = set()
    for fate in fates:
        found.update(fate.shaped)
        if fate.via is not None:
            found.add(fate.via)
        if fate.by_person_id is not None:
            found.add(SubjectRef("people.person", fate.by_person_id))
    return found


def _shown(fate: Fate, cards: dict[SubjectRef, SubjectCard]) -> FateShown:
    state, label = FATE_WORDS[fate.kind]
    by = cards.get(SubjectRef("people.person", fate.by_person_id)) if fate.by_person_id is not None else None
    shaped = tuple(cards[ref] for ref in fate.shaped if ref in cards)
    return FateShown(
        kind=fate.kind,
        state=state,
        label=label,
        reason=fate.reason,
        by=by.title if by is not None else "",
        shaped=shaped,
        hidden_count=len(fate.shaped) - len(shaped),
        via=cards.get(fate.via) if fate.via is not None else None,
    )


@dataclass(frozen=True, slots=True)
class VoicesPage:
    """Some contributions and the cursors of the neighbouring pages."""

    rows: list[VoiceShown]
    next_cursor: str
    previous_cursor: str


def my_voices(actor: Actor, *, cursor: str = "", size: int = 30) -> VoicesPage:
    """What the actor said under their name, newest first, with what became of it. Anonymous posts are not known here."""
    mine = Contribution.objects.filter(author_id=actor.person_id, withdrawn_at=None)
    page = page_of(mine.select_related("meeting", "author", "theme"), order=("-id",), cursor=cursor, size=size)
    return VoicesPage(voices_shown(actor, page.rows, []), page.next_cursor, page.previous_cursor)


def theme_voices(actor: Actor, theme: Theme) -> list[VoiceShown]:
    """All contributions of a theme the caller has fetched as visible."""
    named = Contribution.objects.filter(theme=theme).select_related("meeting", "author", "theme").order_by("id")
    other = Unattributed.objects.filter(theme=theme, is_shown=True, is_withdrawn=False).select_related(
        "meeting", "theme"
    )
    return voices_shown(actor, list(named), list(other.order_by("key")))


def voices_shown(actor: Actor, named: list[Contribution], other: list[Unattributed]) -> list[VoiceShown]:
    """Rows of both kinds with their fates; the links of a page are built once."""
    slug = actor.org_slug
    meeting_base = reverse("meetings:meeting", args=[slug, 0])
    named_base = reverse("meetings:contribution", args=[slug, 0])
    other_base = reverse("meetings:voice", args=[slug, 0])
    refs = [contribution_ref(row.pk) for row in named]
    waiting = {unattributed_ref(row.number): row.theme_id for row in other}
    fates = fates_shown(
        actor, [*refs, *waiting], theme_of={ref: theme for ref, theme in waiting.items() if theme is not None}
    )
    shown = [
        VoiceShown(
            ref=contribution_ref(row.pk),
            text=row.text,
            url=named_base.replace("/0/", f"/{row.pk}/"),
            author=row.author.name,
            meeting_title=row.meeting.title,
            meeting_url=meeting_base.replace("/0/", f"/{row.meeting_id}/"),
            created_at=row.created_at,
            theme_title=row.theme.title if row.theme is not None else "",
            fate=fates[contribution_ref(row.pk)],
        )
        for row in named
    ]
    shown += [
        VoiceShown(
            ref=unattributed_ref(row.number),
            text=row.text,
            url=other_base.replace("/0/", f"/{row.number}/"),
            author="",
            meeting_title=row.meeting.title,
            meeting_url=meeting_base.replace("/0/", f"/{row.meeting_id}/"),
            created_at=None,
            theme_title=row.theme.title if row.theme is not None else "",
            fate=fates[unattributed_ref(row.number)],
        )
        for row in other
    ]
    return shown


def themes_of_meetings(actor: Actor, meeting_ids: Collection[int]) -> list[Theme]:
    """Themes still on the boards of these meetings, as far as the actor may see them: what goals can be prompted by."""
    return list(
        Theme.objects.filter(
            policies.visible_themes(actor), meeting_id__in=list(meeting_ids), is_removed=False, merged_into=None
        ).order_by("meeting_id", "id")
    )


def voice_refs_of(actor: Actor, meeting_ids: Collection[int]) -> list[SubjectRef]:
    """Every contribution of these meetings that was not withdrawn: over what the share with a visible fate is taken."""
    visible = Meeting.objects.filter(policies.visible_meetings(actor), pk__in=list(meeting_ids))
    named = Contribution.objects.filter(meeting__in=visible, withdrawn_at=None).order_by("pk")
    other = Unattributed.objects.filter(meeting__in=visible, is_withdrawn=False, is_shown=True).order_by("number")
    return [
        *(contribution_ref(pk) for pk in named.values_list("pk", flat=True)),
        *(unattributed_ref(number) for number in other.values_list("number", flat=True)),
    ]
