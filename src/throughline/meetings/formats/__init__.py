"""Meeting formats: one file each, found by the registry. A format is a ready agenda that can be changed afterwards."""

from __future__ import annotations

from dataclasses import dataclass

from throughline.kernel.registry import Registry


@dataclass(frozen=True, slots=True)
class AgendaLine:
    """One item of a format's agenda. `activity` is board, grouping, discussion or outcome."""

    title: str
    minutes: int
    activity: str
    facilitator_note: str = ""


@dataclass(frozen=True, slots=True)
class MeetingFormat:
    """A kind of meeting: what it is for, how it runs, and what helps whoever runs it."""

    key: str
    title: str
    what_for: str
    question: str
    agenda: tuple[AgendaLine, ...]
    facilitator_notes: tuple[str, ...]

    @property
    def minutes(self) -> int:
        return sum(line.minutes for line in self.agenda)


FORMATS: Registry[MeetingFormat] = Registry("throughline.meetings.formats", noun="meeting format")
