"""Cycles and strategic themes through their pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client
from django.urls import reverse

from tests.worlds import World
from throughline.goals.models import Cycle, StrategicTheme
from throughline.goals.tests.goal_world import active_goal, cycle_of, goal_of, theme_of

Browse = Callable[[Any], Client]


def _url(world: World, name: str, **kwargs: Any) -> str:
    return reverse(f"goals:{name}", kwargs={"org": world.org.slug, **kwargs})


def test_a_cycle_is_planned_once_and_listed(world: World, browse: Browse) -> None:
    client = browse(world.fay)
    sent = {"name": "Autumn", "starts_on": "2026-09-01", "ends_on": "2026-12-31", "cadence": "weekly", "once": "a"}
    first, second = client.post(_url(world, "cycle_new"), sent), client.post(_url(world, "cycle_new"), sent)
    cycle = Cycle.objects.get()
    assert first["Location"] == second["Location"]
    assert reverse("shell:cycle", kwargs={"org": world.org.slug, "cycle_id": cycle.pk}) == first["Location"]
    assert "Autumn" in client.get(_url(world, "cycles")).content.decode()


def test_a_cycle_that_ends_before_it_begins_is_refused(world: World, browse: Browse) -> None:
    sent = {"name": "Autumn", "starts_on": "2026-09-01", "ends_on": "2026-08-31", "cadence": "weekly"}
    answer = browse(world.fay).post(_url(world, "cycle_new"), sent)
    assert answer.status_code == 422
    assert 'value="Autumn"' in answer.content.decode()


def test_a_member_reads_why_they_cannot_plan(world: World, browse: Browse) -> None:
    page = browse(world.ben).get(_url(world, "cycles")).content.decode()
    assert "Cycles are set up by facilitators" in page


def test_a_stale_cycle_form_is_refused_with_the_note_kept(world: World, browse: Browse) -> None:
    cycle, client = cycle_of(world), browse(world.fay)
    url = _url(world, "cycle_edit", cycle_id=cycle.pk)
    sent = {"name": "H1", "starts_on": "2026-01-05", "ends_on": "2026-06-30", "cadence": "weekly", "version": "1"}
    assert client.post(url, sent).status_code == 302
    answer = client.post(url, {**sent, "note": "My own note."})
    assert answer.status_code == 409
    assert "My own note." in answer.content.decode()


def test_a_cycle_with_active_goals_is_not_closed(world: World, browse: Browse) -> None:
    goal = active_goal(world)
    answer = browse(world.fay).post(_url(world, "cycle_close", cycle_id=goal.cycle_id))
    assert answer.status_code == 409
    assert "still active in this cycle" in answer.content.decode()


def test_a_cycle_is_started(world: World, browse: Browse) -> None:
    cycle = cycle_of(world)
    assert browse(world.fay).post(_url(world, "cycle_start", cycle_id=cycle.pk)).status_code == 302
    cycle.refresh_from_db()
    assert cycle.state == "running"


def test_a_theme_shows_its_goals_and_their_progress(world: World, browse: Browse) -> None:
    theme = theme_of(world)
    active_goal(world, theme_id=theme.pk)
    goal_of(world, title="Only a thought", theme_id=theme.pk)
    page = browse(world.ben).get(_url(world, "theme", theme_id=theme.pk)).content.decode()
    assert "2 goals, 0 % on average" in page
    assert "Only a thought" in page


def test_sustainability_themes_are_followed_together(world: World, browse: Browse) -> None:
    theme_of(world)
    client = browse(world.fay)
    client.post(_url(world, "theme_new"), {"title": "Half the energy", "is_sustainability": "on"})
    assert StrategicTheme.objects.get(title="Half the energy").is_sustainability
    page = client.get(f"{_url(world, 'themes')}?sustainability=1").content.decode()
    assert "Half the energy" in page
    assert "Shorter waits" not in page


def test_a_dropped_theme_leaves_the_list(world: World, browse: Browse) -> None:
    theme, client = theme_of(world), browse(world.fay)
    assert client.post(_url(world, "theme_drop", theme_id=theme.pk)).status_code == 302
    assert theme.title not in client.get(_url(world, "themes")).content.decode().split("<main")[1].split("messages")[-1]
    assert client.get(_url(world, "theme", theme_id=theme.pk)).status_code == 200
