"""What happened in notify. Reading and preferences are private and leave no event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from throughline.ledger.events import DomainEvent


@dataclass(frozen=True)
class MailServerChanged(DomainEvent):
    kind: ClassVar[str] = "notify.mail_server_changed"


@dataclass(frozen=True)
class MailServerRemoved(DomainEvent):
    kind: ClassVar[str] = "notify.mail_server_removed"
