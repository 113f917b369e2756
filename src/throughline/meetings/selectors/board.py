"""The board: its columns and cards, and the cursor by which a page knows that something changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.signing import TimestampSigner
from django.db.models import Count, Max
from django.urls import reverse

from throughline.kernel.actor import Actor
from throughline.kernel.verdict import Verdict
from throughline.ledger.models import Event
from throughline.meetings import policies
from throughline.meetings.models import BoardMove, Contribution, Meeting, Theme, Unattributed
from throughline.meetings.rules import LIVE_STATES, CardRef, posting_key
from throughline.meetings.selectors.presence import may_post_count

TICKET_SALT = "throughline.live"


@dataclass(frozen=True, slots=True)
class BoardCard:
    """One card. `author` is "" for an unattributed one, which also has no time."""

    ref: CardRef
    text: str
    url: str
    theme_id: int | None
    author: str = ""
    is_mine: bool = False
    edited_at: datetime | None = None
    version: int = 0

    @property
    def move_value(self) -> str:
        """What a form sends to move this card: itself and where it is."""
        return f"{self.ref}:{self.theme_id or ''}"


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """A theme with its cards; `theme` is None for those not grouped yet."""

    theme: Theme | None
    title: str
    url: str
    cards: tuple[BoardCard, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """A board as one reader sees it now."""

    meeting: Meeting
    columns: tuple[BoardColumn, ...]
    cursor: str
    is_live: bool
    post: Verdict
    group: Verdict
    facilitate: Verdict
    anonymous: Verdict
    answer_url: str
    posting_key: str
    can_undo: bool

    @property
    def card_count(self) -> int:
        return sum(len(column.cards) for column in self.columns)

    @property
    def themes(self) -> list[Theme]:
        return [column.theme for column in self.columns if column.theme is not None]


def board_cursor(meeting: Meeting) -> str:
    """Changes whenever the board does: last event, number of events, unattributed posts shown; two queries."""
    seen = Event.objects.filter(context_kind="meetings.meeting", context_id=meeting.pk).aggregate(
        last=Max("id"), number=Count("id")
    )
    shown = Unattributed.objects.filter(meeting=meeting, is_shown=True, is_withdrawn=False).count()
    return f"{seen['last'] or 0}.{seen['number']}.{shown}"


def live_ticket(actor: Actor, meeting: Meeting) -> str:
    """A short-lived proof that this person may follow this board, for the live stream, which knows no session."""
    return TimestampSigner(salt=TICKET_SALT).sign_object(
        {"org": actor.org_id, "person": actor.person_id, "meeting": meeting.pk}
    )


def board_of(actor: Actor, meeting: Meeting) -> Board:
    """The board of a meeting the caller has fetched as visible; a fixed number of queries."""
    # Before the cards: a change in between is noticed again rather than missed.
    cursor = board_cursor(meeting)
    cards = [*_named_cards(actor, meeting), *_unattributed_cards(actor, meeting)]
    by_theme: dict[int | None, list[BoardCard]] = {}
    for card in cards:
        by_theme.setdefault(card.theme_id, []).append(card)
    themes = list(Theme.objects.filter(meeting=meeting, is_removed=False, merged_into=None).order_by("id"))
    theme_base = reverse("meetings:theme", args=[actor.org_slug, 0])
    columns = [BoardColumn(None, "Not grouped yet", "", tuple(by_theme.get(None, ())))]
    columns += [
        BoardColumn(theme, theme.title, theme_base.replace("/0/", f"/{theme.pk}/"), tuple(by_theme.get(theme.pk, ())))
        for theme in themes
    ]
    anonymous = policies.can_post_anonymously(meeting, may_post=may_post_count(meeting))
    return Board(
        meeting=meeting,
        columns=tuple(columns),
        cursor=cursor,
        is_live=meeting.state in LIVE_STATES,
        post=policies.can_post(actor, meeting),
        group=policies.can_group(actor, meeting),
        facilitate=policies.can_facilitate(actor, meeting),
        anonymous=anonymous,
        answer_url=f"{settings.ANSWER_URL}/b/{meeting.public_id}/",
        posting_key=posting_key(settings.SECRET_KEY, meeting.public_id) if anonymous else "",
        can_undo=_has_moves(actor, meeting),
    )


def _has_moves(actor: Actor, meeting: Meeting) -> bool:
    if actor.person_id is None:
        return False
    return BoardMove.objects.filter(meeting=meeting, person_id=actor.person_id, is_undone=False).exists()


def _named_cards(actor: Actor, meeting: Meeting) -> list[BoardCard]:
    base = reverse("meetings:contribution", args=[actor.org_slug, 0])
    rows = Contribution.objects.filter(meeting=meeting, withdrawn_at=None).select_related("author").order_by("id")
    return [
        BoardCard(
            ref=CardRef("n", row.pk),
            text=row.text,
            url=base.replace("/0/", f"/{row.pk}/"),
            theme_id=row.theme_id,
            author=row.author.name,
            is_mine=row.author_id == actor.person_id,
            edited_at=row.edited_at,
            version=row.version,
        )
        for row in rows
    ]


def _unattributed_cards(actor: Actor, meeting: Meeting) -> list[BoardCard]:
    base = reverse("meetings:voice", args=[actor.org_slug, 0])
    rows = Unattributed.objects.filter(meeting=meeting, is_shown=True, is_withdrawn=False).order_by("key")
    return [
        BoardCard(
            ref=CardRef("a", row.number),
            text=row.text,
            url=base.replace("/0/", f"/{row.number}/"),
            theme_id=row.theme_id,
        )
        for row in rows
    ]
