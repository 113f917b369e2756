"""Taking back one's own last move on a board."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from throughline.kernel.actor import Actor
from throughline.kernel.errors import Conflict
from throughline.ledger.services import event_record, search_remove
from throughline.meetings import policies
from throughline.meetings.events import MoveUndone
from throughline.meetings.models import BoardMove, Meeting, Theme
from throughline.meetings.references import meeting_ref, theme_ref
from throughline.meetings.services.board_steps import PutCard, Remerge, RemoveTheme, Retitle, Step, step_read
from throughline.meetings.services.grouping import card_put, cards_in, theme_index


@dataclass(frozen=True, slots=True)
class UndoDone:
    """How many steps were taken back, and how many were left because somebody else has changed the same since."""

    done: int
    skipped: int


@transaction.atomic
def board_undo(*, actor: Actor, meeting: Meeting) -> UndoDone:
    """Take back the actor's own last move, as far as nobody else has touched it since."""
    policies.can_group(actor, meeting).require()
    move = (
        BoardMove.objects.select_for_update()
        .filter(meeting=meeting, person_id=policies.person_id_of(actor), is_undone=False)
        .order_by("-id")
        .first()
    )
    if move is None:
        raise Conflict("There is nothing of yours to undo on this board.")
    results = [_taken_back(actor, meeting, step_read(stored)) for stored in move.inverse]
    move.is_undone = True
    move.save(update_fields=["is_undone"])
    outcome = UndoDone(done=results.count(True), skipped=results.count(False))
    event_record(
        actor,
        MoveUndone(done_count=outcome.done, skipped_count=outcome.skipped),
        subject=meeting_ref(meeting.pk),
        context=meeting_ref(meeting.pk),
    )
    return outcome


def _taken_back(actor: Actor, meeting: Meeting, step: Step) -> bool:
    match step:
        case PutCard(card, seen_in, to):
            if to is not None and not _is_on_board(meeting, to):
                return False
            return card_put(actor, meeting, card, seen_in=seen_in, to=to)
        case Retitle(theme_id, seen, to_title):
            return _retitled(actor, meeting, theme_id, seen=seen, to=to_title)
        case RemoveTheme(theme_id):
            return _removed(actor, meeting, theme_id)
        case Remerge(theme_id, into):
            return _restored(actor, meeting, theme_id, into=into)


def _is_on_board(meeting: Meeting, theme_id: int) -> bool:
    return Theme.objects.filter(meeting=meeting, pk=theme_id, is_removed=False, merged_into=None).exists()


def _retitled(actor: Actor, meeting: Meeting, theme_id: int, *, seen: str, to: str) -> bool:
    theme = Theme.objects.filter(meeting=meeting, pk=theme_id, title=seen, is_removed=False).first()
    if theme is None:
        return False
    theme.title = to
    theme.version += 1
    theme.save(update_fields=["title", "version"])
    theme_index(actor, theme)
    return True


def _removed(actor: Actor, meeting: Meeting, theme_id: int) -> bool:
    theme = Theme.objects.filter(meeting=meeting, pk=theme_id, is_removed=False, merged_into=None).first()
    if theme is None or cards_in(theme):
        return False
    Theme.objects.filter(pk=theme_id).update(is_removed=True)
    search_remove(actor=actor, ref=theme_ref(theme_id))
    return True


def _restored(actor: Actor, meeting: Meeting, theme_id: int, *, into: int | None) -> bool:
    gone = Theme.objects.filter(meeting=meeting, pk=theme_id)
    gone = gone.filter(is_removed=True) if into is None else gone.filter(merged_into_id=into)
    if not gone.update(is_removed=False, merged_into=None):
        return False
    theme_index(actor, Theme.objects.get(pk=theme_id))
    return True
