"""Cycles and strategic themes: set up, started, closed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import transaction

from throughline.goals import policies
from throughline.goals.events import (
    CycleClosed,
    CycleCreated,
    CycleEdited,
    CycleStarted,
    ThemeCreated,
    ThemeDropped,
    ThemeEdited,
)
from throughline.goals.models import Cycle, CycleStakeholder, Goal, StrategicTheme
from throughline.goals.rules import CADENCE_DAYS, CYCLE_STEPS, CycleState, GoalState
from throughline.goals.services.states import goal_start
from throughline.kernel.actor import Actor, system_actor
from throughline.kernel.clock import now, today
from throughline.kernel.errors import Conflict, Invalid, NotFound
from throughline.kernel.ids import SubjectRef
from throughline.ledger.services import event_record, search_index
from throughline.ledger.subjects import subject_cards, subject_kinds

NOTE_LENGTH = 4000


@transaction.atomic
def cycle_create(
    *, actor: Actor, name: str, starts_on: date, ends_on: date, cadence: str = "weekly", note: str = ""
) -> Cycle:
    """Plan a cycle."""
    policies.can_manage_cycles(actor).require()
    _cycle_checked(None, name=name, starts_on=starts_on, ends_on=ends_on, cadence=cadence, note=note)
    cycle = Cycle.objects.create(
        org_id=actor.org_id,
        name=name.strip(),
        starts_on=starts_on,
        ends_on=ends_on,
        cadence=cadence,
        note=note.strip(),
        created_at=now(),
    )
    _cycle_index(actor, cycle)
    event_record(actor, CycleCreated(), subject=cycle_subject(cycle))
    return cycle


@transaction.atomic
def cycle_edit(
    *,
    actor: Actor,
    cycle: Cycle,
    version: int,
    name: str,
    starts_on: date,
    ends_on: date,
    cadence: str,
    note: str = "",
) -> Cycle:
    """Change a cycle that is not closed."""
    policies.can_manage_cycles(actor).require()
    row = _open_cycle(cycle)
    if version != row.version:
        raise Conflict("Somebody changed this cycle while you worked on it. What you wrote is kept; compare and save.")
    _cycle_checked(row, name=name, starts_on=starts_on, ends_on=ends_on, cadence=cadence, note=note)
    row.name, row.starts_on, row.ends_on = name.strip(), starts_on, ends_on
    row.cadence, row.note = cadence, note.strip()
    _cycle_save(actor, row)
    _cycle_index(actor, row)
    return row


@transaction.atomic
def cycle_step_set(*, actor: Actor, cycle: Cycle, step: int) -> Cycle:
    """Say which of the five steps the organisation works on; going back is allowed."""
    policies.can_manage_cycles(actor).require()
    row = _open_cycle(cycle)
    if not 1 <= step <= len(CYCLE_STEPS):
        raise Invalid({"step": f"Choose a step from 1 to {len(CYCLE_STEPS)}."})
    if row.step != step:
        row.step = step
        _cycle_save(actor, row)
    return row


@transaction.atomic
def cycle_stakeholders_set(*, actor: Actor, cycle: Cycle, stakeholder_ids: Collection[int]) -> Cycle:
    """Name the stakeholders of a cycle, all of them."""
    policies.can_manage_cycles(actor).require()
    row = _open_cycle(cycle)
    wanted = {SubjectRef("people.stakeholder", number) for number in stakeholder_ids}
    if "people.stakeholder" in subject_kinds() and len(subject_cards(actor, wanted)) < len(wanted):
        raise Invalid({"stakeholder_ids": "Choose stakeholders from the organisation's register."})
    named = CycleStakeholder.objects.filter(cycle=row)
    known = set(named.values_list("stakeholder_id", flat=True))
    numbers = {ref.id for ref in wanted}
    if known == numbers:
        return row
    named.exclude(stakeholder_id__in=numbers).delete()
    CycleStakeholder.objects.bulk_create(
        [CycleStakeholder(org_id=actor.org_id, cycle=row, stakeholder_id=number) for number in sorted(numbers - known)]
    )
    _cycle_save(actor, row)
    return row


@transaction.atomic
def cycle_start(*, actor: Actor, cycle: Cycle) -> Cycle:
    """Begin a cycle: its signed goals become active and ask for check-ins."""
    policies.can_manage_cycles(actor).require()
    row = _open_cycle(cycle)
    if row.state == CycleState.RUNNING:
        raise Conflict("This cycle runs already.")
    row.state, row.step = CycleState.RUNNING, len(CYCLE_STEPS)
    row.version += 1
    row.save()
    # The policy for the whole is the cycle's; each goal is started as the product would when signed later.
    system = system_actor(actor.org_id, actor.org_slug)
    goals = list(Goal.objects.filter(cycle=row, kind="objective", state=GoalState.SIGNED_OFF).order_by("id"))
    for goal in goals:
        goal_start(actor=system, goal=goal)
    event_record(actor, CycleStarted(goal_count=len(goals)), subject=cycle_subject(row))
    return row


@transaction.atomic
def cycle_close(*, actor: Actor, cycle: Cycle) -> Cycle:
    """End a cycle once none of its goals is still active; each is closed with its own score first."""
    policies.can_manage_cycles(actor).require()
    row = _open_cycle(cycle)
    if row.state != CycleState.RUNNING:
        raise Conflict("Only a cycle that runs can be closed.")
    still = Goal.objects.filter(cycle=row, kind="objective", state=GoalState.ACTIVE).count()
    if still:
        goals = "1 goal is" if still == 1 else f"{still} goals are"
        raise Conflict(
            f"{goals} still active in this cycle. Close each with its score, or drop it, then close the cycle."
        )
    row.state, row.closed_at = CycleState.CLOSED, now()
    row.version += 1
    row.save()
    event_record(actor, CycleClosed(), subject=cycle_subject(row))
    return row


@transaction.atomic
def strategic_theme_create(
    *, actor: Actor, title: str, text: str = "", cycle_id: int | None = None, is_sustainability: bool = False
) -> StrategicTheme:
    """Set a strategic theme, for one cycle or standing."""
    policies.can_manage_themes(actor).require()
    _theme_checked(None, title=title, text=text, cycle_id=cycle_id)
    theme = StrategicTheme.objects.create(
        org_id=actor.org_id,
        title=title.strip(),
        text=text.strip(),
        cycle_id=cycle_id,
        is_sustainability=is_sustainability,
        created_by_id=actor.person_id,
        created_at=now(),
    )
    search_index(actor=actor, ref=theme_subject(theme), title=theme.title, body=theme.text)
    event_record(actor, ThemeCreated(), subject=theme_subject(theme))
    return theme


@transaction.atomic
def strategic_theme_edit(
    *,
    actor: Actor,
    theme: StrategicTheme,
    version: int,
    title: str,
    text: str,
    cycle_id: int | None,
    is_sustainability: bool,
) -> StrategicTheme:
    """Change a strategic theme in force."""
    policies.can_manage_themes(actor).require()
    row = _theme_in_force(theme)
    if version != row.version:
        raise Conflict("Somebody changed this theme while you worked on it. What you wrote is kept; compare and save.")
    _theme_checked(row, title=title, text=text, cycle_id=cycle_id)
    row.title, row.text, row.cycle_id = title.strip(), text.strip(), cycle_id
    row.is_sustainability = is_sustainability
    row.version += 1
    row.save()
    search_index(actor=actor, ref=theme_subject(row), title=row.title, body=row.text)
    event_record(actor, ThemeEdited(version=row.version), subject=theme_subject(row))
    return row


@transaction.atomic
def strategic_theme_drop(*, actor: Actor, theme: StrategicTheme) -> StrategicTheme:
    """Put a strategic theme out of force; goals that belong to it keep it."""
    policies.can_manage_themes(actor).require()
    row = _theme_in_force(theme)
    row.dropped_on = today(actor.time_zone)
    row.version += 1
    row.save()
    event_record(actor, ThemeDropped(), subject=theme_subject(row))
    return row


def cycle_subject(cycle: Cycle) -> SubjectRef:
    """The reference of a cycle."""
    return SubjectRef(policies.CYCLE, cycle.pk)


def theme_subject(theme: StrategicTheme) -> SubjectRef:
    """The reference of a strategic theme."""
    return SubjectRef(policies.THEME, theme.pk)


def _open_cycle(cycle: Cycle) -> Cycle:
    row = Cycle.objects.select_for_update().filter(pk=cycle.pk).first()
    if row is None:
        raise NotFound
    if row.state == CycleState.CLOSED:
        raise Conflict("This cycle is closed; plan a new one.")
    return row


def _cycle_save(actor: Actor, row: Cycle) -> None:
    row.version += 1
    row.save()
    event_record(actor, CycleEdited(version=row.version, step=row.step), subject=cycle_subject(row))


def _cycle_index(actor: Actor, cycle: Cycle) -> None:
    search_index(actor=actor, ref=cycle_subject(cycle), title=cycle.name, body=cycle.note)


def _cycle_checked(row: Cycle | None, *, name: str, starts_on: date, ends_on: date, cadence: str, note: str) -> None:
    problems: dict[str, str] = {}
    others = Cycle.objects.filter(name=name.strip())
    if row is not None:
        others = others.exclude(pk=row.pk)
    if not name.strip() or len(name.strip()) > 120:
        problems["name"] = "Give the cycle a name of up to 120 characters, like “2026 second quarter”."
    elif others.exists():
        problems["name"] = "There is a cycle of this name already; choose another."
    if ends_on < starts_on:
        problems["ends_on"] = "The last day must not be before the first."
    if cadence not in CADENCE_DAYS:
        problems["cadence"] = "Choose weekly, every two weeks or monthly."
    if len(note) > NOTE_LENGTH:
        problems["note"] = f"Shorten the note to {NOTE_LENGTH} characters."
    if problems:
        raise Invalid(problems)


def _theme_in_force(theme: StrategicTheme) -> StrategicTheme:
    row = StrategicTheme.objects.select_for_update().filter(pk=theme.pk).first()
    if row is None:
        raise NotFound
    if row.dropped_on is not None:
        raise Conflict("This theme was dropped; set a new one.")
    return row


def _theme_checked(row: StrategicTheme | None, *, title: str, text: str, cycle_id: int | None) -> None:
    problems: dict[str, str] = {}
    others = StrategicTheme.objects.filter(title=title.strip())
    if row is not None:
        others = others.exclude(pk=row.pk)
    if not title.strip() or len(title.strip()) > 200:
        problems["title"] = "Give the theme a title of up to 200 characters."
    elif others.exists():
        problems["title"] = "There is a theme of this title already; choose another."
    if len(text) > NOTE_LENGTH:
        problems["text"] = f"Shorten the text to {NOTE_LENGTH} characters."
    if cycle_id is not None and not Cycle.objects.filter(pk=cycle_id).exclude(state="closed").exists():
        problems["cycle_id"] = "Choose a cycle that is planned or running, or none for a standing theme."
    if problems:
        raise Invalid(problems)
