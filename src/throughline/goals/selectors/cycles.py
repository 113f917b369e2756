"""Cycles and strategic themes: lists, and the cycle's page with its five steps and figures."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Count, F, Q, QuerySet, Sum

from throughline.goals.models import Cycle, CycleStakeholder, Goal, GoalStakeholder, StrategicTheme
from throughline.goals.policies import can_manage_cycles, visible_cycles, visible_goals, visible_themes
from throughline.goals.rules import CYCLE_STEPS, STATE_LABELS, GoalState, Visibility
from throughline.goals.selectors.fetching import cycle_visible, theme_visible
from throughline.goals.selectors.rows import GoalFilter, GoalTablePage, goals_table
from throughline.kernel.actor import Actor
from throughline.kernel.clock import today
from throughline.kernel.verdict import Verdict

# Adding up a quarter of a million goals takes a second; so many are counted once a minute for everybody.
COUNTED_AFRESH, KEPT_SECONDS = 5000, 60


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
    aligned: int


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


@dataclass(frozen=True, slots=True)
class _Counts:
    """Goals of a cycle added up; two of them make a third."""

    by_state: dict[str, int]
    signed: int
    late: int
    at_risk: int
    progress_sum: float
    progress_count: int
    aligned: int

    def with_more(self, other: _Counts) -> _Counts:
        states = self.by_state.keys() | other.by_state.keys()
        return _Counts(
            by_state={state: self.by_state.get(state, 0) + other.by_state.get(state, 0) for state in states},
            signed=self.signed + other.signed,
            late=self.late + other.late,
            at_risk=self.at_risk + other.at_risk,
            progress_sum=self.progress_sum + other.progress_sum,
            progress_count=self.progress_count + other.progress_count,
            aligned=self.aligned + other.aligned,
        )


def cycle_figures(actor: Actor, cycle: Cycle) -> CycleFigures:
    """Counts by state, share signed, aligned, late and at risk; two queries.

    Of thousands of goals that everybody reads, the figures of up to a minute ago; of teams' goals always those of now.
    """
    goals = Goal.objects.filter(visible_goals(actor), cycle=cycle)
    if actor.is_guest:
        return _figures(_counted(goals, actor))
    everybodys = _everybodys_counts(actor, cycle)
    return _figures(everybodys.with_more(_counted(goals.filter(visibility=Visibility.TEAM), actor)))


def _everybodys_counts(actor: Actor, cycle: Cycle) -> _Counts:
    day = today(actor.time_zone)
    key = f"goals.cycle.{cycle.org_id}.{cycle.pk}.{day}"
    kept = cache.get(key)
    if isinstance(kept, _Counts):
        return kept
    counts = _counted(Goal.objects.filter(cycle=cycle, visibility=Visibility.OPEN), actor)
    if sum(counts.by_state.values()) > COUNTED_AFRESH:
        cache.set(key, counts, KEPT_SECONDS)
    return counts


def _counted(goals: QuerySet[Goal], actor: Actor) -> _Counts:
    is_signed = Q(signed_version=F("version"), signed_version__gt=0)
    with_progress = Q(state__in=["signed_off", "active", "closed"], is_empty=False)
    rows = goals.values_list("kind", "state").annotate(
        n=Count("id"),
        signed=Count("id", filter=is_signed),
        late=Count("id", filter=Q(due_on__lt=today(actor.time_zone))),
        at_risk=Count("id", filter=Q(status__in=["at_risk", "off_track"])),
        progress_sum=Sum("progress", filter=with_progress),
        progress_count=Count("id", filter=with_progress),
        aligned=Count("id", filter=Q(is_aligned=True)),
    )
    found = list(rows.order_by("kind", "state"))
    objectives = [row for row in found if row[0] == "objective"]
    return _Counts(
        by_state={row[1]: row[2] for row in objectives},
        signed=sum(row[3] for row in objectives if row[1] != GoalState.DROPPED),
        late=sum(row[4] for row in found),
        at_risk=sum(row[5] for row in found if row[0] == "key_result"),
        progress_sum=sum(row[6] or 0.0 for row in objectives),
        progress_count=sum(row[7] for row in objectives),
        aligned=sum(row[8] for row in objectives),
    )


def _figures(counts: _Counts) -> CycleFigures:
    alive = sum(number for state, number in counts.by_state.items() if state != GoalState.DROPPED)
    return CycleFigures(
        by_state=tuple(
            StateCount(state, label, counts.by_state.get(state, 0)) for state, label in STATE_LABELS.items()
        ),
        total=alive,
        signed=counts.signed,
        signed_share_percent=round(100 * counts.signed / alive) if alive else 0,
        late=counts.late,
        at_risk=counts.at_risk,
        progress_percent=round(100 * counts.progress_sum / counts.progress_count) if counts.progress_count else 0,
        aligned=counts.aligned,
    )


def cycle_page(actor: Actor, cycle_id: int) -> CyclePage:
    """A cycle with its five steps, figures and stakeholders; seven queries."""
    cycle = cycle_visible(actor, cycle_id)
    figures = cycle_figures(actor, cycle)
    named = list(
        CycleStakeholder.objects.filter(cycle=cycle).select_related("stakeholder").order_by("stakeholder__name", "id")
    )
    signs = dict(
        GoalStakeholder.objects.filter(
            goal__in=Goal.objects.filter(visible_goals(actor), cycle=cycle, kind="objective"),
            stakeholder_id__in=[row.stakeholder_id for row in named],
        )
        .values_list("stakeholder_id")
        .annotate(n=Count("goal_id"))
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
    themes = tuple(themes_visible_to(actor).filter(Q(cycle=cycle) | Q(cycle=None)))
    return CyclePage(
        cycle=cycle,
        steps=_steps(cycle, figures, stakeholders=len(stakeholders)),
        figures=figures,
        stakeholders=stakeholders,
        themes=themes,
        can_manage=can_manage_cycles(actor),
    )


def _steps(cycle: Cycle, figures: CycleFigures, *, stakeholders: int) -> tuple[CycleStepRow, ...]:
    candidates = next(row.count for row in figures.by_state if row.state == GoalState.CANDIDATE)
    notes = (
        f"{stakeholders} named",
        f"{figures.total} goals, {candidates} of them candidates",
        f"{figures.aligned} of {figures.total} aligned upwards",
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
