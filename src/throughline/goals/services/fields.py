"""What a form, the API or an import says about a goal, checked in one place with a sentence per field."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from throughline.goals.models import Cycle, Goal, StrategicTheme
from throughline.goals.rules import (
    CADENCE_DAYS,
    GoalLevel,
    Measure,
    Visibility,
    term_problems,
    weight_problem,
)
from throughline.kernel.actor import Actor
from throughline.kernel.errors import Invalid
from throughline.kernel.ids import SubjectRef
from throughline.ledger.subjects import subject_cards, subject_kinds

TITLE_LENGTH, DESCRIPTION_LENGTH = 300, 8000
# What a goal may serve: a purpose statement, a value, a policy.
SERVED_KINDS = frozenset({"purpose.statement", "purpose.value", "purpose.policy"})
LARGEST_NUMBER = 1e15


@dataclass(frozen=True, slots=True)
class GoalFields:
    """An objective as somebody wants it. `visibility` "" means the usual one of the level."""

    title: str
    description: str = ""
    level: str = "unit"
    unit_id: int | None = None
    owner_id: int | None = None
    co_owner_ids: Collection[int] = ()
    cycle_id: int | None = None
    theme_id: int | None = None
    serves: SubjectRef | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    cadence: str = ""
    visibility: str = ""
    metric_key: str = ""
    metric_unit: str = ""
    weight: float = 1.0

    @property
    def shown_to(self) -> str:
        """The visibility meant: a person's goal is its team's unless shared wider."""
        if self.visibility:
            return self.visibility
        return Visibility.TEAM if self.level == GoalLevel.PERSON else Visibility.OPEN


@dataclass(frozen=True, slots=True)
class MilestoneTerms:
    """One milestone of a key result; with the `id` of an existing one that one is changed."""

    title: str
    weight: float = 1.0
    due_on: date | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class KeyResultTerms:
    """A key result as somebody wants it."""

    title: str
    measure: str = "increase_to"
    baseline: float | None = None
    target: float | None = None
    low: float | None = None
    high: float | None = None
    metric_key: str = ""
    metric_unit: str = ""
    weight: float = 1.0
    owner_id: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    cadence: str = ""
    description: str = ""
    milestones: tuple[MilestoneTerms, ...] = ()


def text_problems(*, title: str, description: str) -> dict[str, str]:
    """What is wrong with a title and a description."""
    problems: dict[str, str] = {}
    if not title.strip():
        problems["title"] = "Say in one sentence what should be different."
    elif len(title.strip()) > TITLE_LENGTH:
        problems["title"] = f"Shorten the title to {TITLE_LENGTH} characters; the description has room for the rest."
    if len(description) > DESCRIPTION_LENGTH:
        problems["description"] = f"Shorten the description to {DESCRIPTION_LENGTH} characters."
    return problems


def plain_problems(fields: GoalFields) -> dict[str, str]:
    """What is wrong with the fields by themselves, without looking anything up."""
    problems = text_problems(title=fields.title, description=fields.description)
    if fields.level not in set(GoalLevel):
        problems["level"] = "Choose whose goal it is: the organisation's, a unit's or a person's."
    if fields.level == GoalLevel.UNIT and fields.unit_id is None:
        problems["unit_id"] = "Choose the unit whose goal it is."
    if fields.level == GoalLevel.PERSON and fields.owner_id is None:
        problems["owner_id"] = "Choose the person whose goal it is."
    if fields.visibility and fields.visibility not in set(Visibility):
        problems["visibility"] = "Choose open to everybody, or the team only."
    if fields.cadence and fields.cadence not in CADENCE_DAYS:
        problems["cadence"] = "Choose weekly, every two weeks or monthly."
    if fields.starts_on is not None and fields.ends_on is not None and fields.ends_on < fields.starts_on:
        problems["ends_on"] = "The last day must not be before the first."
    if weight_problem(fields.weight):
        problems["weight"] = weight_problem(fields.weight)
    if fields.metric_unit and not fields.metric_key:
        problems["metric_key"] = "Name the metric that is counted in this unit, or leave both empty."
    if len(fields.metric_key) > 80 or len(fields.metric_unit) > 40:
        problems["metric_key"] = "Keep the metric below 80 and its unit below 40 characters."
    return problems


def fields_checked(actor: Actor, fields: GoalFields, *, goal: Goal | None = None) -> None:
    """Raise Invalid with a sentence per field that cannot be taken; at most eight queries."""
    problems = plain_problems(fields)
    problems |= _missing_refs(actor, fields)
    if fields.cycle_id is not None and (goal is None or goal.cycle_id != fields.cycle_id):
        cycle = Cycle.objects.filter(pk=fields.cycle_id).first()
        if cycle is None:
            problems["cycle_id"] = "Choose one of the organisation's cycles."
        elif cycle.state == "closed":
            problems["cycle_id"] = f"“{cycle.name}” is closed; choose one that is planned or running."
    theme_id = fields.theme_id
    if (
        theme_id is not None
        and (goal is None or goal.theme_id != theme_id)
        and not StrategicTheme.objects.filter(pk=theme_id, dropped_on=None).exists()
    ):
        problems["theme_id"] = "Choose one of the strategic themes in force."
    if problems:
        raise Invalid(problems)


def _missing_refs(actor: Actor, fields: GoalFields) -> dict[str, str]:
    """References to things of other apps that do not exist, or that the actor cannot see."""
    persons = {*fields.co_owner_ids, *([fields.owner_id] if fields.owner_id is not None else [])}
    wanted = {SubjectRef("people.person", number) for number in persons}
    if fields.unit_id is not None:
        wanted.add(SubjectRef("people.unit", fields.unit_id))
    if fields.serves is not None:
        wanted.add(fields.serves)
    known_kinds = set(subject_kinds())
    found = subject_cards(actor, wanted)
    missing = {ref for ref in wanted if ref not in found and ref.kind in known_kinds}
    problems: dict[str, str] = {}
    for ref in missing:
        if ref.kind == "people.unit":
            problems["unit_id"] = "Choose a unit of the organisation."
        elif ref.id == fields.owner_id and ref.kind == "people.person":
            problems["owner_id"] = "Choose a person of the organisation."
        elif ref.kind == "people.person":
            problems["co_owner_ids"] = "Choose people of the organisation."
        else:
            problems["serves"] = "Choose a purpose statement, value or policy that you can open."
    if fields.serves is not None and fields.serves.kind not in SERVED_KINDS:
        problems["serves"] = "A goal serves a purpose statement, a value or a policy."
    return problems


def terms_checked(actor: Actor, terms: KeyResultTerms) -> None:
    """Raise Invalid with a sentence per field of a key result that cannot be taken."""
    problems = terms_problems(terms) | owner_problems(actor, terms.owner_id)
    if problems:
        raise Invalid(problems)


def owner_problems(actor: Actor, owner_id: int | None) -> dict[str, str]:
    """What is wrong with the owner of a part."""
    if owner_id is None:
        return {}
    person = SubjectRef("people.person", owner_id)
    if "people.person" in subject_kinds() and person not in subject_cards(actor, [person]):
        return {"owner_id": "Choose a person of the organisation."}
    return {}


def terms_problems(terms: KeyResultTerms) -> dict[str, str]:
    """The same without looking anything up, for imports."""
    problems = text_problems(title=terms.title, description=terms.description)
    problems |= term_problems(
        measure=terms.measure, baseline=terms.baseline, target=terms.target, low=terms.low, high=terms.high
    )
    for name in ("baseline", "target", "low", "high"):
        number = getattr(terms, name)
        if number is not None and not (math.isfinite(number) and abs(number) <= LARGEST_NUMBER):
            problems[name] = "Give an ordinary number."
    if weight_problem(terms.weight):
        problems["weight"] = weight_problem(terms.weight)
    if terms.cadence and terms.cadence not in CADENCE_DAYS:
        problems["cadence"] = "Choose weekly, every two weeks or monthly."
    if terms.starts_on is not None and terms.ends_on is not None and terms.ends_on < terms.starts_on:
        problems["ends_on"] = "The last day must not be before the first."
    if len(terms.metric_key) > 80 or len(terms.metric_unit) > 40:
        problems["metric_key"] = "Keep the metric below 80 and its unit below 40 characters."
    if terms.measure == Measure.MILESTONES:
        problems |= _milestone_problems(terms.milestones)
    return problems


def _milestone_problems(milestones: Collection[MilestoneTerms]) -> dict[str, str]:
    if not milestones:
        return {"milestones": "Name at least one milestone."}
    if any(not item.title.strip() or len(item.title) > 200 for item in milestones):
        return {"milestones": "Give each milestone a title of up to 200 characters."}
    if any(weight_problem(item.weight) for item in milestones):
        return {"milestones": weight_problem(-1)}
    if not any(item.weight > 0 for item in milestones):
        return {"milestones": "At least one milestone needs a weight above zero."}
    return {}
