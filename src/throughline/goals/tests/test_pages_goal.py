"""The page of a goal: what it shows, to whom, at what cost; its number and its versions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.worlds import World, as_actor
from throughline.access.models import Share
from throughline.goals.models import Comment, Goal
from throughline.goals.services import KeyResultTerms, checkin_submit, comment_add, goal_align, goal_drop
from throughline.goals.tests.goal_world import active_goal, goal_of, proposed, with_key_result
from throughline.kernel.clock import now, today

Browse = Callable[[Any], Client]


def _url(world: World, name: str, **kwargs: Any) -> str:
    return reverse(f"goals:{name}", kwargs={"org": world.org.slug, **kwargs})


def _page(world: World, client: Client, goal: Goal, name: str = "goal") -> str:
    answer = client.get(_url(world, name, goal_id=goal.pk))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_names_signatures_key_results_and_the_line(world: World, browse: Browse) -> None:
    goal = active_goal(world)
    page = _page(world, browse(world.ben), goal)
    for words in ("Signed by everyone asked (1)", "Half the wait", "20 → 10 days", "The line of this goal", "Active"):
        assert words in page


def test_the_page_costs_the_same_with_many_parts_and_comments(world: World, browse: Browse) -> None:
    goal, tom = goal_of(world), as_actor(world.tom)
    with_key_result(tom, goal)
    comment_add(actor=tom, goal=goal, text="One.")
    client = browse(world.tom)
    url = _url(world, "goal", goal_id=goal.pk)
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for number in range(5):
        with_key_result(tom, goal, KeyResultTerms(title=f"Key {number}", baseline=0, target=10))
        comment_add(actor=tom, goal=goal, text=f"Comment {number}", mention_ids=[world.ben.pk])
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) <= len(few) + 1  # the mentioned people, read once
    assert len(many) <= 60


def test_what_one_may_not_do_is_disabled_with_its_reason(world: World, browse: Browse) -> None:
    page = _page(world, browse(world.mia), active_goal(world))
    assert "Check-ins are made by the goal’s owners" in page or "Check-ins are made by the goal&#x27;s owners" in page
    assert 'aria-disabled="true"' in page
    assert "Add one" not in page


def test_a_guest_sees_the_goal_only_when_it_was_shared(world: World, browse: Browse) -> None:
    goal, client = goal_of(world), browse(world.gus)
    url = _url(world, "goal", goal_id=goal.pk)
    assert client.get(url).status_code == 404
    Share.objects.create(
        org=world.org, person=world.gus, subject_kind="goals.goal", subject_id=goal.pk, created_at=now()
    )
    answer = client.get(url)
    assert answer.status_code == 200
    assert "Explain the number" not in answer.content.decode()
    assert client.post(_url(world, "comment", goal_id=goal.pk), {"text": "From outside."}).status_code == 302
    assert Comment.objects.get().text == "From outside."


def test_a_parent_one_cannot_open_keeps_its_title(world: World, browse: Browse) -> None:
    child, parent = goal_of(world), goal_of(world, title="Secret plan", visibility="team")
    goal_align(actor=as_actor(world.tom), child=child, parent=parent, version=child.version)
    page = _page(world, browse(world.mia), child)
    assert "Something you cannot open" in page
    assert "Secret plan" not in page


def test_the_number_is_explained_line_by_line(world: World, browse: Browse) -> None:
    parent, child = active_goal(world, title="Parent"), active_goal(world, title="Child")
    dropped = goal_of(world, title="Given up")
    tom = as_actor(world.tom)
    for below in (child, dropped):
        below.refresh_from_db()
        goal_align(actor=tom, child=below, parent=parent, version=below.version)
    goal_drop(actor=tom, goal=dropped, reason="Not this year.")
    own = Goal.objects.get(part_of=parent)
    checkin_submit(actor=tom, goal=own, value=15, confidence_0_1=None, status="on_track")
    page = _page(world, browse(world.ben), parent, "explain")
    assert "The points add up to 25." in page
    assert "<del>Given up</del>" in page
    assert "not signed, or dropped" in page
    assert "nan" not in page
    assert _url(world, "explain", goal_id=child.pk) in page


def test_a_past_day_is_explained_and_a_coming_one_refused(world: World, browse: Browse) -> None:
    goal, client = active_goal(world), browse(world.ben)
    url = _url(world, "explain", goal_id=goal.pk)
    yesterday = today() - timedelta(days=1)
    page = client.get(url, {"on": yesterday.isoformat()})
    assert page.status_code == 200
    assert "On the evening of" in page.content.decode()
    assert client.get(url, {"on": (today() + timedelta(days=2)).isoformat()}).status_code == 422
    assert client.get(url, {"on": "tomorrow"}).status_code == 422


def test_any_two_versions_are_compared(world: World, browse: Browse) -> None:
    goal = goal_of(world)
    with_key_result(as_actor(world.tom), goal)
    client = browse(world.ben)
    page = client.get(_url(world, "versions", goal_id=goal.pk), {"from": "1", "to": "2"}).content.decode()
    assert "From version 1 to version 2" in page
    assert "<ins>" in page
    assert "Half the wait" in page


def test_the_person_asked_is_offered_to_sign(world: World, browse: Browse) -> None:
    goal = proposed(goal_of(world), as_actor(world.tom))
    assert "Read and sign" in _page(world, browse(world.tom), goal)
    assert "Read and sign" not in _page(world, browse(world.ben), goal)


def test_a_key_result_reached_by_two_ways_is_shown_with_both(world: World, browse: Browse) -> None:
    top, left, right = (active_goal(world, title=title) for title in ("Top", "Left", "Right"))
    shared, tom = active_goal(world, title="Shared"), as_actor(world.tom)
    for child, parent in ((left, top), (right, top), (shared, left), (shared, right)):
        child.refresh_from_db()
        goal_align(actor=tom, child=child, parent=parent, version=child.version)
    client, url = browse(world.ben), _url(world, "explain", goal_id=top.pk)
    assert "Show what counts by several ways" in client.get(url).content.decode()
    page = client.get(url, {"ways": "1"}).content.decode()
    assert "33.3 % in all: 16.7 % by Left → Shared; 16.7 % by Right → Shared" in page
