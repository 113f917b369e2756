"""Reads about meetings; the actor first."""

from throughline.meetings.selectors.board import Board, BoardCard, BoardColumn, board_cursor, board_of, live_ticket
from throughline.meetings.selectors.meetings import (
    MeetingPage,
    MeetingRow,
    agenda_item_for,
    meeting_for,
    meeting_page,
    meetings_list,
    outcome_of,
)
from throughline.meetings.selectors.presence import (
    may_post_count,
    named_contributor_ids,
    not_heard_ids,
    people_named,
    people_present,
)
from throughline.meetings.selectors.receipts import ReceiptShown, receipt_shown
from throughline.meetings.selectors.voices import (
    FateShown,
    VoiceShown,
    contribution_for,
    fates_shown,
    my_voices,
    theme_for,
    theme_voices,
    themes_of_meetings,
    unattributed_for,
    voice_refs_of,
)

__all__ = [
    "Board",
    "BoardCard",
    "BoardColumn",
    "FateShown",
    "MeetingPage",
    "MeetingRow",
    "ReceiptShown",
    "VoiceShown",
    "agenda_item_for",
    "board_cursor",
    "board_of",
    "contribution_for",
    "fates_shown",
    "live_ticket",
    "may_post_count",
    "meeting_for",
    "meeting_page",
    "meetings_list",
    "my_voices",
    "named_contributor_ids",
    "not_heard_ids",
    "outcome_of",
    "people_named",
    "people_present",
    "receipt_shown",
    "theme_for",
    "theme_voices",
    "themes_of_meetings",
    "unattributed_for",
    "voice_refs_of",
]
