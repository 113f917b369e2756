"""Grouping cards into themes. Every move says where the mover saw the card; a card that has moved on refuses."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from throughline.kernel.actor import Actor
from throughline.kernel.clock import now
from throughline.kernel.errors import Conflict, Invalid
from throughline.ledger.models import Relation
from throughline.ledger.services import event_record, link_create, link_remove, search_index, search_remove
from throughline.meetings import policies
from throughline.meetings.events import CardsGrouped, ThemeChanged, ThemeCreated, ThemeRemoved, ThemesMerged
from throughline.meetings.models import Contribution, Meeting, Theme, Unattributed
from throughline.meetings.references import contribution_ref, meeting_ref, theme_ref
from throughline.meetings.rules import MAX_TEXT, MAX_TITLE, CardMove, CardRef
from throughline.meetings.services.board_steps import PutCard, Remerge, RemoveTheme, Retitle, move_record


@transaction.atomic
def cards_move(*, actor: Actor, meeting: Meeting, moves: Sequence[CardMove], to_theme_id: int | None) -> int:
    """Put cards into a theme, or out of any (None). All of them, or none when one is not where it was seen."""
    policies.can_group(actor, meeting).require()
    if not moves:
        raise Invalid({"card": "Choose at least one card first."})
    if to_theme_id is not None:
        theme_on_board(meeting, to_theme_id)
    wanted = [move for move in moves if move.seen_in != to_theme_id]
    for move in wanted:
        if not card_put(actor, meeting, move.card, seen_in=move.seen_in, to=to_theme_id):
            raise Conflict(_moved_on(meeting, move.card))
    if wanted:
        _moved_event(actor, meeting, [move.card for move in wanted], to_theme_id)
        move_record(actor, meeting, [PutCard(move.card, to_theme_id, move.seen_in) for move in wanted])
    return len(wanted)


def card_put(actor: Actor, meeting: Meeting, card: CardRef, *, seen_in: int | None, to: int | None) -> bool:
    """Move one card if it is where it is expected to be; the link to its theme follows. Answers whether it was there."""
    if not card.is_named:
        # No link while the board is open: links have an order. They are made at the close, in key order.
        return bool(
            Unattributed.objects.filter(
                meeting=meeting, number=card.number, theme=seen_in, is_shown=True, is_withdrawn=False
            ).update(theme_id=to)
        )
    changed = Contribution.objects.filter(meeting=meeting, pk=card.number, theme=seen_in, withdrawn_at=None).update(
        theme_id=to
    )
    if not changed:
        return False
    earlier = contribution_ref(card.number)
    if seen_in is not None:
        link_remove(actor=actor, later=theme_ref(seen_in), relation=Relation.DERIVED_FROM, earlier=earlier)
    if to is not None:
        link_create(actor=actor, later=theme_ref(to), relation=Relation.DERIVED_FROM, earlier=earlier)
    return True


def _moved_on(meeting: Meeting, card: CardRef) -> str:
    if not card.is_named:
        return "A card is no longer where you saw it, so nothing was moved. The board shows where it is now."
    row = Contribution.objects.filter(meeting=meeting, pk=card.number).select_related("theme").first()
    if row is None or row.withdrawn_at is not None:
        return "A contribution was withdrawn in the meantime, so nothing was moved. The board shows what is there now."
    place = f"in “{row.theme.title}”" if row.theme is not None else "not in any theme"
    words = row.text if len(row.text) <= 60 else f"{row.text[:57].rstrip()}…"
    return f"Somebody moved “{words}” in the meantime: it is {place} now. Nothing was moved; choose again."


def theme_on_board(meeting: Meeting, theme_id: int) -> Theme:
    """A theme of this board that is still on it, locked for the transaction; raises `Conflict` otherwise."""
    theme = Theme.objects.select_for_update().filter(meeting=meeting, pk=theme_id).first()
    if theme is None or theme.is_removed or theme.merged_into_id is not None:
        raise Conflict("This theme is no longer on the board: somebody merged or removed it. Choose another one.")
    return theme


def _moved_event(actor: Actor, meeting: Meeting, cards: Sequence[CardRef], to: int | None) -> None:
    named = tuple(sorted(card.number for card in cards if card.is_named))
    event_record(
        actor,
        CardsGrouped(to_theme_id=to, contribution_ids=named, unattributed_count=len(cards) - len(named)),
        subject=theme_ref(to) if to is not None else meeting_ref(meeting.pk),
        context=meeting_ref(meeting.pk),
    )


def _title(title: str) -> str:
    trimmed = " ".join(title.split())
    if not trimmed:
        raise Invalid({"title": "Give the theme a name: what do its contributions have in common?"})
    if len(trimmed) > MAX_TITLE:
        raise Invalid({"title": f"Keep the name within {MAX_TITLE} characters."})
    return trimmed


@transaction.atomic
def theme_create(*, actor: Actor, meeting: Meeting, title: str, moves: Sequence[CardMove] = ()) -> Theme:
    """Begin a theme, with cards when some are given: out of no theme, or split off another one."""
    policies.can_group(actor, meeting).require()
    theme = Theme.objects.create(
        org_id=actor.org_id, meeting=meeting, title=_title(title), created_by_id=actor.person_id, created_at=now()
    )
    event_record(
        actor, ThemeCreated(meeting_id=meeting.pk), subject=theme_ref(theme.pk), context=meeting_ref(meeting.pk)
    )
    for move in moves:
        if not card_put(actor, meeting, move.card, seen_in=move.seen_in, to=theme.pk):
            raise Conflict(_moved_on(meeting, move.card))
    if moves:
        _moved_event(actor, meeting, [move.card for move in moves], theme.pk)
    back = [PutCard(move.card, theme.pk, move.seen_in) for move in moves]
    move_record(actor, meeting, [*back, RemoveTheme(theme.pk)])
    theme_index(actor, theme)
    return theme


@transaction.atomic
def theme_edit(*, actor: Actor, theme: Theme, title: str, summary: str | None = None, version: int) -> Theme:
    """Rename a theme or say what it comes to; `version` is the one the form was made from."""
    policies.can_group(actor, theme.meeting).require()
    words = theme.summary if summary is None else summary.strip()
    if len(words) > MAX_TEXT:
        raise Invalid({"summary": f"Keep the summary within {MAX_TEXT:,} characters."})
    current = theme_on_board(theme.meeting, theme.pk)
    changed = Theme.objects.filter(pk=theme.pk, version=version).update(
        title=_title(title), summary=words, version=version + 1
    )
    if not changed:
        raise Conflict(f"Somebody renamed or described this theme in the meantime: it is “{current.title}” now.")
    before = current.title
    theme.refresh_from_db()
    _theme_event(actor, theme)
    if before != theme.title:
        move_record(actor, theme.meeting, [Retitle(theme.pk, theme.title, before)])
    theme_index(actor, theme)
    return theme


def _theme_event(actor: Actor, theme: Theme) -> None:
    event_record(
        actor,
        ThemeChanged(version=theme.version),
        subject=theme_ref(theme.pk),
        context=meeting_ref(theme.meeting_id),
    )


@transaction.atomic
def themes_merge(*, actor: Actor, theme: Theme, into: Theme) -> Theme:
    """Put all cards of one theme into another and take the empty one off the board."""
    policies.can_group(actor, theme.meeting).require()
    if theme.pk == into.pk or theme.meeting_id != into.meeting_id:
        raise Invalid({"into": "Choose another theme of the same board."})
    meeting = theme.meeting
    theme_on_board(meeting, theme.pk)
    theme_on_board(meeting, into.pk)
    cards = cards_in(theme)
    for card in cards:
        card_put(actor, meeting, card, seen_in=theme.pk, to=into.pk)
    Theme.objects.filter(pk=theme.pk).update(merged_into=into)
    event_record(
        actor, ThemesMerged(into_theme_id=into.pk), subject=theme_ref(theme.pk), context=meeting_ref(meeting.pk)
    )
    move_record(actor, meeting, [Remerge(theme.pk, into.pk), *(PutCard(card, into.pk, theme.pk) for card in cards)])
    search_remove(actor=actor, ref=theme_ref(theme.pk))
    return into


@transaction.atomic
def theme_remove(*, actor: Actor, theme: Theme) -> None:
    """Take a theme off the board; its cards are ungrouped again."""
    policies.can_group(actor, theme.meeting).require()
    meeting = theme.meeting
    theme_on_board(meeting, theme.pk)
    cards = cards_in(theme)
    for card in cards:
        card_put(actor, meeting, card, seen_in=theme.pk, to=None)
    Theme.objects.filter(pk=theme.pk).update(is_removed=True)
    event_record(
        actor, ThemeRemoved(meeting_id=meeting.pk), subject=theme_ref(theme.pk), context=meeting_ref(meeting.pk)
    )
    move_record(actor, meeting, [Remerge(theme.pk, None), *(PutCard(card, None, theme.pk) for card in cards)])
    search_remove(actor=actor, ref=theme_ref(theme.pk))


def cards_in(theme: Theme) -> list[CardRef]:
    """The cards of a theme; unattributed ones by number, which is random."""
    named = Contribution.objects.filter(theme=theme).order_by("pk").values_list("pk", flat=True)
    other = Unattributed.objects.filter(theme=theme).order_by("number").values_list("number", flat=True)
    return [*(CardRef("n", pk) for pk in named), *(CardRef("a", number) for number in other)]


def theme_index(actor: Actor, theme: Theme) -> None:
    """Make a theme findable by its name and summary."""
    search_index(actor=actor, ref=theme_ref(theme.pk), title=theme.title, body=theme.summary)
