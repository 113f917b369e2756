"""The list of goals: three views, one filter in the address, fragments, export, and what one owes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.worlds import World, as_actor
from throughline.goals.models import Goal
from throughline.goals.services import goal_align
from throughline.goals.tests.goal_world import active_goal, cycle_of, goal_of

Browse = Callable[[Any], Client]


def _url(world: World, name: str = "list", **kwargs: Any) -> str:
    return reverse(f"goals:{name}", kwargs={"org": world.org.slug, **kwargs})


def _aligned(world: World, child: Goal, parent: Goal) -> None:
    child.refresh_from_db()
    goal_align(actor=as_actor(world.tom), child=child, parent=parent, version=child.version)


def _queries(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


@pytest.mark.parametrize("view", ["tree", "table", "outline"])
def test_every_view_shows_the_same_goals(world: World, browse: Browse, view: str) -> None:
    goal_of(world, title="Fewer outages")
    page = browse(world.ben).get(_url(world), {"view": view}).content.decode()
    assert "Fewer outages" in page
    assert f'?view={view}" aria-current' in page.replace("&amp;", "&")


@pytest.mark.parametrize("view", ["tree", "table", "outline"])
def test_queries_do_not_grow_with_rows(world: World, browse: Browse, view: str) -> None:
    goal_of(world, title="Goal 0")
    client = browse(world.ben)
    url = f"{_url(world)}?view={view}"
    few = _queries(client, url)
    for number in range(1, 12):
        goal_of(world, title=f"Goal {number}")
    assert _queries(client, url) == few
    assert few <= 26


def test_open_branches_cost_the_same_however_many(world: World, browse: Browse) -> None:
    parents = [goal_of(world, title=f"Parent {number}") for number in range(3)]
    for number, parent in enumerate(parents):
        _aligned(world, goal_of(world, title=f"Child {number}"), parent)
    client = browse(world.ben)
    one = _queries(client, f"{_url(world)}?open={parents[0].pk}")
    every = f"{_url(world)}?open={'.'.join(str(parent.pk) for parent in parents)}"
    assert _queries(client, every) == one
    page = client.get(every).content.decode()
    assert all(f"Child {number}" in page for number in range(3))


def test_a_closed_branch_is_opened_by_a_plain_link(world: World, browse: Browse) -> None:
    parent = goal_of(world, title="Parent")
    _aligned(world, goal_of(world, title="Hidden below"), parent)
    client = browse(world.ben)
    closed = client.get(_url(world)).content.decode()
    assert "Hidden below" not in closed
    assert f'href="?view=tree&amp;open={parent.pk}"' in closed
    assert "Hidden below" in client.get(f"{_url(world)}?view=tree&open={parent.pk}").content.decode()


def test_a_candidate_is_struck_through(world: World, browse: Browse) -> None:
    goal_of(world, title="Only a thought")
    page = browse(world.ben).get(_url(world)).content.decode()
    assert 'is-struck"' in page
    assert "(not counted)" in page


def test_the_filter_is_in_the_address(world: World, browse: Browse) -> None:
    cycle = cycle_of(world)
    goal_of(world, title="In the cycle", cycle_id=cycle.pk)
    goal_of(world, title="Outside of it")
    client = browse(world.ben)
    for query in (f"cycle={cycle.pk}", "q=the cycle"):
        page = client.get(f"{_url(world)}?{query}").content.decode()
        assert "In the cycle" in page
        assert "Outside of it" not in page
    mine = client.get(f"{_url(world)}?mine=1").content.decode()
    assert "No goal fits this filter" in mine


def test_other_names_of_the_filter_lead_to_the_plain_ones(world: World, browse: Browse) -> None:
    answer = browse(world.ben).get(_url(world), {"cycle_id": "3", "is_mine": "1"})
    assert answer.status_code == 302
    assert answer["Location"].endswith("?cycle=3&mine=1")


def test_an_empty_list_says_what_to_do(world: World, browse: Browse) -> None:
    page = browse(world.ben).get(_url(world)).content.decode()
    assert "Write down the first one" in page


def test_the_table_pages_by_key(world: World, browse: Browse) -> None:
    for number in range(51):
        goal_of(world, title=f"Goal {number:02}")
    client = browse(world.ben)
    first = client.get(f"{_url(world)}?view=table")
    assert "Goal 49" in first.content.decode()
    assert "Goal 50" not in first.content.decode()
    second = client.get(first.context["older_url"].join([_url(world), ""])).content.decode()
    assert "Goal 50" in second


def test_a_cursor_nobody_gave_out_is_refused(world: World, browse: Browse) -> None:
    assert browse(world.ben).get(f"{_url(world)}?cursor=nonsense").status_code == 422


def test_the_export_is_guarded_against_formulas(world: World, browse: Browse) -> None:
    goal_of(world, title="=HYPERLINK(1)")
    goal_of(world, title="Plain")
    answer = browse(world.ben).get(_url(world, "export"))
    text = b"".join(answer.streaming_content).decode()
    assert answer["Content-Type"].startswith("text/csv")
    assert "'=HYPERLINK(1)" in text
    assert ",Plain,Candidate,Platform,Tom Takeda," in text


def test_the_export_follows_the_filter_over_several_pieces(world: World, browse: Browse) -> None:
    for number in range(205):
        goal_of(world, title=f"Goal {number:03}")
    goal_of(world, title="Something else")
    answer = browse(world.ben).get(f"{_url(world, 'export')}?q=Goal")
    lines = b"".join(answer.streaming_content).decode().strip().splitlines()
    assert len(lines) == 206
    assert "Something else" not in "".join(lines)


def test_due_lists_only_what_the_reader_owes(world: World, browse: Browse) -> None:
    goal = active_goal(world)
    Goal.objects.filter(part_of=goal).update(due_on="2026-01-12", owner_id=world.tom.pk)
    part = Goal.objects.get(part_of=goal)
    page = browse(world.tom).get(_url(world, "due")).content.decode()
    assert _url(world, "check_in", goal_id=part.pk) in page
    assert "late" in page
    assert "No check-in waits for you" in browse(world.mia).get(_url(world, "due")).content.decode()
