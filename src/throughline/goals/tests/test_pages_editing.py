"""Writing goals down and changing them through forms: what is kept, refused, tried before saving, and done once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.worlds import World, as_actor
from throughline.goals.models import Alignment, Goal
from throughline.goals.tests.goal_world import active_goal, goal_of, theme_of, with_key_result
from throughline.ledger.models import Link

Browse = Callable[[Any], Client]


def _url(world: World, name: str, **kwargs: Any) -> str:
    return reverse(f"goals:{name}", kwargs={"org": world.org.slug, **kwargs})


def _fields(world: World, **changes: Any) -> dict[str, Any]:
    plain = {"title": "Fewer outages", "level": "unit", "unit_id": world.platform.pk, "owner_id": world.tom.pk}
    return {**plain, **changes}


def test_a_new_goal_is_written_with_its_parents_and_what_prompted_it(world: World, browse: Browse) -> None:
    parent, theme = goal_of(world, title="Parent"), theme_of(world)
    url = f"{_url(world, 'new')}?prompted_by=goals.theme:{theme.pk}"
    client = browse(world.tom)
    assert theme.title in client.get(url).content.decode()
    answer = client.post(url, _fields(world, parent_ids=[parent.pk]))
    made = Goal.objects.get(title="Fewer outages")
    assert answer["Location"] == _url(world, "goal", goal_id=made.pk)
    assert Alignment.objects.filter(child=made, parent=parent).exists()
    assert Link.objects.filter(relation="prompted_by", from_id=made.pk, to_id=theme.pk).exists()


def test_a_double_click_writes_one_goal(world: World, browse: Browse) -> None:
    client, sent = browse(world.tom), _fields(world, once="the-same-press")
    first, second = client.post(_url(world, "new"), sent), client.post(_url(world, "new"), sent)
    assert first["Location"] == second["Location"]
    assert Goal.objects.filter(title="Fewer outages").count() == 1


def test_a_form_with_errors_keeps_what_was_typed(world: World, browse: Browse) -> None:
    sent = _fields(world, title="", description="A long thought.", ends_on="2026-02-31")
    answer = browse(world.tom).post(_url(world, "new"), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "A long thought." in page
    assert "2026-02-31" in page
    assert not Goal.objects.exists()


def test_a_search_on_the_way_saves_nothing_and_keeps_the_press(world: World, browse: Browse) -> None:
    goal_of(world, title="Something far above")
    client = browse(world.mia)
    sent = _fields(world, once="one-press", find="parent", parent_find="far above")
    found = client.post(_url(world, "new"), sent)
    assert found.status_code == 422
    assert "Something far above" in found.content.decode()
    assert "Fewer outages" in found.content.decode()
    assert "errors" not in found.content.decode().split("<form", 2)[1]
    assert client.post(_url(world, "new"), _fields(world, once="one-press")).status_code == 302


def test_an_unsigned_goal_is_saved_at_once(world: World, browse: Browse) -> None:
    goal = goal_of(world)
    sent = _fields(world, title="Clearer words", version=goal.version)
    assert browse(world.tom).post(_url(world, "edit", goal_id=goal.pk), sent).status_code == 302
    goal.refresh_from_db()
    assert (goal.title, goal.version) == ("Clearer words", 2)


def test_a_signed_goal_shows_who_is_asked_again_before_saving(world: World, browse: Browse) -> None:
    goal, client = active_goal(world), browse(world.tom)
    url = _url(world, "edit", goal_id=goal.pk)
    sent = _fields(world, title="A stronger promise", cycle_id=goal.cycle_id, version=goal.version)
    looked = client.post(url, sent)
    goal.refresh_from_db()
    assert looked.status_code == 200
    assert "Who is asked again" in looked.content.decode()
    assert "Tom Takeda" in looked.content.decode()
    assert goal.title != "A stronger promise"
    assert client.post(url, {**sent, "sure": "1"}).status_code == 302
    goal.refresh_from_db()
    assert goal.title == "A stronger promise"


def test_an_editorial_change_asks_nobody(world: World, browse: Browse) -> None:
    goal = active_goal(world)
    sent = _fields(world, title="Patients wait half as long!", cycle_id=goal.cycle_id, version=goal.version)
    looked = browse(world.tom).post(_url(world, "edit", goal_id=goal.pk), {**sent, "is_editorial": "on"})
    assert "Nobody." in looked.content.decode()
    assert "Every signature carries over." in looked.content.decode()


def test_a_stale_form_is_refused_with_the_text_kept_and_the_difference(world: World, browse: Browse) -> None:
    goal = goal_of(world)
    with_key_result(as_actor(world.tom), goal)
    sent = _fields(world, title="My own words", version=1)
    answer = browse(world.tom).post(_url(world, "edit", goal_id=goal.pk), sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'value="My own words"' in page
    assert "What the other change made of it" in page
    assert 'name="version" value="2"' in page


@pytest.mark.parametrize(
    ("measure", "numbers"),
    [
        ("increase_to", {"baseline": "0", "target": "10"}),
        ("decrease_to", {"baseline": "10", "target": "0"}),
        ("keep_within", {"low": "1", "high": "2"}),
        ("milestones", {"milestone_title_0": "First", "milestone_title_2": "Second"}),
    ],
)
def test_each_kind_of_key_result_has_its_form(
    world: World, browse: Browse, measure: str, numbers: dict[str, str]
) -> None:
    goal, client = goal_of(world), browse(world.tom)
    url = f"{_url(world, 'key_result_new', goal_id=goal.pk)}?measure={measure}"
    assert client.get(url).status_code == 200
    sent = {"title": "Measured", "weight": "1", "version": goal.version, **numbers}
    assert client.post(url, sent).status_code == 302
    made = Goal.objects.get(part_of=goal)
    assert made.measure == measure
    assert made.milestones.count() == (2 if measure == "milestones" else 0)
    assert client.get(_url(world, "part_edit", goal_id=made.pk)).status_code == 200


def test_a_key_result_that_makes_no_sense_is_refused_in_words(world: World, browse: Browse) -> None:
    goal = goal_of(world)
    url = f"{_url(world, 'key_result_new', goal_id=goal.pk)}?measure=increase_to"
    sent = {"title": "Measured", "weight": "1", "baseline": "10", "target": "5", "version": goal.version}
    answer = browse(world.tom).post(url, sent)
    assert answer.status_code == 422
    assert "the target must be above the baseline" in answer.content.decode()


def test_a_circle_is_refused_and_the_form_kept(world: World, browse: Browse) -> None:
    above, below = goal_of(world, title="Above"), goal_of(world, title="Below")
    client = browse(world.tom)
    sent = {"parent_id": above.pk, "rule": "contributes", "weight": "1", "version": "1"}
    assert client.post(_url(world, "align", goal_id=below.pk), sent).status_code == 302
    answer = client.post(_url(world, "align", goal_id=above.pk), {**sent, "parent_id": below.pk})
    assert answer.status_code == 422
    assert "close a circle" in answer.content.decode()


def test_a_dependency_is_asked_for_and_declined_with_a_reason(world: World, browse: Browse) -> None:
    goal = goal_of(world)
    sent = {"text": "Ten beds", "provider_id": world.mia.pk, "version": goal.version}
    assert browse(world.tom).post(_url(world, "depend", goal_id=goal.pk), sent).status_code == 302
    dependency = goal.dependencies.get()
    mia = browse(world.mia)
    url = _url(world, "dependency_answer", dependency_id=dependency.pk, answer="decline")
    assert mia.post(url, {"answer": ""}).status_code == 422
    assert mia.post(url, {"answer": "No beds left."}).status_code == 302
    dependency.refresh_from_db()
    assert dependency.state == "declined"


def test_proposing_names_everyone_who_must_sign(world: World, browse: Browse) -> None:
    goal = goal_of(world)
    client, url = browse(world.tom), _url(world, "propose", goal_id=goal.pk)
    assert "Tom Takeda" in client.get(url).content.decode()
    answer = client.post(url, {"version": goal.version})
    assert answer.status_code == 422
    assert "Name the purpose or value" in answer.content.decode()


def test_dropping_needs_a_reason(world: World, browse: Browse) -> None:
    goal, client = goal_of(world), browse(world.tom)
    url = _url(world, "drop", goal_id=goal.pk)
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "Not this year."}).status_code == 302
    assert "Not this year." in client.get(_url(world, "goal", goal_id=goal.pk)).content.decode()


def test_closing_keeps_score_and_what_was_learned(world: World, browse: Browse) -> None:
    goal = active_goal(world)
    sent = {"score_percent": "70", "retrospective": "We learned to ask.", "reason": "The cycle ends."}
    assert browse(world.tom).post(_url(world, "close", goal_id=goal.pk), sent).status_code == 302
    goal.refresh_from_db()
    assert (goal.state, goal.score_0_1) == ("closed", 0.7)
