"""Comments, mentions, reminders, what waits, how others see goals, and the API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.worlds import World, as_actor
from throughline.goals.models import CommentMention, Goal
from throughline.goals.selectors import comments_of, goal_page, goal_versions
from throughline.goals.selectors.export import checkin_records, goal_records
from throughline.goals.services import (
    checkin_submit,
    comment_add,
    comment_edit,
    comment_withdraw,
    dependency_request,
    goal_drop,
)
from throughline.goals.services.reminders import checkins_remind
from throughline.goals.tests.goal_world import active_goal, goal_of, with_key_result
from throughline.kernel.actor import system_actor
from throughline.kernel.clock import at
from throughline.kernel.errors import Refused
from throughline.ledger.outbox import outbox_drain
from throughline.ledger.subjects import subject_type
from throughline.notify.models import Notification
from throughline.notify.waiting import waiting_for


def told(person: Any) -> list[str]:
    return list(Notification.objects.filter(person=person).order_by("id").values_list("kind", flat=True))


def test_mention_reaches_only_who_may_read(world: World) -> None:
    goal = goal_of(world, visibility="team")
    comment_add(actor=as_actor(world.tom), goal=goal, text="Please look.", mention_ids=[world.ben.pk, world.mia.pk])
    assert set(CommentMention.objects.values_list("person_id", flat=True)) == {world.ben.pk}
    outbox_drain()
    assert told(world.ben) == ["goals.mentioned"]
    assert told(world.mia) == []


def test_comment_is_changed_and_withdrawn_by_its_author_only(world: World) -> None:
    goal = goal_of(world)
    ben = as_actor(world.ben)
    comment = comment_add(actor=ben, goal=goal, text="Too slow")
    with pytest.raises(Refused):
        comment_withdraw(actor=as_actor(world.tom), comment=comment)
    comment_edit(actor=ben, comment=comment, text="Rather slow")
    comment_withdraw(actor=ben, comment=comment)
    line = comments_of(ben, goal.pk).rows[0]
    assert (line.text, line.is_withdrawn, line.is_edited) == ("", True, True)


def test_reminders_come_in_stages_and_once_each(world: World) -> None:
    with at(datetime(2026, 2, 2, 9, tzinfo=UTC)):
        active_goal(world)
        goal = Goal.objects.get(kind="key_result")
        Goal.objects.filter(pk=goal.pk).update(owner_id=world.ben.pk)
    system = system_actor(world.org.pk, "meridian")
    expected = {9: ["goals.checkin_due"], 12: ["goals.checkin_late"], 16: [], 17: []}
    seen: list[str] = []
    for day, kinds in expected.items():
        with at(datetime(2026, 2, day, 9, tzinfo=UTC)):
            checkins_remind(actor=system)
            checkins_remind(actor=system)
        seen += kinds
        assert told(world.ben) == seen
    assert "goals.checkin_lead" in told(world.tom)


def test_due_check_in_and_dependency_wait_for_who_owes_them(world: World) -> None:
    with at(datetime(2026, 2, 2, 9, tzinfo=UTC)):
        goal = active_goal(world)
        dependency_request(
            actor=as_actor(world.tom), goal=goal, provider_id=world.ben.pk, text="An API", version=goal.version
        )
    with at(datetime(2026, 2, 20, 9, tzinfo=UTC)):
        keys = {item.key.partition(":")[0]: item for item in waiting_for(as_actor(world.tom))}
        assert keys["checkin"].state == "bad"
        assert any(item.key.startswith("dependency:") for item in waiting_for(as_actor(world.ben)))


def test_signed_goals_shape_and_candidates_do_not(world: World) -> None:
    active, candidate = active_goal(world), goal_of(world, title="Candidate")
    dropped = goal_of(world, title="Dropped")
    goal_drop(actor=as_actor(world.tom), goal=dropped, reason="No")
    kind = subject_type("goals.goal")
    assert kind.shaping_ids([active.pk, candidate.pk, dropped.pk]) == {active.pk}
    goal_drop(actor=as_actor(world.tom), goal=active, reason="Another way")
    assert kind.shaping_ids([active.pk]) == {active.pk}
    labels = [station.kind_label for station in kind.stations(as_actor(world.ben), active.pk)]
    assert labels[0] == "Signed by"
    assert labels[-1] == "Result"


def test_page_and_versions_show_the_goal_whole(world: World) -> None:
    goal = active_goal(world)
    page = goal_page(as_actor(world.ben), goal.pk)
    assert [part.goal.title for part in page.key_results] == ["Half the wait"]
    assert page.sign_off is not None
    assert page.sign_off.is_complete
    versions = goal_versions(as_actor(world.ben), goal.pk)
    assert versions[0].is_signed
    assert "decrease from 20 to 10 days" in versions[0].text
    assert "decrease" not in versions[0].previous_text


def test_page_queries_do_not_grow_with_parts(world: World) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    tom = as_actor(world.tom)
    goal = goal_of(world)
    with_key_result(tom, goal)
    with CaptureQueriesContext(connection) as few:
        goal_page(tom, goal.pk)
    for _ in range(8):
        with_key_result(tom, goal)
    with CaptureQueriesContext(connection) as many:
        goal_page(tom, goal.pk)
    assert len(many) == len(few)
    assert len(many) <= 32


def test_export_names_people_and_keeps_readings(world: World) -> None:
    goal = active_goal(world)
    part = Goal.objects.get(part_of=goal)
    checkin_submit(actor=as_actor(world.tom), goal=part, value=15, confidence_0_1=0.5, status="at_risk", note="Slow")
    records = {record.kind: record for record in goal_records(as_actor(world.ben))}
    assert records["objective"].owner_email == world.tom.email
    assert records["key_result"].parents[0].goal_id == f"tl-{goal.pk}"
    (reading,) = checkin_records(as_actor(world.ben))
    assert (reading.value, reading.status, reading.by_email) == (15, "at_risk", world.tom.email)


def test_api_reads_and_checks_in(world: World, browse: Callable[[Any], Any]) -> None:
    goal = active_goal(world)
    part = Goal.objects.get(part_of=goal)
    client = browse(world.tom)
    base = "/api/v1/o/meridian/goals"
    assert client.get(base).json()["items"][0]["title"] == goal.title
    sent = client.post(
        f"{base}/{part.pk}/check-ins",
        {"value": 15, "confidence_0_1": 0.6, "status": "on_track"},
        content_type="application/json",
    )
    assert (sent.status_code, sent.json()["progress"]) == (201, 0.5)
    assert client.get(f"{base}/{goal.pk}/explanation").json()["progress_percent"] == 50.0
    refused = client.post(f"{base}/{part.pk}/check-ins", {"value": None}, content_type="application/json")
    assert (refused.status_code, refused["Content-Type"]) == (422, "application/problem+json")
    assert browse(world.gus).get(f"{base}/{goal.pk}").status_code == 404
    assert browse(world.sid).get(f"{base}/{goal.pk}").status_code == 404
