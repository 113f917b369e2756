"""What happens while goals are active: check-ins, promises kept or not, comments, changes, and the end of a cycle."""

from __future__ import annotations

from functools import partial

from throughline.decisions.selectors.pages import proposal_for
from throughline.decisions.selectors.sign_offs import sign_off_of
from throughline.decisions.services import position_take
from throughline.goals.services import (
    checkin_submit,
    comment_add,
    cycle_close,
    dependency_accept,
    dependency_at_risk,
    dependency_decline,
    dependency_deliver,
    goal_close,
    goal_edit,
    initiative_done,
    key_result_edit,
    milestone_done,
)
from throughline.shell.demo.load_goals import (
    CURRENT,
    EARLIER,
    MANAGES,
    fields_of,
    key_result_create,
    sign,
    terms_of,
)
from throughline.shell.demo.readings import StoryReading, checkin_days, readings_of
from throughline.shell.demo.stage import Script, Stage
from throughline.shell.demo.story.goals import FINISHED, NOW
from throughline.shell.demo.story.shapes import StoryComment, StoryEnd, StoryGoal, StoryNeed
from throughline.shell.demo.story.turns import (
    ADDED_LATER,
    EDITORIAL_DAYS,
    EDITORIAL_REASON,
    FIRST_TARGETS,
    FIRST_TITLES,
    TERMS_DAYS,
    TERMS_OBJECTION,
    TERMS_REASON,
    TERMS_SIGNED,
)

# Days into the finished cycle on which its goals were looked at.
EARLIER_CHECKINS = (14, 42, 70, 98, 110)
_BY_KEY = {story.key: story for story in NOW}


def tracking_script(stage: Stage, script: Script) -> None:
    """Everything between the start of a cycle and today."""
    for place, ended in enumerate(FINISHED):
        _earlier_script(stage, script, place, ended)
    ends = stage.calendar.earlier_ends
    script.add(ends + 1, 18, partial(_close_cycle, stage), settles=True)
    for place, story in enumerate(NOW):
        if story.state == "active":
            _current_script(stage, script, place, story)
        for comment in story.comments:
            script.add(-comment.days_ago, 14, partial(_comment, stage, story, comment))
        for number, need in enumerate(story.needs):
            _need_script(stage, script, story, number, need)
        for title in story.done_initiatives:
            script.add(-18, 16, partial(_initiative_done, stage, story, title))
    _turns_script(stage, script)


def _earlier_script(stage: Stage, script: Script, place: int, story: StoryEnd) -> None:
    starts, ends = stage.calendar.earlier_starts, stage.calendar.earlier_ends
    count = len(EARLIER_CHECKINS)
    for number, day in enumerate(EARLIER_CHECKINS):
        script.add(
            starts + day,
            9 + place // 10,
            partial(_check_in, stage, story, number, count, is_told_late=True),
            minute=5 * (place % 10),
        )
    script.add(ends + 1, 10, partial(_close, stage, story), minute=place)


def _current_script(stage: Stage, script: Script, place: int, story: StoryGoal) -> None:
    days = checkin_days(story, place, stage.calendar)
    for number, day in enumerate(days):
        script.add(
            day,
            9 + place % 6,
            partial(_check_in, stage, story, number, len(days), is_told_late=False),
            minute=place % 50,
        )


def _check_in(stage: Stage, story: StoryGoal, number: int, count: int, *, is_told_late: bool) -> None:
    for place, key in enumerate(story.keys):
        part = stage.key_results.get((story.key, place))
        # A key result that came later has readings from then on.
        if part is None or key.is_silent:
            continue
        reading = readings_of(key, count, is_told_late=is_told_late)[number]
        _milestones(stage, story, place, reading)
        checkin_submit(
            actor=stage.actor(story.owner),
            goal=part,
            value=reading.value,
            confidence_0_1=reading.confidence_0_1,
            status=reading.status,
            note=key.note if number == count - 1 else "",
        )


def _milestones(stage: Stage, story: StoryGoal, place: int, reading: StoryReading) -> None:
    done = list(stage.key_results[story.key, place].milestones.order_by("position", "id")[: reading.steps_done])
    for milestone in done:
        milestone_done(actor=stage.actor(story.owner), milestone=milestone)


def _close(stage: Stage, story: StoryEnd) -> None:
    goal_close(
        actor=stage.actor(story.owner),
        goal=stage.goals[story.key],
        score_0_1=story.score,
        retrospective=story.retrospective,
        reason="The cycle has ended.",
    )


def _close_cycle(stage: Stage) -> None:
    cycle_close(actor=stage.actor(MANAGES), cycle=stage.cycles[EARLIER])


def _comment(stage: Stage, story: StoryGoal, comment: StoryComment) -> None:
    comment_add(
        actor=stage.actor(comment.person),
        goal=stage.goals[story.key],
        text=comment.text,
        mention_ids=[stage.person_id(key) for key in comment.mentions],
    )


def _initiative_done(stage: Stage, story: StoryGoal, title: str) -> None:
    initiative_done(actor=stage.actor(story.owner), initiative=stage.initiatives[story.key, title])


def _need_script(stage: Stage, script: Script, story: StoryGoal, number: int, need: StoryNeed) -> None:
    answers = {
        "accepted": dependency_accept,
        "at_risk": dependency_at_risk,
        "delivered": dependency_deliver,
        "declined": dependency_decline,
    }
    starts = stage.calendar.starts
    if need.state == "requested":
        return
    # A refusal comes before anybody signs, so that nobody signs what nobody provides.
    last = starts - 5 if need.state == "declined" else -16 if need.state == "at_risk" else -11
    if need.state in ("at_risk", "delivered"):
        script.add(starts + 4, 13, partial(_answer, stage, story, number, dependency_accept, ""))
    day = starts + 4 if need.state == "accepted" else last
    script.add(day, 20, partial(_answer, stage, story, number, answers[need.state], need.answer), minute=number)


def _answer(stage: Stage, story: StoryGoal, number: int, service: object, answer: str) -> None:
    if not callable(service):
        raise TypeError("An answer to a dependency is one of the four services.")
    need = story.needs[number]
    dependency = stage.dependencies[story.key, number]
    service(actor=stage.actor(need.provider), dependency=dependency, answer=answer)


def _turns_script(stage: Stage, script: Script) -> None:
    for (goal, place), (days, reason) in ADDED_LATER.items():
        script.add(days, 8, partial(_add_later, stage, goal, place, reason), settles=True)
        script.add(days + 2, 16, partial(sign, stage, goal), settles=True)
    for goal, place in FIRST_TARGETS:
        script.add(TERMS_DAYS, 8, partial(_sharpen, stage, goal, place), settles=True)
        script.add(TERMS_DAYS + 1, 16, partial(sign, stage, goal, only=TERMS_SIGNED))
        script.add(TERMS_DAYS + 2, 11, partial(_object, stage, goal), settles=True)
    for goal in FIRST_TITLES:
        script.add(EDITORIAL_DAYS, 11, partial(_smooth, stage, goal), settles=True)


def _add_later(stage: Stage, goal: str, place: int, reason: str) -> None:
    key_result_create(stage, _BY_KEY[goal], place, reason=reason)


def _sharpen(stage: Stage, goal_key: str, place: int) -> None:
    story, goal = _BY_KEY[goal_key], stage.goals[goal_key]
    goal.refresh_from_db()
    key_result_edit(
        actor=stage.actor(story.owner),
        key_result=stage.key_results[goal_key, place],
        terms=terms_of(story.keys[place]),
        version=goal.version,
        reason=TERMS_REASON,
    )


def _object(stage: Stage, goal_key: str) -> None:
    person, reason = TERMS_OBJECTION
    found = sign_off_of(stage.system, stage.refs[f"goal:{goal_key}"])
    if found is None:
        raise RuntimeError("The goal with the open objection has no sign-off.")
    position_take(
        actor=stage.actor(person),
        proposal=proposal_for(stage.system, found.proposal_id),
        stance="object",
        version=found.version,
        reason=reason,
    )


def _smooth(stage: Stage, goal_key: str) -> None:
    story, goal = _BY_KEY[goal_key], stage.goals[goal_key]
    goal.refresh_from_db()
    goal_edit(
        actor=stage.actor(story.owner),
        goal=goal,
        fields=fields_of(stage, CURRENT, story, title=story.title),
        version=goal.version,
        reason=EDITORIAL_REASON,
        is_editorial=True,
    )
