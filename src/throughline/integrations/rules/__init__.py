"""What an import of goals goes through, and what it finds: pure, no database."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class ImportState(StrEnum):
    """How far an import is. `PREVIEWING` and `RUNNING` are a background task's."""

    UPLOADED = "uploaded"
    PREVIEWING = "previewing"
    PREVIEWED = "previewed"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    DISCARDED = "discarded"


STATE_LABELS: Mapping[ImportState, str] = {
    ImportState.UPLOADED: "uploaded",
    ImportState.PREVIEWING: "being read",
    ImportState.PREVIEWED: "ready to import",
    ImportState.RUNNING: "being imported",
    ImportState.DONE: "done",
    ImportState.FAILED: "stopped",
    ImportState.DISCARDED: "dropped",
}
# Where the files, cycles, units and people can still be chosen.
MAPPABLE = frozenset({ImportState.UPLOADED, ImportState.PREVIEWED, ImportState.FAILED})
STARTABLE = frozenset({ImportState.PREVIEWED, ImportState.FAILED})


class FindingKind(StrEnum):
    """One line of a preview or result."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    # A line of a file that no reader understood.
    UNREAD = "unread"
    # A goal or check-in that was understood and still cannot be taken.
    REFUSED = "refused"
    # Kept, but not as a field of its own; or something about a whole file.
    NOTE = "note"


GOAL_FINDINGS = (FindingKind.NEW, FindingKind.CHANGED, FindingKind.UNCHANGED)
TROUBLE_FINDINGS = (FindingKind.UNREAD, FindingKind.REFUSED)
