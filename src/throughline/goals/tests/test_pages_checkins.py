"""Check-ins and comments through their pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client
from django.urls import reverse

from tests.worlds import World, as_actor
from throughline.goals.models import CheckIn, Comment, Goal
from throughline.goals.services import goal_align
from throughline.goals.tests.goal_world import active_goal, goal_of

Browse = Callable[[Any], Client]


def _url(world: World, name: str, **kwargs: Any) -> str:
    return reverse(f"goals:{name}", kwargs={"org": world.org.slug, **kwargs})


def _key_result(world: World) -> Goal:
    return Goal.objects.get(part_of=active_goal(world))


def test_a_check_in_shows_what_moved_above_it(world: World, browse: Browse) -> None:
    parent, child = active_goal(world, title="Far above"), active_goal(world, title="Below")
    goal_align(actor=as_actor(world.tom), child=child, parent=parent, version=child.version)
    Goal.objects.filter(part_of=parent).update(weight=0)
    part, client = Goal.objects.get(part_of=child), browse(world.tom)
    sent = {"value": "15", "confidence_percent": "60", "status": "on_track", "note": "Half way."}
    answer = client.post(_url(world, "check_in", goal_id=part.pk), sent, follow=True)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "0 → 50 %" in page
    assert "Far above" in page
    assert CheckIn.objects.get().confidence_0_1 == 0.6


def test_a_double_click_checks_in_once(world: World, browse: Browse) -> None:
    part, client = _key_result(world), browse(world.tom)
    sent = {"value": "15", "status": "on_track", "once": "same"}
    for _ in range(2):
        assert client.post(_url(world, "check_in", goal_id=part.pk), sent).status_code == 302
    assert CheckIn.objects.count() == 1


def test_a_check_in_without_a_number_is_kept_as_typed(world: World, browse: Browse) -> None:
    part = _key_result(world)
    sent = {"value": "fifteen", "confidence_percent": "160", "note": "Nearly there."}
    answer = browse(world.tom).post(_url(world, "check_in", goal_id=part.pk), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "fifteen" in page
    assert "Nearly there." in page
    assert not CheckIn.objects.exists()


def test_a_day_that_has_not_come_is_refused(world: World, browse: Browse) -> None:
    part = _key_result(world)
    sent = {"value": "15", "on": "2999-01-01"}
    answer = browse(world.tom).post(_url(world, "check_in", goal_id=part.pk), sent)
    assert answer.status_code == 422
    assert "choose today or an earlier day" in answer.content.decode()


def test_an_unsigned_goal_takes_no_check_in(world: World, browse: Browse) -> None:
    goal = goal_of(world)
    answer = browse(world.tom).post(_url(world, "check_in", goal_id=goal.pk), {"status": "on_track"})
    assert answer.status_code == 409
    assert "once a goal is signed" in answer.content.decode()


def test_a_corrected_check_in_stays_visible(world: World, browse: Browse) -> None:
    part, client = _key_result(world), browse(world.tom)
    client.post(_url(world, "check_in", goal_id=part.pk), {"value": "5", "status": "on_track"})
    old = CheckIn.objects.get()
    url = _url(world, "checkin_correct", checkin_id=old.pk)
    assert client.post(url, {"value": "15", "status": "at_risk"}).status_code == 302
    page = client.get(_url(world, "goal", goal_id=part.pk)).content.decode()
    assert "<del>5 days, On track</del>" in page
    assert "15 days, At risk" in page


def test_a_comment_tells_the_people_picked(world: World, browse: Browse) -> None:
    goal, client = goal_of(world), browse(world.ben)
    url = _url(world, "comment", goal_id=goal.pk)
    answer = client.post(url, {"text": "Look at this.", "mention_ids": [world.mia.pk]})
    assert answer["Location"].endswith("#comments")
    comment = Comment.objects.get()
    assert [mention.person_id for mention in comment.mentions.all()] == [world.mia.pk]
    page = client.get(_url(world, "goal", goal_id=goal.pk)).content.decode()
    assert "told Mia Mbeki" in page
    assert client.post(url, {"text": ""}).status_code == 422


def test_only_readers_can_be_picked_for_a_teams_goal(world: World, browse: Browse) -> None:
    goal = goal_of(world, visibility="team")
    page = browse(world.ben).get(_url(world, "comment", goal_id=goal.pk)).content.decode()
    assert "Tom Takeda" in page
    assert "Mia Mbeki" not in page


def test_one_changes_and_withdraws_only_ones_own_comment(world: World, browse: Browse) -> None:
    goal, client = goal_of(world), browse(world.ben)
    client.post(_url(world, "comment", goal_id=goal.pk), {"text": "First thought."})
    comment = Comment.objects.get()
    change = _url(world, "comment_change", comment_id=comment.pk)
    assert browse(world.mia).post(change, {"text": "Not mine."}).status_code == 403
    assert client.post(change, {"text": "Second thought."}).status_code == 302
    client.post(_url(world, "comment_withdraw", comment_id=comment.pk))
    page = client.get(_url(world, "goal", goal_id=goal.pk)).content.decode()
    assert "This comment was withdrawn." in page
    assert "thought" not in page
