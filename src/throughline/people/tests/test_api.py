"""The API does what the pages do, through the same services."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.worlds import World
from throughline.people import tasks
from throughline.people.models import Person, Stakeholder, Unit

Browse = Callable[[Any], Client]


def _call(client: Client, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    send = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
    answer = getattr(client, method)(f"/api/v1/o/meridian/{path}", **send)
    return answer.status_code, json.loads(answer.content) if answer.content else None


def test_people_are_listed_read_added_edited_and_ended(world: World, browse: Browse) -> None:
    client = browse(world.max)
    status, made = _call(client, "post", "people", {"name": "Zoe Zimmer", "email": "zoe@example.org"})
    assert status == 201
    status, found = _call(client, "get", "people?q=zoe")
    assert [row["id"] for row in found["items"]] == [made["id"]]
    status, edited = _call(client, "put", f"people/{made['id']}", {"name": "Zoe Z.", "version": made["version"]})
    assert (status, edited["name"], edited["version"]) == (200, "Zoe Z.", 2)
    status, problem = _call(client, "put", f"people/{made['id']}", {"name": "Zoe", "version": 1})
    assert (status, problem["title"]) == (409, "Conflict")
    status, ended = _call(client, "post", f"people/{made['id']}/end", {})
    assert status == 200
    assert ended["left_on"] is not None
    assert _call(client, "post", f"people/{made['id']}/return")[1]["left_on"] is None


def test_refusals_are_problem_details(world: World, browse: Browse) -> None:
    client = browse(world.ben)
    status, problem = _call(client, "post", "people", {"name": "Zoe"})
    assert (status, problem["detail"]) == (403, "Only an administrator can add people; ask one to do it.")
    status, problem = _call(browse(world.max), "post", "people", {"name": "Zoe", "email": "nonsense"})
    assert (status, problem["errors"][0]["field"]) == (422, "email")
    assert _call(client, "get", f"people/{world.sid.pk}")[0] == 404
    assert _call(client, "get", f"people/{2**63}")[0] == 404
    assert not Person.objects.filter(name="Zoe").exists()


def test_units_and_memberships(world: World, browse: Browse) -> None:
    client = browse(world.max)
    status, made = _call(client, "post", "units", {"name": "Labs", "parent_id": world.top.pk})
    assert status == 201
    status, children = _call(client, "get", f"units/{world.top.pk}/children")
    assert "Labs" in [row["name"] for row in children["items"]]
    assert [row["name"] for row in _call(client, "get", "units/tree")[1]["items"]] == ["Meridian Technology"]
    assert _call(client, "put", f"units/{made['id']}", {"name": "Laboratory"})[1]["name"] == "Laboratory"
    assert _call(client, "post", f"units/{made['id']}/move", {"parent_id": world.platform.pk})[1]["depth"] == 2
    status, place = _call(client, "post", f"units/{made['id']}/memberships", {"person_id": world.mia.pk})
    assert status == 201
    assert _call(client, "put", f"memberships/{place['id']}/lead", {"is_lead": True})[1]["is_lead"] is True
    assert _call(client, "post", f"memberships/{place['id']}/end", {})[1]["ends_on"] is not None
    assert _call(client, "post", f"memberships/{place['id']}/resume")[1]["ends_on"] is None
    listed = _call(client, "get", f"units/{made['id']}/memberships")[1]["items"]
    assert [row["person_id"] for row in listed] == [world.mia.pk]
    assert _call(client, "post", f"units/{made['id']}/end", {})[0] == 200
    assert Unit.objects.get(pk=made["id"]).ended_on is not None
    assert _call(client, "post", f"units/{made['id']}/reopen")[1]["ended_on"] is None


def test_strengths_and_profile(world: World, browse: Browse) -> None:
    client = browse(world.ben)
    status, made = _call(client, "post", f"people/{world.ben.pk}/strengths", {"kind": "gift", "name": "calm"})
    assert status == 201
    assert _call(client, "get", "strengths?q=calm")[1]["items"] == [made]
    profile = _call(client, "get", f"people/{world.ben.pk}/profile")[1]
    assert (profile["strengths"], profile["memberships"][0]["unit_id"]) == ([made], world.platform.pk)
    status, own = _call(client, "put", f"people/{world.ben.pk}/profile", {"name": "Ben", "about": "hello"})
    assert (status, own["about"]) == (200, "hello")
    assert _call(client, "delete", f"strengths/{made['id']}") == (204, None)


def test_the_register_and_its_gaps(world: World, browse: Browse) -> None:
    client = browse(world.fay)
    body = {
        "kind": "business_partner",
        "name": "Suppliers",
        "represents": "parts",
        "influence": 5,
        "interest": 5,
    }
    status, made = _call(client, "post", "stakeholders", body)
    assert status == 201
    assert len(_call(client, "get", "stakeholders/gaps")[1]["kinds_missing"]) == 4
    edited = _call(client, "put", f"stakeholders/{made['id']}", {**body, "interest": 1})[1]
    assert edited["interest"] == 1
    assert _call(client, "get", f"stakeholders/{made['id']}")[1] == edited
    assert _call(client, "post", f"stakeholders/{made['id']}/end", {})[0] == 200
    assert _call(client, "get", "stakeholders")[1]["items"] == []
    assert _call(client, "post", f"stakeholders/{made['id']}/return")[0] == 200
    assert Stakeholder.objects.get().ended_on is None


def test_an_import_from_upload_to_result(
    world: World, browse: Browse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)
    client = browse(world.max)
    file = SimpleUploadedFile("hr.csv", b"Name,Email\nZoe Zimmer,zoe@example.org\n,x@example.org\n")
    answer = client.post("/api/v1/o/meridian/people-imports", {"file": file})
    made = json.loads(answer.content)
    assert (answer.status_code, made["mapping"]["columns"]) == (201, {"name": 0, "email": 1})
    path = f"people-imports/{made['id']}"
    assert _call(client, "get", f"{path}/columns")[1]["columns"] == ["Name", "Email"]
    status, problem = _call(client, "put", f"{path}/mapping", {"columns": {"title": 0}})
    assert (status, {item["field"] for item in problem["errors"]}) == (422, {"name", "external_id"})
    status, previewed = _call(client, "put", f"{path}/mapping", made["mapping"])
    assert (status, previewed["state"], previewed["summary"]["new"]) == (200, "previewed", 1)
    findings = _call(client, "get", f"{path}/findings")[1]["items"]
    assert [(row["line"], row["column"]) for row in findings] == [(3, "Name")]
    assert _call(client, "post", f"{path}/start")[0] == 202
    tasks.people_import_run_task.call(world.org.pk, made["id"])
    assert _call(client, "get", path)[1]["state"] == "done"
    assert Person.objects.filter(email="zoe@example.org").exists()
    assert _call(browse(world.ada), "get", path)[0] == 404
