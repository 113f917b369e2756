"""What the holder of a receipt sees. There is no actor: the receipt is the right to read."""

from __future__ import annotations

from dataclasses import dataclass

from throughline.kernel.actor import system_actor
from throughline.meetings.models import ReceiptMessage, Unattributed
from throughline.meetings.references import unattributed_ref
from throughline.meetings.rules import LIVE_STATES, STATE_WORDS, MeetingState
from throughline.meetings.selectors.voices import FateShown, fates_shown


@dataclass(frozen=True, slots=True)
class ReceiptShown:
    """One unattributed contribution, for whoever holds its receipt."""

    text: str
    meeting_title: str
    org_name: str
    state_label: str
    theme_title: str
    fate: FateShown
    messages: tuple[str, ...]
    is_shown: bool
    is_withdrawn: bool
    can_edit: bool


def receipt_shown(row: Unattributed) -> ReceiptShown:
    """The page of a receipt, inside the organisation's scope. Titles of what was shaped are shown, nothing behind them."""
    actor = system_actor(row.org_id, row.org.slug)
    ref = unattributed_ref(row.number)
    fate = fates_shown(actor, [ref], theme_of={ref: row.theme_id} if row.theme_id is not None else {})[ref]
    messages = ReceiptMessage.objects.filter(number=row.number).order_by("id").values_list("text", flat=True)
    return ReceiptShown(
        text=row.text,
        meeting_title=row.meeting.title,
        org_name=row.org.name,
        state_label=STATE_WORDS[MeetingState(row.meeting.state)][1],
        theme_title=row.theme.title if row.theme is not None else "",
        fate=fate,
        messages=tuple(messages),
        is_shown=row.is_shown,
        is_withdrawn=row.is_withdrawn,
        can_edit=row.meeting.state in LIVE_STATES and not row.is_withdrawn,
    )
