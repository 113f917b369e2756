"""Many goals at once, for imports and the large demo: the same rules, at most 5,000 rows a transaction.

Safe to repeat: a goal is known by its external id, what is the same is left alone, what an interrupted run left
unfinished is finished. Numbers above are not carried on the way; call `roll_up_everything` at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import TypeVar

from django.db import transaction
from django.db.models import Q

from throughline.goals import policies
from throughline.goals.events import GoalsImported
from throughline.goals.models import Goal, GoalCoOwner, GoalStep, GoalVersion, Milestone
from throughline.goals.policies import GOAL
from throughline.goals.rules import GoalKind, GoalState, Measure
from throughline.goals.rules.records import BulkResult, ParentRecord, RecordProblem, own_number
from throughline.goals.rules.texts import version_text
from throughline.goals.selectors.contents import contents_of
from throughline.goals.services.bulk_alignments import alignments_write
from throughline.goals.services.bulk_changes import existing_changed
from throughline.goals.services.checkins import due_after
from throughline.goals.services.fields import (
    GoalFields,
    KeyResultTerms,
    plain_problems,
    terms_problems,
    text_problems,
)
from throughline.goals.services.goals import fields_apply, served
from throughline.goals.services.parts import terms_apply
from throughline.goals.services.rolling import key_result_measured_by
from throughline.goals.services.versions import digest_of, goal_ref
from throughline.kernel.actor import Actor
from throughline.kernel.clock import now, today
from throughline.kernel.ids import SubjectRef
from throughline.ledger.models import Relation
from throughline.ledger.services import (
    event_record,
    links_create_bulk,
    rows_insert,
    search_index_bulk,
    statistics_refresh,
)

# A goal writes up to five rows (itself, step, version, search entry, links), so a transaction stays below 5,000.
BATCH = 900
_COLUMNS = tuple(field.attname for field in Goal._meta.concrete_fields if field.attname not in ("id", "org_id"))
_values = attrgetter(*_COLUMNS)
_STATES, _KINDS = frozenset(GoalState), frozenset(GoalKind)
RowT = TypeVar("RowT")
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class BulkGoal:
    """One goal or part with everything it refers to found already.

    Of a part, `fields` gives title, description, owner, dates, weight and rhythm; `part_of` its objective's id;
    `terms` the rest of a key result. `on` is the day it stands from (the cycle's first day, or today).
    """

    external_id: str
    fields: GoalFields
    kind: str = "objective"
    part_of: str = ""
    terms: KeyResultTerms | None = None
    done_on: tuple[date | None, ...] = ()
    parents: tuple[ParentRecord, ...] = ()
    state: str = "candidate"
    on: date | None = None


def chunks(rows: Sequence[RowT], size: int = BATCH) -> Iterator[Sequence[RowT]]:
    """The rows in batches of one transaction each."""
    return (rows[start : start + size] for start in range(0, len(rows), size))


def goals_write_bulk(*, actor: Actor, goals: Sequence[BulkGoal], on_progress: Progress | None = None) -> BulkResult:
    """Write goals, parts and alignments; answers what happened and every row that was not taken, with its reason."""
    policies.can_import_goals(actor).require()
    problems: list[RecordProblem] = []
    known = ids_known(actor, [row.external_id for row in goals])
    sound = _sound(goals, known, problems)
    step = on_progress or _unseen
    fresh = [row for row in sound if row.external_id not in known]
    created = 0
    ids = dict(known)
    for kind_rows in ([r for r in fresh if not r.part_of], [r for r in fresh if r.part_of]):
        for batch in chunks(kind_rows):
            ids.update(_batch_create(actor, batch, ids))
            created += len(batch)
            step(len(batch))
    again = [row for row in sound if row.external_id in known]
    changed = 0
    for batch in chunks(again):
        changed += existing_changed(actor, batch, ids, problems)
        step(len(batch))
    aligned = alignments_write(actor, sound, ids, problems)
    for numbers in chunks(_without_version(actor)):
        _versions_write(actor, numbers)
    statistics_refresh(rows_written=created + aligned)
    return BulkResult(
        created=created,
        changed=changed,
        unchanged=len(again) - changed,
        alignments=aligned,
        check_ins=0,
        problems=tuple(problems),
        ids=ids,
    )


def _unseen(done: int) -> None:
    """Nobody watches how far it is."""


def ids_known(actor: Actor, external_ids: Sequence[str]) -> dict[str, int]:
    """Numbers of the goals that are here already: by external id, or by the id an export gave them."""
    found: dict[str, int] = {}
    for batch in chunks(sorted(set(external_ids)), 5000):
        # Said again as the partial index of external ids says it, or the index is not used.
        rows = Goal.objects.filter(~Q(external_id=""), external_id__in=[text for text in batch if text])
        found.update(rows.values_list("external_id", "id"))
        own = {number: text for text in batch if (number := own_number(text)) is not None and text not in found}
        for number in Goal.objects.filter(pk__in=list(own), external_id="").values_list("id", flat=True):
            found[own[number]] = number
    return found


def _sound(goals: Sequence[BulkGoal], known: Mapping[str, int], problems: list[RecordProblem]) -> list[BulkGoal]:
    """Rows that can be written; the others are told with their reasons."""
    seen: set[str] = set()
    objectives = {row.external_id for row in goals if row.kind == GoalKind.OBJECTIVE}
    good: list[BulkGoal] = []
    for row in goals:
        words = _row_problems(row)
        if row.external_id in seen:
            words.append("The id is used twice; the first one counts.")
        if row.part_of and row.part_of not in objectives and row.part_of not in known:
            words.append(f"It is part of “{row.part_of}”, which is no goal of this import or organisation.")
        seen.add(row.external_id)
        if words:
            problems.append(RecordProblem(row.external_id, " ".join(words), is_refused=True))
        else:
            good.append(row)
    refused = {problem.id for problem in problems if problem.is_refused} - known.keys()
    orphans = [row for row in good if row.part_of in refused]
    problems.extend(
        RecordProblem(row.external_id, f"Its goal “{row.part_of}” was not taken.", is_refused=True) for row in orphans
    )
    return [row for row in good if row.part_of not in refused]


def _row_problems(row: BulkGoal) -> list[str]:
    if not row.external_id or len(row.external_id) > 160:
        return ["The id is missing or longer than 160 characters."]
    if row.state not in _STATES:
        return [f"The state “{row.state}” is none of: {', '.join(GoalState)}."]
    if row.kind == GoalKind.OBJECTIVE:
        return list(plain_problems(row.fields).values())
    if row.kind not in _KINDS or not row.part_of:
        return ["It is neither an objective nor part of one."]
    if row.kind == GoalKind.INITIATIVE:
        return list(text_problems(title=row.fields.title, description=row.fields.description).values())
    if row.terms is None:
        return ["The key result has no measure: say how it is counted, from what and to what."]
    return list(terms_problems(row.terms).values())


def goal_built(actor: Actor, row: BulkGoal, ids: Mapping[str, int], objectives: Mapping[int, Goal]) -> Goal:
    """A goal of a row, not saved."""
    moment = now()
    goal = Goal(
        org_id=actor.org_id,
        kind=row.kind,
        external_id="" if own_number(row.external_id) is not None else row.external_id,
        state=row.state,
        created_by_id=actor.person_id,
        created_at=moment,
        changed_at=moment,
    )
    fields_apply(goal, row.fields)
    if row.part_of:
        objective = objectives[ids[row.part_of]]
        part_placed(goal, objective)
        if row.state not in (GoalState.CLOSED, GoalState.DROPPED):
            goal.state = GoalState.ACTIVE
        if row.terms is not None:
            terms_apply(goal, row.terms)
            weights = [item.weight for item in row.terms.milestones]
            days = [*row.done_on, *[None] * len(weights)][: len(weights)]
            key_result_measured_by(goal, [(w, d is not None) for w, d in zip(weights, days, strict=True)])
        goal.due_on = due_after(goal, objective, day=today(actor.time_zone))
    elif row.state in (GoalState.SIGNED_OFF, GoalState.ACTIVE, GoalState.CLOSED):
        # Stated as agreed elsewhere; no signature is made up for it.
        goal.signed_version = 0
    return goal


def part_placed(goal: Goal, objective: Goal) -> None:
    """Give a part the columns it shares with its objective."""
    goal.part_of, goal.level, goal.unit_id = objective, objective.level, objective.unit_id
    goal.cycle_id, goal.visibility, goal.theme_id = objective.cycle_id, objective.visibility, None
    goal.serves_kind, goal.serves_id = "", None


@transaction.atomic
def _batch_create(actor: Actor, batch: Sequence[BulkGoal], ids: Mapping[str, int]) -> dict[str, int]:
    above = {ids[row.part_of] for row in batch if row.part_of}
    objectives = {row.pk: row for row in Goal.objects.filter(pk__in=above).select_related("cycle")}
    goals = [goal_built(actor, row, ids, objectives) for row in batch]
    numbers = rows_insert(actor, Goal, columns=_COLUMNS, rows=[_values(goal) for goal in goals])
    for goal, number in zip(goals, numbers, strict=True):
        goal.pk = number
    pairs = list(zip(batch, goals, strict=True))
    _steps_write(actor, [(row, goal) for row, goal in pairs if not row.part_of])
    GoalCoOwner.objects.bulk_create(
        [
            GoalCoOwner(org_id=actor.org_id, goal=goal, person_id=person_id, since=today(actor.time_zone))
            for row, goal in pairs
            if row.fields.co_owner_ids and not row.part_of
            for person_id in sorted(set(row.fields.co_owner_ids) - {row.fields.owner_id})
        ]
    )
    Milestone.objects.bulk_create([item for row, goal in pairs for item in milestones_built(actor, row, goal)])
    links_create_bulk(
        actor=actor,
        links=[(goal_ref(goal), Relation.ADVANCES, ref) for _, goal in pairs for ref in sorted(served(goal))],
    )
    event = GoalsImported(first_id=min(numbers), last_id=max(numbers), count=len(numbers))
    event_record(actor, event, subject=goal_ref(goals[0]))
    return {row.external_id: goal.pk for row, goal in pairs}


def _steps_write(actor: Actor, pairs: Sequence[tuple[BulkGoal, Goal]]) -> None:
    moment, day = now(), today(actor.time_zone)
    columns = ("goal_id", "from_state", "to_state", "reason", "by_person_id", "on", "created_at")
    rows = [
        (
            goal.pk,
            "",
            goal.state,
            "Imported in this state." if goal.state != GoalState.CANDIDATE else "",
            actor.person_id,
            row.on or goal.starts_on or day,
            moment,
        )
        for row, goal in pairs
    ]
    rows_insert(actor, GoalStep, columns=columns, rows=rows)


def milestones_built(actor: Actor, row: BulkGoal, goal: Goal) -> Iterator[Milestone]:
    """The milestones of a key result of a row, not saved."""
    if row.terms is None or row.terms.measure != Measure.MILESTONES:
        return
    for position, item in enumerate(row.terms.milestones):
        yield Milestone(
            org_id=actor.org_id,
            key_result=goal,
            title=item.title.strip(),
            weight=item.weight,
            due_on=item.due_on,
            done_on=row.done_on[position] if position < len(row.done_on) else None,
            position=position,
        )


def _without_version(actor: Actor) -> list[int]:
    """Objectives that have no version yet: those of this run, and of one that was interrupted."""
    return list(Goal.objects.filter(kind="objective", versions=None).order_by("id").values_list("id", flat=True))


@transaction.atomic
def _versions_write(actor: Actor, goal_ids: Sequence[int]) -> None:
    """First versions of objectives with all that hangs on them by now, and the words by which they are found."""
    contents = sorted(contents_of(goal_ids).items())
    moment, day = now(), today(actor.time_zone)
    first_days = dict(GoalStep.objects.filter(goal_id__in=goal_ids).values_list("goal_id", "on"))
    columns = ("goal_id", "number", "text", "content", "digest", "author_id", "reason", "on", "created_at")
    rows = []
    for goal_id, found in contents:
        text = version_text(found.content, found.names)
        on = min(day, first_days.get(goal_id, day))
        rows.append((goal_id, 1, text, found.content, digest_of(text), actor.person_id, "Imported.", on, moment))
    rows_insert(actor, GoalVersion, columns=columns, rows=rows)
    search_index_bulk(
        actor=actor,
        entries=[(SubjectRef(GOAL, goal_id), found.content["title"], found.words) for goal_id, found in contents],
    )
