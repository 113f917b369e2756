"""Changes to meetings, boards, contributions and themes."""

from throughline.meetings.services.answering import (
    contributors_tell,
    theme_or_contribution_answer,
    unattributed_message,
    voices_tell,
)
from throughline.meetings.services.closing import board_reseal, meeting_close, storage_clean
from throughline.meetings.services.contributions import contribution_edit, contribution_post, contribution_withdraw
from throughline.meetings.services.grouping import (
    cards_move,
    theme_create,
    theme_edit,
    theme_remove,
    themes_merge,
)
from throughline.meetings.services.inviting import guest_invite, people_invite, person_uninvite
from throughline.meetings.services.meetings import (
    AgendaDraft,
    agenda_item_start,
    agenda_item_tick,
    agenda_replace,
    meeting_change,
    meeting_move,
    meeting_plan,
)
from throughline.meetings.services.unattributed import (
    Posted,
    board_by_public_id,
    receipt_open,
    unattributed_edit,
    unattributed_post,
    unattributed_withdraw,
)
from throughline.meetings.services.undoing import UndoDone, board_undo

__all__ = [
    "AgendaDraft",
    "Posted",
    "UndoDone",
    "agenda_item_start",
    "agenda_item_tick",
    "agenda_replace",
    "board_by_public_id",
    "board_reseal",
    "board_undo",
    "cards_move",
    "contribution_edit",
    "contribution_post",
    "contribution_withdraw",
    "contributors_tell",
    "guest_invite",
    "meeting_change",
    "meeting_close",
    "meeting_move",
    "meeting_plan",
    "people_invite",
    "person_uninvite",
    "receipt_open",
    "storage_clean",
    "theme_create",
    "theme_edit",
    "theme_or_contribution_answer",
    "theme_remove",
    "themes_merge",
    "unattributed_edit",
    "unattributed_message",
    "unattributed_post",
    "unattributed_withdraw",
    "voices_tell",
]
