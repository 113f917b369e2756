"""The real public goals: all of them come into one organisation, whole, and a second time nothing changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.worlds import World
from throughline.goals.models import CheckIn, Goal
from throughline.integrations.rules.results import OkrImportResult
from throughline.integrations.services import okr_import_files
from throughline.kernel.actor import system_actor

DATA = Path(__file__).resolve().parents[5] / "shared" / "data"
FILES = [
    *(f"okrs-sourced/2018-Q{number}.md" for number in (1, 2, 3, 4)),
    "okrs-sourced/2019-Q1.md",
    "okrs-sourced/2018.graphml",
    "okrs-gitlab/fy20-q1.md",
    "okrs-gitlab/fy20-q3.md",
]


def real_files() -> list[tuple[str, bytes]]:
    if not all((DATA / name).exists() for name in FILES):
        pytest.skip("the real goal files are not beside this checkout")
    return [(Path(name).name, (DATA / name).read_bytes()) for name in FILES]


def run(world: World, files: list[tuple[str, bytes]]) -> OkrImportResult:
    return okr_import_files(
        actor=system_actor(world.org.pk, world.org.slug), files=files, is_dry_run=False, progress=None
    )


def test_all_real_files_come_in_whole_and_a_second_time_nothing_changes(world: World) -> None:
    files = real_files()
    first = run(world, files)
    assert first.unreadable == ()
    for file in first.files:
        lines = file.lines
        parts = lines.goals + lines.dependencies + lines.check_ins + lines.structure + lines.unread
        assert parts == lines.total, file.name
    assert first.refused == ()
    assert first.new == sum(file.goals for file in first.files) == Goal.objects.count()
    assert first.check_ins_new == CheckIn.objects.count() > 80
    assert first.dependencies_as_text == 67
    assert len(first.cycles_created) == 8
    second = run(world, files)
    assert (second.new, second.changed, second.check_ins_new) == (0, 0, 0)
    assert second.unchanged == first.new
    assert Goal.objects.count() == first.new
