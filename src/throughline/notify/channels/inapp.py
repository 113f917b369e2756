"""The inbox inside the product."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from throughline.notify.channels import Address, Telling
from throughline.notify.rules import GROUPS, NOW, OFF


class InAppChannel:
    """Keeps everything; switched off for a group, its notifications arrive as read already."""

    key = "inapp"
    label = "Inbox"
    paces: tuple[str, ...] = (NOW, OFF)
    default_paces: Mapping[str, str] = dict.fromkeys(GROUPS, NOW)
    is_kept = True

    def is_ready(self) -> bool:
        return True

    def deliver(self, to: Address, tellings: Sequence[Telling], *, is_digest: bool) -> None:
        """Nothing to do: the notification's row is the delivery."""


ENTRY = InAppChannel()
