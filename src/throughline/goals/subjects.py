"""How other apps show goals, cycles and strategic themes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from throughline.decisions.selectors import SignOff, sign_off_of
from throughline.goals.models import Cycle, Goal, GoalVersion, StrategicTheme
from throughline.goals.policies import CYCLE, GOAL, THEME, visible_cycles, visible_goals, visible_themes
from throughline.goals.rules import STATE_LABELS, CycleState, GoalState, status_label
from throughline.goals.rules.texts import content_changes
from throughline.goals.selectors.rows import url_prefix
from throughline.kernel.actor import Actor
from throughline.kernel.errors import NotFound
from throughline.kernel.ids import SubjectRef
from throughline.ledger.subjects import ChangeKind, Station, SubjectCard, SubjectType, subject_register

_TONES = {
    GoalState.CANDIDATE: "wait",
    GoalState.PROPOSED: "wait",
    GoalState.SIGNED_OFF: "good",
    GoalState.ACTIVE: "good",
    GoalState.CLOSED: "good",
    GoalState.DROPPED: "bad",
}
_KIND_LABELS = {"objective": "Goal", "key_result": "Key result", "initiative": "Initiative"}


class GoalSubject(SubjectType):
    """An objective, or one of its parts."""

    kind = GOAL
    label = "Goal"
    label_plural = "Goals"

    def visible_ids(self, actor: Actor) -> QuerySet[Any]:
        """Numbers of the goals the actor may read, as a query; decisions about goals follow it."""
        return Goal.objects.filter(visible_goals(actor)).values("id")

    def cards(self, actor: Actor, ids: Collection[int]) -> Mapping[int, SubjectCard]:
        goals = Goal.objects.filter(visible_goals(actor), pk__in=ids)
        rows = goals.values_list("id", "kind", "title", "state", "progress", "is_empty", "unit__name", "owner__name")
        prefix = url_prefix(actor)
        found = {}
        for number, kind, title, state, progress, is_empty, unit, owner in rows:
            whose = unit or owner or "Organisation"
            meta = whose if is_empty else f"{whose} · {round(progress * 100)} %"
            is_part = kind != "objective"
            found[number] = SubjectCard(
                ref=SubjectRef(GOAL, number),
                kind_label=_KIND_LABELS[kind],
                title=title,
                url=f"{prefix}{number}/",
                meta=meta,
                state="" if is_part else _TONES[GoalState(state)],
                state_label="" if is_part else STATE_LABELS[GoalState(state)],
            )
        return found

    def stations(self, actor: Actor, subject_id: int) -> Sequence[Station]:
        """Signatures on the version, the latest check-in, and the result; the caller saw the goal's card."""
        goal = Goal.objects.filter(visible_goals(actor), pk=subject_id).first()
        if goal is None:
            return ()
        latest = goal if goal.checked_in_on is not None else _latest_part(goal)
        sign_off = sign_off_of(actor, SubjectRef(GOAL, goal.objective_id))
        return stations_of(goal, sign_off, latest, url=f"{url_prefix(actor)}{goal.pk}/")

    def shaping_ids(self, ids: Collection[int]) -> frozenset[int]:
        """Signed, active and closed goals, and those dropped after they had been signed."""
        goals = Goal.objects.filter(pk__in=ids, kind="objective")
        settled = goals.filter(state__in=[GoalState.SIGNED_OFF, GoalState.ACTIVE, GoalState.CLOSED])
        dropped = goals.filter(state=GoalState.DROPPED, signed_version__gt=0)
        return frozenset(settled.values_list("id", flat=True)) | frozenset(dropped.values_list("id", flat=True))

    def text_of(self, actor: Actor, subject_id: int, version: int) -> str:
        found = GoalVersion.objects.filter(goal_id=subject_id, number=version).values_list("text", flat=True).first()
        if found is None:
            raise NotFound("This goal has no such version.")
        return found

    def changed_fields(self, actor: Actor, subject_id: int, old: int, new: int) -> frozenset[ChangeKind]:
        rows = dict(
            GoalVersion.objects.filter(goal_id=subject_id, number__in=[old, new]).values_list("number", "content")
        )
        if rows.keys() != {old, new}:
            raise NotFound("This goal has no such version.")
        declared = GoalVersion.objects.filter(
            goal_id=subject_id, number__gt=min(old, new), number__lte=max(old, new)
        ).values_list("is_editorial", flat=True)
        return content_changes(rows[old], rows[new], is_editorial=all(declared))


def stations_of(goal: Goal, sign_off: SignOff | None, latest: Goal | None, *, url: str) -> list[Station]:
    """What came of a goal: its signatures, the newest check-in on it or a part of it (`latest`), its result."""
    stations: list[Station] = []
    if sign_off is not None:
        words = f"{sign_off.signed} of {sign_off.required} on version {sign_off.version}"
        stations.append(Station("Signed by", words, url, note=_objections(sign_off.open_objections)))
    if latest is not None and latest.checked_in_on is not None:
        status = status_label(latest.status) or "Checked in"
        stations.append(Station("Check-in", f"{status}, {round(goal.progress * 100)} %", url))
    if goal.state == GoalState.CLOSED and goal.is_objective:
        score = "closed" if goal.score_0_1 is None else f"score {goal.score_0_1:.2g}"
        stations.append(Station("Result", score, url))
    elif goal.state == GoalState.DROPPED and goal.is_objective:
        stations.append(Station("Result", "dropped", url))
    return stations


def _objections(count: int) -> str:
    return "" if not count else "1 open objection" if count == 1 else f"{count} open objections"


def _latest_part(goal: Goal) -> Goal | None:
    parts = Goal.objects.filter(part_of_id=goal.pk, checked_in_on__isnull=False)
    return parts.order_by("-checked_in_on", "-id").first()


class CycleSubject(SubjectType):
    """A cycle."""

    kind = CYCLE
    label = "Cycle"
    label_plural = "Cycles"

    def visible_ids(self, actor: Actor) -> QuerySet[Any]:
        """Numbers of the cycles the actor may read, as a query."""
        return Cycle.objects.filter(visible_cycles(actor)).values("id")

    def cards(self, actor: Actor, ids: Collection[int]) -> Mapping[int, SubjectCard]:
        tones = {CycleState.PLANNING: "wait", CycleState.RUNNING: "good", CycleState.CLOSED: ""}
        return {
            cycle.pk: SubjectCard(
                ref=SubjectRef(CYCLE, cycle.pk),
                kind_label="Cycle",
                title=cycle.name,
                url=reverse("shell:cycle", args=[actor.org_slug, cycle.pk]),
                meta=f"{cycle.starts_on:%-d %B %Y} to {cycle.ends_on:%-d %B %Y}",
                state=tones[CycleState(cycle.state)],
                state_label=cycle.state.capitalize(),
            )
            for cycle in Cycle.objects.filter(visible_cycles(actor), pk__in=ids)
        }


class ThemeSubject(SubjectType):
    """A strategic theme."""

    kind = THEME
    label = "Strategic theme"
    label_plural = "Strategic themes"

    def visible_ids(self, actor: Actor) -> QuerySet[Any]:
        """Numbers of the themes the actor may read, as a query."""
        return StrategicTheme.objects.filter(visible_themes(actor)).values("id")

    def cards(self, actor: Actor, ids: Collection[int]) -> Mapping[int, SubjectCard]:
        themes = StrategicTheme.objects.filter(visible_themes(actor), pk__in=ids).select_related("cycle")
        return {
            theme.pk: SubjectCard(
                ref=SubjectRef(THEME, theme.pk),
                kind_label="Strategic theme",
                title=theme.title,
                url=reverse("goals:theme", args=[actor.org_slug, theme.pk]),
                meta=theme.cycle.name if theme.cycle is not None else "Standing",
                state="bad" if theme.dropped_on is not None else "",
                state_label="Dropped" if theme.dropped_on is not None else "",
            )
            for theme in themes
        }


subject_register(GoalSubject())
subject_register(CycleSubject())
subject_register(ThemeSubject())
