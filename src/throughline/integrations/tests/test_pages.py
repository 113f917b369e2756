"""The pages of importing and exporting goals, from upload to result."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.worlds import World
from throughline.goals.models import CheckIn, Goal
from throughline.integrations import tasks
from throughline.integrations.models import OkrImport, OkrImportFinding
from throughline.integrations.services import files as stored_files

MARKDOWN = b"""# OKRs 2027 Q1

## Reliable records

- [ ] (P1) Fewer lost drafts
- [x] Ship the editor
- ~~Rewrite everything~~
"""
LISTS = b"""# FY27-Q1 OKRs

1. CEO: Grow. Be useful.
   1. Ada Adeyemi: Happy clinicians => 78%
   1. Head of Nowhere: Quiet nights => 20%, 40%
"""
GOALS_CSV = b"id,title,parent_ids,kind,cycle\na,Whole,,objective,2027 Q1\nb,Part,a,key_result,\n"
CHECK_INS_CSV = b"goal_id,on,value,note\nb,2026-01-15,40,=1+1\nzz,2026-01-15,1,\n"


def url(world: World, view: str, **kwargs: Any) -> str:
    return reverse(f"integrations:{view}", kwargs={"org": world.org.slug, **kwargs})


def upload(client: Any, world: World, *files: tuple[str, bytes]) -> Any:
    sent = [SimpleUploadedFile(name, data) for name, data in files]
    return client.post(url(world, "import"), {"files": sent})


def mapping_data(page: Any) -> dict[str, str]:
    """What the browser would send back of the mapping form as it is shown."""
    form = page.context["form"]
    return {bound.html_name: str(bound.value() or "") for bound in form}


def test_goals_go_from_upload_to_result_and_the_files_are_gone(world: World, browse: Any) -> None:
    client = browse(world.fay)
    answer = upload(client, world, ("team.md", MARKDOWN), ("lists.md", LISTS))
    assert answer.status_code == 302
    found = OkrImport.objects.get()
    page = client.get(answer["Location"])
    assert b"Recognised" in page.content
    assert b"Head of Nowhere" in page.content
    data = mapping_data(page)
    assert "ada@meridian.example" in data.values()
    done = client.post(url(world, "mapping", import_id=found.pk), data)
    assert done.status_code == 302
    preview = client.get(done["Location"])
    assert preview.status_code == 200
    assert b"would be added" in preview.content
    assert Goal.objects.count() == 0
    assert client.post(url(world, "run", import_id=found.pk)).status_code == 302
    assert b"Importing" in client.get(url(world, "okr_import", import_id=found.pk)).content
    tasks.okr_import_run_task.call(world.org.pk, found.pk)
    result = client.get(url(world, "okr_import", import_id=found.pk))
    assert b"Imported" in result.content
    drafts = Goal.objects.get(title="Fewer lost drafts")
    assert drafts.kind == "key_result"
    assert "Priority: P1" in drafts.description
    assert Goal.objects.get(title="Rewrite everything").state == "dropped"
    assert Goal.objects.get(title="Ship the editor").progress == 1.0
    happy = Goal.objects.get(title="Happy clinicians")
    assert happy.owner_id == world.ada.pk
    assert happy.value == 78
    quiet = Goal.objects.get(title="Quiet nights")
    assert quiet.owner_id is None
    assert "Owner in the file: Head of Nowhere" in quiet.description
    assert CheckIn.objects.filter(goal=quiet).get().value == 30
    found.refresh_from_db()
    assert found.state == "done"
    assert list(found.files.values_list("stored_name", flat=True)) == ["", ""]


def test_a_pair_of_csv_files_is_read_together_and_lines_left_over_are_downloaded(world: World, browse: Any) -> None:
    client = browse(world.fay)
    upload(client, world, ("goals.csv", GOALS_CSV), ("check-ins.csv", CHECK_INS_CSV))
    found = OkrImport.objects.get()
    page = client.get(url(world, "okr_import", import_id=found.pk))
    client.post(url(world, "mapping", import_id=found.pk), mapping_data(page))
    shown = client.get(url(world, "okr_import", import_id=found.pk) + "?show=unread")
    assert b"its goal zz is not in this file" in shown.content
    lines = client.get(url(world, "lines", import_id=found.pk)).content.decode("utf-8-sig")
    assert "check-ins.csv,3," in lines
    client.post(url(world, "run", import_id=found.pk))
    tasks.okr_import_run_task.call(world.org.pk, found.pk)
    assert CheckIn.objects.get().note == "=1+1"
    exported = client.get(url(world, "export"), {"format": "csv-check-ins"}).content.decode("utf-8-sig")
    assert "'=1+1" in exported


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("empty.md", b" \n", "empty.md is empty"),
        ("broken.xlsx", b"PK\x03\x04nothing", "broken.xlsx is no workbook"),
        ("photo.png", b"\x89PNG\r\n\x1a\n\x00\x00", "photo.png"),
    ],
)
def test_a_file_that_cannot_be_read_is_answered_by_a_sentence(
    world: World, browse: Any, name: str, data: bytes, words: str
) -> None:
    answer = upload(browse(world.fay), world, (name, data))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not OkrImport.objects.exists()


def test_what_was_typed_is_kept_when_a_person_or_unit_is_unknown(world: World, browse: Any) -> None:
    client = browse(world.fay)
    upload(client, world, ("lists.md", LISTS))
    found = OkrImport.objects.get()
    data = mapping_data(client.get(url(world, "okr_import", import_id=found.pk)))
    key = next(key for key in data if key.startswith("owner_"))
    answer = client.post(
        url(world, "mapping", import_id=found.pk), {**data, key: "nobody@nowhere.example", "unit_0": "Moon base"}
    )
    assert answer.status_code == 422
    assert b"nobody@nowhere.example" in answer.content
    assert b"Moon base" in answer.content
    found.refresh_from_db()
    assert found.state == "uploaded"


def test_another_format_is_chosen_and_a_wrong_one_explained(world: World, browse: Any) -> None:
    client = browse(world.fay)
    upload(client, world, ("team.md", MARKDOWN))
    found = OkrImport.objects.get()
    address = url(world, "formats", import_id=found.pk)
    assert client.post(address, {"format_0": "graphml"}).status_code == 422
    assert client.post(address, {"format_0": "nested_lists"}).status_code == 302
    found.refresh_from_db()
    assert found.summary["recognised"]["files"][0]["format_key"] == "nested_lists"


def test_dropping_an_upload_deletes_files_and_findings(
    world: World, browse: Any, django_capture_on_commit_callbacks: Any
) -> None:
    client = browse(world.fay)
    upload(client, world, ("team.md", MARKDOWN))
    found = OkrImport.objects.get()
    path = stored_files._folder() / found.files.get().stored_name
    assert path.exists()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url(world, "discard", import_id=found.pk))
    assert not path.exists()
    assert not OkrImportFinding.objects.exists()


def test_export_offers_an_archive_of_both_csv_files_and_a_wrong_unit_is_explained(world: World, browse: Any) -> None:
    client = browse(world.ben)
    archive = client.get(url(world, "export"), {"format": "zip"})
    names = zipfile.ZipFile(io.BytesIO(archive.content)).namelist()
    assert names == ["goals.csv", "goals-check-ins.csv"]
    assert client.get(url(world, "export"), {"format": "xlsx", "unit": "Moon base"}).status_code == 422
    assert client.get(url(world, "export"), {"format": "exe"}).status_code == 422
    assert client.get(url(world, "template", name="nothing.csv")).status_code == 404


def test_templates_can_be_imported_as_they_are(world: World, browse: Any) -> None:
    client = browse(world.fay)
    data = client.get(url(world, "template", name="goals-template.xlsx")).content
    upload(client, world, ("goals-template.xlsx", data))
    found = OkrImport.objects.get()
    assert found.summary["recognised"]["files"][0]["goals"] == 3
    page = client.get(url(world, "okr_import", import_id=found.pk))
    client.post(url(world, "mapping", import_id=found.pk), mapping_data(page))
    client.post(url(world, "run", import_id=found.pk))
    tasks.okr_import_run_task.call(world.org.pk, found.pk)
    found.refresh_from_db()
    assert (found.state, found.summary["refused_count"]) == ("done", 0)
    assert Goal.objects.count() == 3
