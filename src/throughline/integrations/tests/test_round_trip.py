"""Goals that leave come back as they were, in every format, and text never runs in a spreadsheet."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.worlds import World
from throughline.integrations.okr_formats.tabular.goal_table import CheckInRow, GoalRow, GoalTable, ParentLink
from throughline.integrations.okr_formats.tabular.writing import write_json
from throughline.integrations.rules.results import OkrImportResult
from throughline.integrations.services import goals_export_bytes, okr_import_files
from throughline.kernel.actor import Actor, system_actor
from throughline.kernel.scoping import across_orgs, in_org
from throughline.people.models import Person, Unit

TEXTS = st.sampled_from(
    ["=1+1", "@x", "-5", "'quoted", "ü✅ 日本", 'say "so"', "a, b; c", "two\nlines", "007", "plain words"]
)
NUMBERS = st.decimals(min_value=-1000, max_value=1000, places=3)
MEASURES = ("increase_to", "decrease_to", "keep_within", "milestones")


def system(world: World, *, is_other: bool = False) -> Actor:
    org = world.other_org if is_other else world.org
    return system_actor(org.pk, org.slug)


@st.composite
def key_results(draw: st.DrawFn, number: int, parent: str) -> GoalRow:
    measure = draw(st.sampled_from(MEASURES))
    low, high = sorted([draw(NUMBERS), draw(NUMBERS) + 3000])
    ranges: dict[str, dict[str, Any]] = {
        "increase_to": {"baseline": low, "target": high},
        "decrease_to": {"baseline": high, "target": low},
        "keep_within": {"low": low, "high": high},
        "milestones": {"milestones": "First; Second"},
    }
    return GoalRow(
        id=f"k{number}",
        title=draw(TEXTS),
        kind="key_result",
        parent_ids=(ParentLink(parent),),
        description=draw(TEXTS | st.none()),
        state="active",
        key_result_kind=measure,
        metric_unit=draw(st.sampled_from([None, "%", "people"])),
        weight=draw(st.sampled_from([None, Decimal(2), Decimal("0.5")])),
        owner_email=draw(st.sampled_from([None, "twin@example.org"])),
        **ranges[measure],
    )


@st.composite
def tables(draw: st.DrawFn) -> GoalTable:
    goals: list[GoalRow] = []
    check_ins: list[CheckInRow] = []
    objectives: list[str] = []
    for number in range(draw(st.integers(1, 4))):
        parents = draw(st.lists(st.sampled_from(objectives), unique=True)) if objectives else []
        supported = [one for one in objectives if one not in parents][:1]
        row = GoalRow(
            id=f"o{number}",
            title=draw(TEXTS),
            kind="objective",
            parent_ids=tuple(ParentLink(one, draw(st.sampled_from([None, Decimal(3)]))) for one in parents),
            supports_ids=tuple(ParentLink(one) for one in supported),
            description=draw(TEXTS | st.none()),
            cycle=draw(st.sampled_from([None, "2027 Q1", "2031 Q4"])),
            unit=draw(st.sampled_from([None, "Twin unit"])),
            owner_email=draw(st.sampled_from([None, "twin@example.org"])),
            theme=draw(st.sampled_from([None, "Safe care"])),
            state=draw(st.sampled_from(["candidate", "active", "closed", "dropped"])),
            starts_on=draw(st.sampled_from([None, date(2027, 1, 2)])),
            ends_on=draw(st.sampled_from([None, date(2027, 3, 2)])),
            visibility=draw(st.sampled_from([None, "team"])),
            cadence=draw(st.sampled_from([None, "monthly"])),
        )
        objectives.append(row.id)
        goals.append(row)
        for _ in range(draw(st.integers(0, 2))):
            part = draw(key_results(len(goals), row.id))
            goals.append(part)
            if part.key_result_kind != "milestones" and draw(st.booleans()):
                check_ins.append(
                    CheckInRow(part.id, date(2026, 2, 1), draw(NUMBERS), Decimal("0.5"), "at_risk", draw(TEXTS))
                )
    return GoalTable(tuple(goals), tuple(check_ins))


def run(actor: Actor, files: dict[str, bytes]) -> OkrImportResult:
    """Import with the organisation entered afresh, as a request of its own would."""
    with in_org(actor.org_id):
        return okr_import_files(actor=actor, files=list(files.items()))


def export(actor: Actor, ending: str) -> dict[str, bytes]:
    with in_org(actor.org_id):
        return goals_export_bytes(actor=actor, ending=ending)


@pytest.fixture
def twins(world: World) -> World:
    """Both organisations have a unit and a person of the same name and address."""
    with across_orgs(reason="a test prepares two organisations alike"):
        for org in (world.org, world.other_org):
            Person.objects.create(org=org, name="Twin Tamura", email="twin@example.org")
            unit = Unit.objects.create(org=org, name="Twin unit", path="", depth=0)
            unit.path = str(unit.pk)
            unit.save()
    return world


@given(table=tables(), ending=st.sampled_from(["csv", "xlsx", "json"]))
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_an_export_imported_elsewhere_is_exported_identically(twins: World, table: GoalTable, ending: str) -> None:
    from django.db import transaction

    here, there = system(twins), system(twins, is_other=True)
    with across_orgs(reason="a test enters one organisation after the other"), transaction.atomic():
        first = run(here, {"goals.json": write_json(table)})
        assert [line.reason for line in (*first.unread, *first.refused)] == []
        left = export(here, ending)
        second = run(there, left)
        assert [line.reason for line in (*second.unread, *second.refused)] == []
        assert second.new == first.new == len(table.goals)
        if ending == "xlsx":
            # The archive holds the moment of writing; the content is compared as JSON.
            assert export(there, "json") == export(here, "json")
        else:
            assert export(there, ending) == left
        again = run(there, left)
        assert (again.new, again.changed, again.check_ins_new) == (0, 0, 0)
        transaction.set_rollback(True)


def test_formulas_leave_as_text_and_come_back_as_they_were(world: World) -> None:
    table = GoalTable((GoalRow(id="a", title='=HYPERLINK("evil")', kind="objective", state="active"),))
    okr_import_files(actor=system(world), files=[("goals.json", write_json(table))])
    written = goals_export_bytes(actor=system(world), ending="csv")["goals.csv"].decode("utf-8-sig")
    assert "'=HYPERLINK" in written
    assert '=HYPERLINK("evil")' in goals_export_bytes(actor=system(world), ending="json")[
        "goals.json"
    ].decode().replace('\\"', '"')
