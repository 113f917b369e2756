"""What the loader knows while it tells the story, and the script: steps in the order of their moments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from throughline.access.actors import actor_of_person
from throughline.kernel import clock
from throughline.kernel.actor import Actor, system_actor
from throughline.kernel.ids import SubjectRef
from throughline.kernel.scoping import in_org
from throughline.ledger.outbox import outbox_drain
from throughline.shell.demo.calendar import Calendar

if TYPE_CHECKING:
    from throughline.decisions.models import Proposal
    from throughline.goals.models import Cycle, Dependency, Goal
    from throughline.meetings.models import Meeting
    from throughline.people.models import Person, Unit
    from throughline.purpose.models import Statement, Suggestion, Value

Report = Callable[[str, int, int], None]


@dataclass(slots=True)
class Stage:
    """The organisation of the story with what has been made so far, found again by the story's keys."""

    calendar: Calendar
    org_id: int
    slug: str
    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    guest_keys: frozenset[str] = frozenset()
    stakeholder_ids: dict[str, int] = field(default_factory=dict)
    refs: dict[str, SubjectRef] = field(default_factory=dict)
    statements: dict[str, Statement] = field(default_factory=dict)
    values: dict[str, Value] = field(default_factory=dict)
    suggestions: dict[str, Suggestion] = field(default_factory=dict)
    cycles: dict[str, Cycle] = field(default_factory=dict)
    goals: dict[str, Goal] = field(default_factory=dict)
    key_results: dict[tuple[str, int], Goal] = field(default_factory=dict)
    initiatives: dict[tuple[str, str], Goal] = field(default_factory=dict)
    dependencies: dict[tuple[str, int], Dependency] = field(default_factory=dict)
    meetings: dict[str, Meeting] = field(default_factory=dict)
    proposals: dict[str, Proposal] = field(default_factory=dict)
    _actors: dict[int, Actor] = field(default_factory=dict)

    @property
    def system(self) -> Actor:
        return system_actor(self.org_id, self.slug)

    def person_id(self, key: str) -> int:
        """The number of the person with a key."""
        return self.people[key].pk

    def actor(self, key: str) -> Actor:
        """The person with a key, as they may act at the moment of the step."""
        return self.actor_of(self.people[key].pk, is_guest=key in self.guest_keys)

    def actor_of(self, person_id: int, *, is_guest: bool = False) -> Actor:
        """The same by number. Guests are looked up each time: what they may do follows from what was shared."""
        if person_id in self._actors and not is_guest:
            return self._actors[person_id]
        found = actor_of_person(person_id, self.org_id)
        if found is None:
            raise RuntimeError(f"Person {person_id} of the demo has no membership and cannot act.")
        if not found.is_guest:
            self._actors[person_id] = found
        return found

    def actors_forget(self) -> None:
        """Look everybody up again: units or roles have changed."""
        self._actors.clear()


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens at a moment. `settles`: what follows from it must have happened before the next moment."""

    moment: datetime
    run: Callable[[], object]
    settles: bool


@dataclass(slots=True)
class Script:
    """Steps of the whole story; they run in the order of their moments, so the ledger reads like history."""

    stage: Stage
    steps: list[Step] = field(default_factory=list)

    def add(self, days: int, hour: int, run: Callable[[], object], *, minute: int = 0, settles: bool = False) -> None:
        """Let something happen so many days from today."""
        self.steps.append(Step(self.stage.calendar.moment(days, hour, minute), run, settles))

    def play(self, *, report: Report, what: str) -> None:
        """Run every step with the clock at its moment; progress is told step by step."""
        ordered = sorted(self.steps, key=lambda step: step.moment)
        for number, step in enumerate(ordered, start=1):
            with clock.at(step.moment):
                with in_org(self.stage.org_id):
                    step.run()
                is_last_of_moment = number == len(ordered) or ordered[number].moment > step.moment
                if is_last_of_moment and any(other.settles for other in _beside(ordered, number - 1)):
                    outbox_drain()
            report(what, number, len(ordered))


def _beside(ordered: list[Step], place: int) -> list[Step]:
    """The steps of the same moment up to a place."""
    first = place
    while first > 0 and ordered[first - 1].moment == ordered[place].moment:
        first -= 1
    return ordered[first : place + 1]
