"""Cycles and strategic themes: lists, and the cycle's page with its five steps and figures."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from throughline.goals.models import Cycle, CycleStakeholder, Goal, StrategicTheme
from throughline.goals.policies import can_manage_cycles, visible_cycles, visible_goals, visible_themes
from throughline.goals.rules import CYCLE_STEPS, STATE_LABELS, GoalState
from throughline.goals.selectors.fetching import cycle_visible, theme_visible
from throughline.goals.selectors.rows import GoalFilter, GoalTablePage, goals_table
from throughline.kernel.actor import Actor
from throughline.kernel.clock import today
from throughline.kernel.verdict import Verdict


@dataclass(frozen=True, slots=True)
class StateCount:
    """How many objectives of a cycle are in one state."""

    state: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class CycleFigures:
    """What a cycle amounts to so far, over the objectives the actor may see."""

    by_state: tuple[StateCount, ...]
    total: int
    signed: int
    signed_share_percent: int
    late: int
    at_risk: int
    progress_percent: int


@dataclass(frozen=True, slots=True)
class CycleStepRow:
    """One of the five guided steps: `state` is done, here or ahead; `note` says in numbers how far it is."""

    number: int
    title: str
    hint: str
    state: str
    note: str


@dataclass(frozen=True, slots=True)
class StakeholderRow:
    """A stakeholder named for a cycle."""

    id: int
    name: str
    represents: str
    person_id: int | None
    signs: int


@dataclass(frozen=True, slots=True)
class CyclePage:
    """A cycle's page."""

    cycle: Cycle
    steps: tuple[CycleStepRow, ...]
    figures: CycleFigures
    stakeholders: tuple[StakeholderRow, ...]
    themes: tuple[StrategicTheme, ...]
    can_manage: Verdict


@dataclass(frozen=True, slots=True)
class ThemePage:
    """A strategic theme with its goals."""

    theme: StrategicTheme
    goals: GoalTablePage
    can_manage: Verdict


def cycles_visible_to(actor: Actor) -> QuerySet[Cycle]:
    """Cycles the actor may read, newest first."""
    return Cycle.objects.filter(visible_cycles(actor)).order_by("-starts_on", "-id")


def cycle_current(actor: Actor) -> Cycle | None:
    """The cycle to show first: the newest running one, else the newest planned one."""
    cycles = cycles_visible_to(actor)
    return cycles.filter(state="running").first() or cycles.filter(state="planning").first()


def themes_visible_to(actor: Actor) -> QuerySet[StrategicTheme]:
    """Strategic themes in force that the actor may read, by title."""
    themes = StrategicTheme.objects.filter(visible_themes(actor), dropped_on=None)
    return themes.select_related("cycle").order_by("title", "id")


def cycle_figures(actor: Actor, cycle: Cycle) -> CycleFigures:
    """Counts by state, share signed, late and at risk; two queries."""
    goals = Goal.objects.filter(visible_goals(actor), cycle=cycle)
    objectives = goals.filter(kind="objective")
    rows = objectives.values_list("state").annotate(
        n=Count("id"), signed=Count("id", filter=Q(signed_version=F("version"), signed_version__gt=0))
    )
    counts: dict[str, int] = {}
    signed = 0
    for state, number, signed_now in rows:
        counts[state] = number
        if state != GoalState.DROPPED:
            signed += signed_now
    troubles = goals.aggregate(
        late=Count("id", filter=Q(due_on__lt=today(actor.time_zone))),
        at_risk=Count("id", filter=Q(kind="key_result", status__in=["at_risk", "off_track"])),
    )
    alive = sum(number for state, number in counts.items() if state != GoalState.DROPPED)
    return CycleFigures(
        by_state=tuple(StateCount(state, label, counts.get(state, 0)) for state, label in STATE_LABELS.items()),
        total=alive,
        signed=signed,
        signed_share_percent=round(100 * signed / alive) if alive else 0,
        late=troubles["late"],
        at_risk=troubles["at_risk"],
        progress_percent=_mean_progress(objectives),
    )


def _mean_progress(objectives: QuerySet[Goal]) -> int:
    counted = objectives.filter(state__in=["signed_off", "active", "closed"], is_empty=False)
    found = list(counted.values_list("progress", flat=True))
    return round(100 * sum(found) / len(found)) if found else 0


def cycle_page(actor: Actor, cycle_id: int) -> CyclePage:
    """A cycle with its five steps, figures and stakeholders; seven queries."""
    cycle = cycle_visible(actor, cycle_id)
    figures = cycle_figures(actor, cycle)
    named = (
        CycleStakeholder.objects.filter(cycle=cycle).select_related("stakeholder").order_by("stakeholder__name", "id")
    )
    signs = dict(
        Goal.objects.filter(visible_goals(actor), cycle=cycle, kind="objective")
        .exclude(named_stakeholders=None)
        .values_list("named_stakeholders__stakeholder_id")
        .annotate(n=Count("id"))
    )
    stakeholders = tuple(
        StakeholderRow(
            row.stakeholder_id,
            row.stakeholder.name,
            row.stakeholder.represents,
            row.stakeholder.person_id,
            signs.get(row.stakeholder_id, 0),
        )
        for row in named
    )
    aligned = (
        Goal.objects.filter(visible_goals(actor), cycle=cycle, kind="objective", alignments_up__ends_on=None)
        .exclude(alignments_up=None)
        .distinct()
        .count()
    )
    themes = tuple(themes_visible_to(actor).filter(Q(cycle=cycle) | Q(cycle=None)))
    return CyclePage(
        cycle=cycle,
        steps=_steps(cycle, figures, stakeholders=len(stakeholders), aligned=aligned),
        figures=figures,
        stakeholders=stakeholders,
        themes=themes,
        can_manage=can_manage_cycles(actor),
    )


def _steps(cycle: Cycle, figures: CycleFigures, *, stakeholders: int, aligned: int) -> tuple[CycleStepRow, ...]:
    candidates = next(row.count for row in figures.by_state if row.state == GoalState.CANDIDATE)
    notes = (
        f"{stakeholders} named",
        f"{figures.total} goals, {candidates} of them candidates",
        f"{aligned} of {figures.total} aligned upwards",
        f"{figures.signed} of {figures.total} signed by everyone asked",
        f"{figures.late} check-ins late, {figures.at_risk} at risk",
    )
    rows = []
    for number, ((title, hint), note) in enumerate(zip(CYCLE_STEPS, notes, strict=True), start=1):
        state = (
            "done" if number < cycle.step or cycle.state == "closed" else "here" if number == cycle.step else "ahead"
        )
        rows.append(CycleStepRow(number, title, hint, state, note))
    return tuple(rows)


def theme_page(actor: Actor, theme_id: int, *, cursor: str = "") -> ThemePage:
    """A strategic theme with the goals that belong to it."""
    theme = theme_visible(actor, theme_id)
    goals = goals_table(actor, GoalFilter(theme_id=theme.pk), cursor=cursor)
    return ThemePage(theme, goals, can_manage_cycles(actor))
