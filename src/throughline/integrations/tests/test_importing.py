"""Repeating, editing, failing half-way, size and permissions of imports."""

from __future__ import annotations

from typing import Any

import pytest

from tests.worlds import World, as_actor
from throughline.goals.models import CheckIn, Goal, GoalStep
from throughline.goals.services import goal_edit
from throughline.goals.services.fields import GoalFields
from throughline.integrations import policies, selectors
from throughline.integrations.models import OkrImport
from throughline.integrations.okr_formats.tabular.columns import CHECK_IN_COLUMNS, GOAL_COLUMNS
from throughline.integrations.rules.columns import CHECK_IN_COLUMN_WORDS, GOAL_COLUMN_WORDS
from throughline.integrations.rules.results import OkrImportResult
from throughline.integrations.services import (
    goals_export_bytes,
    import_mapping,
    okr_import_files,
    okr_import_map,
    okr_import_preview,
    okr_import_run,
    okr_import_start,
    okr_import_upload,
)
from throughline.kernel.actor import system_actor
from throughline.kernel.errors import Invalid, NotFound, Refused
from throughline.ledger.models import Event

MARKDOWN = b"""# OKRs 2031 Q1

## Reliable records

- Fewer lost drafts
- Ship the editor

## Calm nights

- Fewer calls
"""


def run(world: World, data: bytes = MARKDOWN, *, name: str = "team.md", **more: Any) -> OkrImportResult:
    return okr_import_files(actor=system_actor(world.org.pk, world.org.slug), files=[(name, data)], **more)


def test_an_edited_file_changes_just_that(world: World) -> None:
    run(world)
    before = {goal.title: goal.pk for goal in Goal.objects.all()}
    result = run(world, MARKDOWN + b"- Quiet phones\n")
    assert (result.new, result.changed, result.unchanged) == (1, 0, 5)
    assert {title: Goal.objects.get(title=title).pk for title in before} == before


def test_what_people_changed_here_stays_when_the_same_file_comes_again(world: World) -> None:
    run(world)
    goal = Goal.objects.get(title="Calm nights")
    fields = GoalFields(title="Calmer nights", level="organisation", cycle_id=goal.cycle_id)
    goal_edit(actor=system_actor(world.org.pk), goal=goal, fields=fields, version=goal.version)
    result = run(world)
    assert (result.new, result.changed) == (0, 0)
    goal.refresh_from_db()
    assert goal.title == "Calmer nights"


def test_a_closed_goal_whose_file_changed_is_changed_and_stays_closed(world: World) -> None:
    table = b"id,title,kind,state,description\na,Whole,objective,closed,before\n"
    run(world, table, name="goals.csv")
    result = run(world, table.replace(b"before", b"after"), name="goals.csv")
    goal = Goal.objects.get()
    assert (result.changed, result.refused) == (1, ())
    assert (goal.state, goal.description) == ("closed", "after")
    assert "Changed by an import." in set(GoalStep.objects.values_list("reason", flat=True))


def test_goals_of_a_cycle_that_is_over_come_in_closed_and_ask_for_no_check_in(world: World) -> None:
    run(world, MARKDOWN.replace(b"2031", b"2018"))
    assert set(Goal.objects.filter(kind="objective").values_list("state", flat=True)) == {"closed"}
    assert not Goal.objects.exclude(due_on=None).exists()


def test_a_dry_run_changes_nothing(world: World) -> None:
    events = Event.objects.count()
    result = run(world, is_dry_run=True)
    assert result.new == 5
    assert "would be added" in result.sentence()
    assert result.document()["goals"]["new"] == 5
    assert not Goal.objects.exists()
    assert Event.objects.count() == events


def test_outcomes_become_check_ins_and_the_lines_add_up(world: World) -> None:
    text = b"""# FY27-Q1 OKRs

1. CEO: Grow. Be useful.
   1. CPO: Raise coverage from 45% to 60% => 50%
   1. CTO: One thing and another => 17%, 120%
"""
    result = run(world, text, name="lists.md")
    lines = result.lines
    assert lines.goals + lines.structure + lines.unread + lines.dependencies + lines.check_ins == lines.total
    coverage = CheckIn.objects.get(goal__title__startswith="Raise coverage")
    assert coverage.value == pytest.approx(52.5)
    assert "50%" in coverage.note
    assert CheckIn.objects.get(goal__title__startswith="One thing").value == pytest.approx(68.5)
    assert set(result.owners_as_text) == {"CEO", "CPO", "CTO"}


def test_an_import_that_fails_half_way_says_what_was_done_and_is_completed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from throughline.goals.services import bulk

    actor = as_actor(world.fay)
    body = "".join(f"- Key result {number}\n" for number in range(1500))
    found = okr_import_upload(actor=actor, files=[("big.md", f"# OKRs 2031 Q1\n\n## Whole\n\n{body}".encode())])
    okr_import_map(actor=actor, okr_import=found, mapping=import_mapping(found))
    okr_import_preview(actor=actor, okr_import=found)
    okr_import_start(actor=actor, okr_import=found)
    real, calls = bulk._batch_create, []

    def fails_at_the_third(*arguments: Any) -> Any:
        calls.append(1)
        if len(calls) == 3:
            raise OSError("the disk is full")
        return real(*arguments)

    monkeypatch.setattr(bulk, "_batch_create", fails_at_the_third)
    okr_import_run(actor=actor, okr_import=found)
    assert found.state == "failed"
    assert "901 of 1,501" in found.problem
    assert Goal.objects.count() == 901
    monkeypatch.setattr(bulk, "_batch_create", real)
    okr_import_start(actor=actor, okr_import=found)
    okr_import_run(actor=actor, okr_import=found)
    assert found.state == "done"
    assert Goal.objects.count() == 1501


@pytest.mark.slow
def test_sixty_thousand_lines_are_imported_with_progress(world: World) -> None:
    parts = ["# OKRs 2031 Q1\n"]
    for objective in range(600):
        parts.append(f"\n## Objective {objective}\n\n")
        parts += [f"- Key result {objective} {number}\n" for number in range(97)]
    data = "".join(parts).encode()
    seen: list[tuple[int, int]] = []
    result = run(world, data, name="big.md", progress=lambda done, total: seen.append((done, total)))
    assert result.lines.total >= 60_000
    assert result.new == 600 * 98 == Goal.objects.count()
    assert seen[0][0] == 0
    assert seen[-1] == (58_800, 58_800)
    assert len(seen) > 20


def test_a_table_names_people_units_themes_and_keeps_who_is_unknown(world: World) -> None:
    table = (
        "id,title,kind,owner_email,unit,theme,purpose\n"
        "a,Known,objective,ben@meridian.example,Platform,Safe care,\n"
        "b,Unknown,objective,who@nowhere.example,Moon base,,value: Courage\n"
    )
    result = run(world, table.encode(), name="goals.csv")
    known, unknown = Goal.objects.get(title="Known"), Goal.objects.get(title="Unknown")
    assert (known.owner_id, known.unit_id, known.theme.title) == (world.ben.pk, world.platform.pk, "Safe care")
    assert "Owner in the file: who@nowhere.example" in unknown.description
    assert "Unit in the file: Moon base" in unknown.description
    assert "Serves, in the file: value: Courage" in unknown.description
    assert any("Moon base" in note.reason for note in result.notes)
    assert (run(world, table.encode(), name="goals.csv").changed) == 0


def test_members_export_only_what_they_may_read(world: World) -> None:
    table = f"id,title,kind,owner_email,visibility,level\na,Secret plan,objective,{world.mia.email},team,person\n"
    run(world, table.encode(), name="goals.csv")
    for_ben = goals_export_bytes(actor=as_actor(world.ben), ending="json", stem="x")["x.json"]
    for_mia = goals_export_bytes(actor=as_actor(world.mia), ending="json", stem="x")["x.json"]
    assert b"Secret plan" not in for_ben
    assert b"Secret plan" in for_mia
    with pytest.raises(Refused):
        goals_export_bytes(actor=as_actor(world.gus), ending="json", stem="x")
    with pytest.raises(Invalid):
        goals_export_bytes(actor=as_actor(world.ben), ending="pdf", stem="x")


def test_importing_is_for_those_who_facilitate_and_an_upload_is_its_owners(world: World) -> None:
    found = okr_import_upload(actor=as_actor(world.fay), files=[("team.md", MARKDOWN)])
    for role, person in world.everyone.items():
        if role == "stranger":
            continue
        actor = as_actor(person)
        may = policies.can_import_goals(actor).allowed
        assert may == (role in ("owner", "leader", "facilitator", "administrator")), role
        is_listed = OkrImport.objects.filter(policies.visible_imports(actor), pk=found.pk).exists()
        assert is_listed == policies.can_see_import(actor, found).allowed == (role == "facilitator"), role
        if not is_listed:
            with pytest.raises(NotFound):
                selectors.okr_import_visible(actor, found.pk)
        if not may:
            with pytest.raises(Refused):
                okr_import_upload(actor=actor, files=[("team.md", MARKDOWN)])


def test_every_column_of_the_table_is_explained() -> None:
    assert tuple(GOAL_COLUMN_WORDS) == GOAL_COLUMNS
    assert tuple(CHECK_IN_COLUMN_WORDS) == CHECK_IN_COLUMNS
