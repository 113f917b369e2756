"""An HR export on its way in: upload, columns, preview, import, result; repeated, edited, broken."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.worlds import World, as_actor
from throughline.kernel.errors import Conflict
from throughline.people import tasks
from throughline.people.models import ImportFinding, PeopleImport, Person
from throughline.people.services import (
    people_import_discard,
    people_import_file,
    people_import_map,
    people_import_preview,
    people_import_run,
    people_import_start,
    people_import_upload,
)
from throughline.people.services.bulk_writing import BatchWriter

Browse = Callable[[Any], Client]
LINES = (
    "Employee ID,Name,Email,Title,Manager ID,Department,Start date\n"
    "E1,Zoe Zimmer,zoe@meridian.example,Planner,,North,2020-03-31\n"
    "E2,Yan Yilmaz,yan@meridian.example,Buyer,E1,North > Team,2021-01-01\n"
    "E3,,nobody@meridian.example,Buyer,E1,North,\n"
    "E4,Xia Xu,=cmd()@meridian.example,Buyer,E9,North,31.12.2021\n"
)


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)


def _files() -> list[Path]:
    return sorted((Path(settings.HOME) / "imports").glob("*"))


def _uploaded(world: World, text: str = LINES) -> PeopleImport:
    return people_import_upload(actor=as_actor(world.max), file_name="hr.csv", chunks=[text.encode()])


def _previewed(world: World, text: str = LINES, **mapping: Any) -> PeopleImport:
    made = _uploaded(world, text)
    people_import_map(actor=as_actor(world.max), people_import=made, mapping={**made.mapping, **mapping})
    return people_import_preview(actor=as_actor(world.max), people_import=made)


def _imported(world: World, text: str = LINES, **mapping: Any) -> PeopleImport:
    made = _previewed(world, text, **mapping)
    people_import_start(actor=as_actor(world.max), people_import=made)
    return people_import_run(actor=as_actor(world.max), people_import=made)


def test_a_preview_says_what_would_change_and_changes_nothing(world: World) -> None:
    before = Person.objects.count()
    made = _previewed(world, unit_style=">")
    assert Person.objects.count() == before
    assert {key: made.summary[key] for key in ("lines", "new", "units_new", "refused_lines")} == {
        "lines": 4,
        "new": 2,
        "units_new": 2,
        "refused_lines": 2,
    }
    refused = list(made.findings.filter(kind="refused_line").order_by("line").values_list("line", "column", "value"))
    assert refused == [(4, "Name", ""), (5, "Start date", "31.12.2021")]


def test_importing_twice_changes_nothing_and_an_edit_changes_just_that(world: World) -> None:
    done = _imported(world)
    assert (done.summary["added"], done.state) == (2, "done")
    again = _imported(world)
    assert (again.summary["added"], again.summary["updated"], again.summary["same"]) == (0, 0, 2)
    edited = _previewed(world, LINES.replace("Buyer,E1,North > Team", "Head buyer,E1,North > Team"))
    assert edited.summary["changed"] == 1
    assert edited.findings.get(kind="changed").reason == "Job title: Buyer → Head buyer"


def test_whoever_is_missing_is_ended_but_never_the_actor_or_people_from_elsewhere(world: World) -> None:
    _imported(world)
    done = _imported(world, LINES.replace("E2,Yan", "E7,Yan").replace("yan@", "yan7@"), is_leaving_when_missing=True)
    assert done.summary["ended"] == 1
    gone = Person.objects.get(external_id="E2")
    assert gone.left_on is not None
    # Ada and the others have no id of the HR system; the file could not have named them.
    assert not Person.objects.filter(external_id="", left_on__isnull=False).exists()


def test_a_refused_line_still_counts_as_listed(world: World) -> None:
    _imported(world)
    broken = LINES.replace("E2,Yan Yilmaz", "E2,")
    done = _imported(world, broken, is_leaving_when_missing=True)
    assert done.summary["ended"] == 0


def test_the_upload_is_kept_only_until_the_import_ends(world: World, django_capture_on_commit_callbacks: Any) -> None:
    made = _previewed(world)
    assert [path.stat().st_mode & 0o077 for path in _files()] == [0]
    people_import_start(actor=as_actor(world.max), people_import=made)
    with django_capture_on_commit_callbacks(execute=True):
        people_import_run(actor=as_actor(world.max), people_import=made)
    assert _files() == []
    with django_capture_on_commit_callbacks(execute=True):
        people_import_discard(actor=as_actor(world.max), people_import=_previewed(world))
    assert _files() == []


def test_an_import_that_breaks_says_what_was_saved_and_is_taken_up_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = _previewed(world)
    actor = as_actor(world.max)
    add, calls = BatchWriter._add, []

    def breaks(self: BatchWriter, batch: Any) -> None:
        calls.append(batch)
        if len(calls) == 2:
            raise OSError("disk full")
        add(self, batch)

    monkeypatch.setattr(BatchWriter, "_add", breaks)
    people_import_start(actor=actor, people_import=made)
    stopped = people_import_run(actor=actor, people_import=made)
    assert stopped.state == "failed"
    assert "1 of 2 people were saved and stay" in stopped.problem
    assert len(_files()) == 1
    monkeypatch.setattr(BatchWriter, "_add", add)
    people_import_start(actor=actor, people_import=stopped)
    done = people_import_run(actor=actor, people_import=stopped)
    assert (done.state, done.summary["added"], done.summary["same"]) == ("done", 1, 1)


def test_an_import_starts_once(world: World) -> None:
    made = _previewed(world)
    people_import_start(actor=as_actor(world.max), people_import=made)
    with pytest.raises(Conflict, match="once"):
        people_import_start(actor=as_actor(world.max), people_import=made)


def test_the_command_line_imports_by_the_same_rules(world: World, tmp_path: Path) -> None:
    path = tmp_path / "hr.csv"
    path.write_text(LINES)
    told: list[tuple[int, int]] = []
    result = people_import_file(
        actor=as_actor(world.max), path=path, progress=lambda done, total: told.append((done, total))
    )
    assert (result.lines, result.saved.added, len(result.refusals)) == (4, 2, 2)
    assert told[-1] == (2, 2)


def _url(world: World, name: str, *args: Any) -> str:
    return reverse(f"people:{name}", args=[world.org.slug, *args])


def test_an_administrator_imports_a_file_through_the_pages(world: World, browse: Browse) -> None:
    client = browse(world.max)
    file = SimpleUploadedFile("hr.csv", LINES.encode())
    answer = client.post(_url(world, "imports"), {"file": file}, follow=True)
    columns = answer.content.decode()
    assert "Email (such as zoe@meridian.example)" in columns
    made = PeopleImport.objects.get()
    form = answer.context["form"]
    chosen = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    preview = client.post(_url(world, "import_columns", made.pk), chosen, follow=True)
    assert "4 lines read: 2 new people" in preview.content.decode()
    assert "There is no name" in preview.content.decode()
    running = client.post(_url(world, "import_start", made.pk), follow=True).content.decode()
    assert _url(world, "import_progress", made.pk) in running
    assert "Look again" in running
    tasks.people_import_run_task.call(world.org.pk, made.pk)
    fragment = client.get(_url(world, "import_progress", made.pk), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert "See the result" in fragment
    result = client.get(_url(world, "import", made.pk)).content.decode()
    assert "2 people added" in result


def test_a_wrong_mapping_is_refused_with_the_choices_kept(world: World, browse: Browse) -> None:
    made = _uploaded(world)
    answer = browse(world.max).post(
        _url(world, "import_columns", made.pk), {"title": "3", "date_format": "dmy", "unit_style": "name"}
    )
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Choose the column with the name" in text
    assert answer.context["form"]["title"].value() == "3"


def test_a_file_that_is_no_table_is_refused_on_the_page(world: World, browse: Browse) -> None:
    answer = browse(world.max).post(_url(world, "imports"), {"file": SimpleUploadedFile("x.csv", b"one word")})
    assert answer.status_code == 422
    assert "fewer than two column names" in answer.content.decode()
    assert _files() == []


def test_what_is_not_taken_downloads_without_formulas(world: World, browse: Browse) -> None:
    made = _previewed(world, LINES.replace("31.12.2021", "=1+1"))
    answer = browse(world.max).get(_url(world, "import_refused", made.pk))
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["Value"] for row in rows] == ["", "'=1+1"]


def test_nobody_else_opens_an_upload(world: World, browse: Browse) -> None:
    made = _previewed(world)
    assert browse(world.ada).get(_url(world, "import", made.pk)).status_code == 404
    assert ImportFinding.objects.filter(people_import=made).exists()
