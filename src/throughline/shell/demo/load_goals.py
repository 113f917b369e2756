"""Goals of both cycles: written down, connected, proposed, signed, started."""

from __future__ import annotations

from functools import partial

from throughline.access.services import share_with_guest
from throughline.decisions.selectors.pages import proposal_for
from throughline.decisions.selectors.sign_offs import sign_off_of
from throughline.decisions.services import objection_stand, position_take
from throughline.goals.services import (
    GoalFields,
    KeyResultTerms,
    MilestoneTerms,
    cycle_create,
    cycle_stakeholders_set,
    cycle_start,
    cycle_step_set,
    dependency_request,
    goal_align,
    goal_create,
    goal_drop,
    goal_propose,
    goal_signatories_set,
    initiative_add,
    key_result_add,
    strategic_theme_create,
)
from throughline.kernel.ids import SubjectRef
from throughline.shell.demo.load_decisions import open_objection
from throughline.shell.demo.stage import Script, Stage
from throughline.shell.demo.story.goals import FINISHED, GIVEN_UP, NOW, THEMES
from throughline.shell.demo.story.people import GUESTS, STAKEHOLDERS
from throughline.shell.demo.story.shapes import StoryGoal, StoryKey
from throughline.shell.demo.story.turns import (
    ADDED_LATER,
    FIRST_TARGETS,
    FIRST_TITLES,
    STANDING_ANSWER,
    STANDING_BY,
    STANDING_GOAL,
    STANDING_REASON,
    STANDING_RESERVATION,
)

CURRENT, EARLIER = "current", "earlier"
MANAGES = "renske"
# Stakeholders of the cycle, by step one of the five.
CYCLE_STAKEHOLDERS = ("board", "nursing", "advisor", "wards", "readers", "patients", "practices", "controllers")
# A goal proposed in the middle of the cycle: created, proposed and signed so many days from today.
PROPOSED_DAYS = (-10, -7, -6)
CANDIDATE_DAYS = -20
_GUEST_OF = {entry.key: entry.person for entry in STAKEHOLDERS if entry.person in {key for key, _, _ in GUESTS}}
_GUEST_ADDRESSES = {key: (name, email) for key, name, email in GUESTS}


def goals_script(stage: Stage, script: Script) -> None:
    """Both cycles up to the day on which their goals are active."""
    calendar = stage.calendar
    earlier, current = calendar.earlier_starts, calendar.starts
    script.add(earlier - 30, 9, partial(_cycle, stage, EARLIER, earlier, calendar.earlier_ends, "monthly"))
    script.add(earlier - 29, 9, partial(_themes, stage))
    _cycle_goals_script(stage, script, EARLIER, (*FINISHED, GIVEN_UP), earlier)
    script.add(earlier, 6, partial(_start, stage, EARLIER))
    script.add(earlier + 50, 10, partial(_drop, stage, GIVEN_UP))
    script.add(current - 34, 9, partial(_cycle, stage, CURRENT, current, calendar.ends, "fortnightly"))
    script.add(current - 33, 9, partial(_cycle_stakeholders, stage))
    for step, days in ((2, -28), (3, -6), (4, -4)):
        script.add(current + days, 7, partial(_step, stage, step))
    on_time = [story for story in NOW if story.state in ("active", "dropped")]
    _cycle_goals_script(stage, script, CURRENT, on_time, current)
    script.add(current, 6, partial(_start, stage, CURRENT))
    for story in NOW:
        if story.state == "dropped":
            script.add(-30, 10, partial(_drop, stage, story), settles=True)
        elif story.state == "candidate":
            script.add(CANDIDATE_DAYS, 10, partial(_create, stage, CURRENT, story))
            script.add(CANDIDATE_DAYS, 11, partial(_connect, stage, story))
        elif story.state == "proposed":
            created, proposed, signed = PROPOSED_DAYS
            script.add(created, 10, partial(_create, stage, CURRENT, story))
            script.add(created, 11, partial(_connect, stage, story))
            script.add(proposed, 10, partial(_propose, stage, story))
            script.add(signed, 10, partial(_sign, stage, story), settles=True)


def _cycle_goals_script(
    stage: Stage, script: Script, cycle: str, stories: tuple[StoryGoal, ...] | list[StoryGoal], starts: int
) -> None:
    for place, story in enumerate(stories):
        hour, minute = 8 + place // 10, 5 * (place % 10)
        script.add(starts - 6, hour, partial(_create, stage, cycle, story), minute=minute)
        script.add(starts - 5, hour, partial(_connect, stage, story), minute=minute)
        is_last = place == len(stories) - 1
        script.add(starts - 4, hour, partial(_propose, stage, story), minute=minute)
        script.add(starts - 2, hour, partial(_sign, stage, story), minute=minute, settles=is_last)


def _cycle(stage: Stage, key: str, starts: int, ends: int, cadence: str) -> None:
    calendar = stage.calendar
    stage.cycles[key] = cycle_create(
        actor=stage.actor(MANAGES),
        name=calendar.cycle_name(starts),
        starts_on=calendar.day(starts),
        ends_on=calendar.day(ends),
        cadence=cadence,
        note="Nobody owns more than three objectives. A falling chance is thanked before it is questioned."
        if key == CURRENT
        else "Our first cycle with scores.",
    )


def _cycle_stakeholders(stage: Stage) -> None:
    numbers = [stage.stakeholder_ids[key] for key in CYCLE_STAKEHOLDERS]
    cycle_stakeholders_set(actor=stage.actor(MANAGES), cycle=stage.cycles[CURRENT], stakeholder_ids=numbers)


def _step(stage: Stage, step: int) -> None:
    cycle_step_set(actor=stage.actor(MANAGES), cycle=stage.cycles[CURRENT], step=step)


def _start(stage: Stage, key: str) -> None:
    cycle_start(actor=stage.actor(MANAGES), cycle=stage.cycles[key])


def _themes(stage: Stage) -> None:
    for key, title, text, is_sustainability in THEMES:
        theme = strategic_theme_create(
            actor=stage.actor(MANAGES), title=title, text=text, is_sustainability=is_sustainability
        )
        stage.refs[f"strategic:{key}"] = SubjectRef("goals.theme", theme.pk)


def fields_of(stage: Stage, cycle: str, story: StoryGoal, *, title: str) -> GoalFields:
    """An objective of the story as the form would have it."""
    return GoalFields(
        title=title,
        description=story.description,
        level=story.level,
        unit_id=None if story.level == "organisation" else stage.units[story.unit].pk,
        owner_id=stage.person_id(story.owner),
        co_owner_ids=[stage.person_id(key) for key in story.co_owners],
        cycle_id=stage.cycles[cycle].pk,
        theme_id=stage.refs[f"strategic:{story.theme}"].id if story.theme else None,
        serves=stage.refs[story.serves],
        cadence=story.cadence,
        visibility="open" if story.key == "mira-ones" else "",
        metric_key=story.metric,
        metric_unit=story.metric_unit,
    )


def terms_of(key: StoryKey, *, target: float | None = None) -> KeyResultTerms:
    """A key result of the story as the form would have it."""
    is_measured = key.measure != "milestones"
    is_band = key.measure == "keep_within"
    return KeyResultTerms(
        title=key.title,
        measure=key.measure,
        baseline=key.start if is_measured else None,
        target=(target if target is not None else key.target) if is_measured and not is_band else None,
        low=key.low if is_band else None,
        high=key.high if is_band else None,
        metric_key=key.metric,
        metric_unit=key.unit,
        weight=key.weight,
        milestones=tuple(MilestoneTerms(step.title) for step in key.steps),
    )


def _create(stage: Stage, cycle: str, story: StoryGoal) -> None:
    actor = stage.actor(story.owner)
    prompted_by = [stage.refs[f"theme:{key}"] for key in story.prompted]
    seer = actor if not prompted_by else stage.actor(MANAGES)
    title = FIRST_TITLES.get(story.key, story.title)
    goal = goal_create(actor=seer, fields=fields_of(stage, cycle, story, title=title), prompted_by=prompted_by)
    stage.goals[story.key] = goal
    stage.refs[f"goal:{story.key}"] = SubjectRef("goals.goal", goal.pk)
    for place in range(len(story.keys)):
        if (story.key, place) not in ADDED_LATER:
            key_result_create(stage, story, place, target=FIRST_TARGETS.get((story.key, place)))
    for title in story.initiatives:
        goal.refresh_from_db()
        stage.initiatives[story.key, title] = initiative_add(actor=actor, goal=goal, title=title, version=goal.version)


def key_result_create(
    stage: Stage, story: StoryGoal, place: int, *, target: float | None = None, reason: str = ""
) -> None:
    """Add one key result of the story to its goal."""
    goal = stage.goals[story.key]
    goal.refresh_from_db()
    stage.key_results[story.key, place] = key_result_add(
        actor=stage.actor(story.owner),
        goal=goal,
        terms=terms_of(story.keys[place], target=target),
        version=goal.version,
        reason=reason,
    )


def _connect(stage: Stage, story: StoryGoal) -> None:
    """Alignments, stakeholders who sign, and what it needs from others."""
    actor, goal = stage.actor(story.owner), stage.goals[story.key]
    for parent, weight in story.parents:
        goal.refresh_from_db()
        goal_align(
            actor=actor,
            child=goal,
            parent=stage.goals[parent],
            version=goal.version,
            rule="contributes" if weight else "supports",
            weight=weight or 1.0,
        )
    if story.stakeholders:
        numbers = [stage.stakeholder_ids[key] for key in story.stakeholders]
        goal_signatories_set(actor=actor, goal=goal, stakeholder_ids=numbers)
    for place, need in enumerate(story.needs):
        goal.refresh_from_db()
        stage.dependencies[story.key, place] = dependency_request(
            actor=actor,
            goal=goal,
            provider_id=stage.person_id(need.provider),
            text=need.text,
            version=goal.version,
            provider_goal=stage.goals[need.goal] if need.goal else None,
            needed_on=stage.calendar.day(need.needed_in_days),
        )


def _propose(stage: Stage, story: StoryGoal) -> None:
    actor, goal = stage.actor(story.owner), stage.goals[story.key]
    goal.refresh_from_db()
    goal_propose(actor=actor, goal=goal, version=goal.version, note="Ready for signatures.")
    for key in story.stakeholders:
        if key in _GUEST_OF:
            name, email = _GUEST_ADDRESSES[_GUEST_OF[key]]
            share_with_guest(actor=actor, subject=stage.refs[f"goal:{story.key}"], email=email, name=name)


def _sign(stage: Stage, story: StoryGoal) -> None:
    if story.key == STANDING_GOAL:
        _object_and_stand(stage, story)
    sign(stage, story.key, besides=story.unsigned)


def sign(stage: Stage, goal_key: str, *, besides: tuple[str, ...] = (), only: tuple[str, ...] = ()) -> None:
    """Let everybody who is asked and has not signed the newest text sign it."""
    found = sign_off_of(stage.system, stage.refs[f"goal:{goal_key}"])
    if found is None:
        raise RuntimeError(f"The demo's goal “{goal_key}” has no sign-off.")
    proposal = proposal_for(stage.system, found.proposal_id)
    left_out = {stage.person_id(key) for key in besides}
    wanted = {stage.person_id(key) for key in only}
    guests = {stage.person_id(key) for key in stage.guest_keys}
    for row in found.rows:
        if row.is_signed or row.person_id in left_out or (only and row.person_id not in wanted):
            continue
        actor = stage.actor_of(row.person_id, is_guest=row.person_id in guests)
        position_take(actor=actor, proposal=proposal, stance="agree", version=found.version)


def _object_and_stand(stage: Stage, story: StoryGoal) -> None:
    found = sign_off_of(stage.system, stage.refs[f"goal:{story.key}"])
    if found is None:
        raise RuntimeError("The goal with the standing objection has no sign-off.")
    proposal = proposal_for(stage.system, found.proposal_id)
    objector, steward = stage.actor(STANDING_BY), stage.actor(story.owner)
    position_take(actor=objector, proposal=proposal, stance="object", version=found.version, reason=STANDING_REASON)
    objection = open_objection(steward, proposal, stage.person_id(STANDING_BY))
    objection_stand(actor=steward, objection=objection, note=STANDING_ANSWER)
    position_take(
        actor=objector,
        proposal=proposal,
        stance="agree_with_reservation",
        version=found.version,
        reason=STANDING_RESERVATION,
    )


def _drop(stage: Stage, story: StoryGoal) -> None:
    goal_drop(actor=stage.actor(story.owner), goal=stage.goals[story.key], reason=story.reason)
