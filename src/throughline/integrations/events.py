"""What happens to imports. Subject: the import."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from throughline.integrations.rules import ImportState
from throughline.ledger.events import DomainEvent


@dataclass(frozen=True)
class OkrImportMoved(DomainEvent):
    """An import of goals was uploaded, previewed, started, finished, stopped or dropped."""

    kind: ClassVar[str] = "integrations.okr_import_moved"
    import_id: int
    state: ImportState
    new_count: int = 0
    changed_count: int = 0
