"""Sizes and connections of the large organisation, as arithmetic: the same for the same number of people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

# Per person: objectives with key results together 2.5, readings 50; see design section 6.
KEY_RESULTS_OF = (1, 2)
READINGS_PER_PERSON = 50
# Every objective below the first ten stands under so many others.
PARENTS = 5
FANOUT = 10
FIRST_NAMES = (
    "Aki",
    "Bea",
    "Cem",
    "Dana",
    "Eli",
    "Fola",
    "Gita",
    "Hugo",
    "Ines",
    "Jomo",
    "Kaya",
    "Liv",
    "Mads",
    "Nour",
)
LAST_NAMES = ("Abara", "Brunn", "Castel", "Dorsey", "Ekholm", "Farkas", "Grau", "Hoshi", "Ivarsen", "Jansky", "Kuusi")
TITLES = ("Engineer", "Designer", "Analyst", "Nurse", "Planner", "Buyer", "Trainer", "Technician")
PLACES = ("Lisbon", "Oslo", "Nairobi", "Lima", "Osaka", "Tartu")
ROOT_NAME = "Meridian Large"


@dataclass(frozen=True, slots=True)
class LargeShape:
    """How much of everything follows from the number of people."""

    people: int

    @property
    def units(self) -> int:
        """All units, the root among them."""
        return max(self.people // 10, 4)

    @property
    def divisions(self) -> int:
        return max(self.units // 1000, 1)

    @property
    def areas(self) -> int:
        return max(self.units // 25, 1)

    @property
    def teams(self) -> int:
        return self.units - 1 - self.divisions - self.areas

    @property
    def objectives(self) -> int:
        return self.people

    @property
    def key_results(self) -> int:
        """One and two in turn."""
        return sum(KEY_RESULTS_OF) * (self.objectives // 2) + (self.objectives % 2) * KEY_RESULTS_OF[0]

    @property
    def readings(self) -> int:
        return READINGS_PER_PERSON * self.people

    def team_of(self, person: int) -> int:
        """The team of the n-th person."""
        return person * self.teams // self.people

    def unit_path(self, team: int) -> tuple[str, ...]:
        """The names from the root down to a team."""
        area = team * self.areas // self.teams
        division = area * self.divisions // self.areas
        return (ROOT_NAME, f"Division {division + 1}", f"Area {area + 1}", f"Team {team + 1}")

    def leads(self, person: int) -> bool:
        """The first person of a team leads it."""
        return person == 0 or self.team_of(person - 1) != self.team_of(person)

    def name_of(self, person: int) -> str:
        first = FIRST_NAMES[person % len(FIRST_NAMES)]
        last = LAST_NAMES[person // len(FIRST_NAMES) % len(LAST_NAMES)]
        return f"{first} {last} {person + 1}"

    def key_results_of(self, objective: int) -> int:
        """How many key results an objective has."""
        return KEY_RESULTS_OF[objective % 2]

    def readings_of(self, key_result: int) -> int:
        """How many readings the n-th key result has; they add up to `readings`."""
        total, count = self.readings, self.key_results
        return (key_result + 1) * total // count - key_result * total // count

    def levels(self) -> list[range]:
        """Objectives by level from the top: ten, a hundred, a thousand, …, the rest."""
        found, start, size = [], 0, FANOUT
        while start < self.objectives:
            size = min(size, self.objectives - start)
            found.append(range(start, start + size))
            start, size = start + size, size * FANOUT
        return found

    def parents_of(self) -> Iterator[tuple[int, tuple[int, ...]]]:
        """Every objective with those above it: neighbours on the level above, so that few ancestors are many paths."""
        above: range | None = None
        for level in self.levels():
            for place, objective in enumerate(level):
                if above is None:
                    yield objective, ()
                    continue
                base = place * len(above) // len(level)
                count = min(PARENTS, len(above))
                yield objective, tuple(above[(base + step) % len(above)] for step in range(count))
            above = level
