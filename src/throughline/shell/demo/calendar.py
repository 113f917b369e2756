"""The days of the story, counted from the day it is loaded, so that the current cycle is always in its middle."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

CYCLE_WEEKS = 16
# Whole weeks of the current cycle that are over; with the days of this week, half of it.
WEEKS_GONE = 8
FOUNDED_DAYS_AGO = 900
_SEASONS = {12: "Winter", 1: "Winter", 2: "Winter", 3: "Spring", 4: "Spring", 5: "Spring", 6: "Summer", 7: "Summer",
            8: "Summer", 9: "Autumn", 10: "Autumn", 11: "Autumn"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Calendar:
    """Turns "so many days ago" into dates and moments."""

    today: date

    def day(self, days: int) -> date:
        """The date so many days from today; negative for the past."""
        return self.today + timedelta(days=days)

    def moment(self, days: int, hour: int = 9, minute: int = 0) -> datetime:
        """A moment of that day, in UTC."""
        return datetime.combine(self.day(days), time(hour, minute), tzinfo=UTC)

    @property
    def starts(self) -> int:
        """The first day of the current cycle, as days from today; a Monday."""
        return -self.today.weekday() - 7 * WEEKS_GONE

    @property
    def ends(self) -> int:
        """The last day of the current cycle; a Sunday."""
        return self.starts + 7 * CYCLE_WEEKS - 1

    @property
    def earlier_starts(self) -> int:
        """The first day of the finished cycle; two weeks lie between its end and the current one."""
        return self.starts - 7 * (CYCLE_WEEKS + 2)

    @property
    def earlier_ends(self) -> int:
        """The last day of the finished cycle."""
        return self.earlier_starts + 7 * CYCLE_WEEKS - 1

    def cycle_name(self, starts: int) -> str:
        """“Autumn cycle 2026”, by the middle of the cycle."""
        middle = self.day(starts + 7 * CYCLE_WEEKS // 2)
        year = middle.year + 1 if middle.month == 12 else middle.year
        return f"{_SEASONS[middle.month]} cycle {year}"
