"""The API does what the pages do."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.worlds import World
from throughline.goals.models import Goal
from throughline.integrations import tasks
from throughline.kernel.scoping import across_orgs

MARKDOWN = b"# OKRs 2031 Q1\n\n## Reliable records\n\n- Fewer lost drafts\n"


def test_an_import_goes_its_way_through_the_api(world: World, browse: Any) -> None:
    client = browse(world.fay)
    base = f"/api/v1/o/{world.org.slug}"
    made = client.post(f"{base}/goal-imports", {"files": [SimpleUploadedFile("team.md", MARKDOWN)]})
    assert made.status_code == 201
    number = made.json()["id"]
    wrong = {"owners": [{"owner": "CEO", "person": "nobody@nowhere.example"}]}
    address = f"{base}/goal-imports/{number}"
    assert client.post(f"{address}/preview", wrong, content_type="application/json").status_code == 422
    assert client.post(f"{address}/preview", {}, content_type="application/json").status_code == 202
    tasks.okr_import_preview_task.call(world.org.pk, number)
    assert client.get(address).json()["summary"]["goals"]["new"] == 2
    assert [item["kind"] for item in client.get(f"{address}/findings").json()["items"]] == ["new", "new"]
    assert client.post(f"{address}/run").status_code == 202
    tasks.okr_import_run_task.call(world.org.pk, number)
    assert client.get(address).json()["state"] == "done"
    assert Goal.objects.count() == 2
    assert client.delete(address).status_code == 409
    exported = browse(world.ben).get(f"{base}/goal-export")
    assert b"Fewer lost drafts" in exported.content
    assert exported["Content-Type"] == "application/json"
    for ending in ("csv-goals", "csv-check-ins"):
        written = browse(world.ben).get(f"{base}/goal-export?format={ending}")
        assert written["Content-Type"] == "text/csv; charset=utf-8"


def test_nobody_else_finds_an_import_and_members_may_not_make_one(world: World, browse: Any) -> None:
    base = f"/api/v1/o/{world.org.slug}"
    made = browse(world.fay).post(f"{base}/goal-imports", {"files": [SimpleUploadedFile("team.md", MARKDOWN)]})
    address = f"{base}/goal-imports/{made.json()['id']}"
    assert browse(world.ada).get(address).status_code == 404
    assert browse(world.sid).get(address).status_code == 404
    elsewhere = f"/api/v1/o/{world.other_org.slug}/goal-imports/{made.json()['id']}"
    with across_orgs(reason="a test asks as somebody of the other organisation"):
        assert browse(world.sid).get(elsewhere).status_code == 404
    refused = browse(world.ben).post(f"{base}/goal-imports", {"files": [SimpleUploadedFile("team.md", MARKDOWN)]})
    assert refused.status_code == 403
