"""A little of everything in the small world, written through the API itself, and the ids it got."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.worlds import World, as_actor
from throughline.access.models import Membership
from throughline.access.services import token_create
from throughline.kernel.clock import now, today
from throughline.people.models import Person

CSRF = "abcdefghijklmnopqrstuvwxyz012345"
HR_FILE = b"name,email,unit\nNia Novak,nia@meridian.example,Platform\n"
OKR_FILE = b"# Q1\n\n## Objective: Short waits\n\n- Key result: Wait below ten minutes => 40%\n"


@dataclass(frozen=True)
class Caller:
    """Somebody who may ask, for JSON below their organisation; `credentials` are the headers that say who."""

    slug: str
    credentials: dict[str, str]

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The answer to one request; `body` goes as JSON, `Idempotency_Key="k"` as that header."""
        content = {"data": json.dumps(body), "content_type": "application/json"} if body is not None else {}
        return _client().generic(method.upper(), self._at(path), headers=self._headers(headers), **content)

    def send(self, path: str, files: dict[str, Any], **headers: str) -> Any:
        """The answer to an upload."""
        return _client().post(self._at(path), files, headers=self._headers(headers))

    def _at(self, path: str) -> str:
        return f"/api/v1/o/{self.slug}/{path}"

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        return {**self.credentials, **{name.replace("_", "-"): value for name, value in more.items()}}

    def made(self, path: str, body: Any = None, *, method: str = "post") -> dict[str, Any]:
        """What a write that must succeed answers."""
        answer = self.ask(method, path, body)
        assert answer.status_code < 300, f"{method} {path}: {answer.status_code} {answer.content.decode()}"
        return dict(answer.json()) if answer.content else {}


def _client() -> Client:
    return Client(enforce_csrf_checks=True, raise_request_exception=False)


def caller_for(person: Person, *, can_write: bool = True) -> Caller:
    """A caller with a fresh token of that person."""
    actor = as_actor(person)
    made = token_create(actor=actor, name="A test", can_write=can_write, lasts_days=1)
    return Caller(actor.org_slug, {"Authorization": f"Bearer {made.secret}"})


def signed_in(person: Person, *, sends_csrf: bool = True) -> Caller:
    """A caller with that person's browser session."""
    client = Client()
    account = Membership.objects.select_related("account").get(person_id=person.pk).account
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    cookies = f"sessionid={client.cookies['sessionid'].value}; csrftoken={CSRF}"
    return Caller(as_actor(person).org_slug, {"Cookie": cookies} | ({"X-CSRFToken": CSRF} if sends_csrf else {}))


def build_content(world: World, ada: Caller | None = None) -> dict[str, int]:
    """Purpose, values, decisions, a meeting with its board, goals, people's things; ids by path parameter."""
    ada, gus = ada or caller_for(world.ada), world.gus
    ids = {"person_id": world.ben.pk, "unit_id": world.platform.pk}
    ids |= _people(ada, world)
    ids |= _purpose(ada, world)
    ids |= _meeting(ada, world)
    ids |= _goals(ada, world, ids)
    ids |= _access(ada, gus, ids)
    return ids


def _people(ada: Caller, world: World) -> dict[str, int]:
    gift = ada.made(f"people/{world.ben.pk}/strengths", {"kind": "gift", "name": "Listening"})
    entry = {"kind": "technical_expert", "name": "Nurses", "represents": "Wards", "influence": 4, "interest": 5}
    stakeholder = ada.made("stakeholders", entry)
    members = ada.made(f"units/{world.platform.pk}/memberships", method="get")["items"]
    hr_import = ada.send("people-imports", {"file": SimpleUploadedFile("people.csv", HR_FILE)})
    okr_import = ada.send("goal-imports", {"files": [SimpleUploadedFile("okrs.md", OKR_FILE)]})
    return {
        "strength_id": gift["id"],
        "stakeholder_id": stakeholder["id"],
        "membership_id": members[0]["id"],
        "import_id": hr_import.json()["id"],
        "okr_import_id": okr_import.json()["id"],
    }


def _purpose(ada: Caller, world: World) -> dict[str, int]:
    statement = ada.made("purposes", {"level": "organisation", "text": "We keep clinics running."})
    suggested = ada.made(f"purposes/{statement['id']}/suggestions", {"text": "Say who for."})
    value = ada.made("values", {"name": "Candour", "meaning": "We say what is so.", "shows": ["Says it early"]})
    policy = ada.made("policies", {"title": "Open doors", "text": "Anyone may ask.", "value_ids": [value["id"]]})
    asked = [{"person_id": world.ada.pk}, {"person_id": world.ben.pk}]
    proposal = ada.made("decisions", {"title": "Fridays", "text": "No meetings on Fridays.", "signatories": asked})
    objected = {"version": proposal["version"], "stance": "object", "reason": "Support runs on Fridays."}
    decided = ada.made(f"decisions/{proposal['id']}/positions", objected)
    return {
        "statement_id": statement["id"],
        "suggestion_id": suggested["suggestions"][0]["id"],
        "value_id": value["id"],
        "policy_id": policy["id"],
        "proposal_id": proposal["id"],
        "objection_id": decided["objections"][0]["id"],
    }


def _meeting(ada: Caller, world: World) -> dict[str, int]:
    starts_at = (now() + timedelta(hours=1)).isoformat()
    plan = {
        "format": "listening_session",
        "title": "What slows us",
        "starts_at": starts_at,
        "unit_id": world.platform.pk,
    }
    meeting = ada.made("meetings", {**plan, "question": "What slows us?", "what_for": "The next cycle."})
    ada.made(f"meetings/{meeting['id']}/state", {"state": "open"})
    said = ada.made(f"meetings/{meeting['id']}/contributions", {"text": "Reviews wait for days."})
    theme = ada.made(f"meetings/{meeting['id']}/themes", {"title": "Waiting"})
    other = ada.made(f"meetings/{meeting['id']}/themes", {"title": "Hand-overs"})
    return {
        "meeting_id": meeting["id"],
        "contribution_id": said["id"],
        "theme_id": theme["id"],
        "other_theme_id": other["id"],
    }


def _goals(ada: Caller, world: World, ids: dict[str, int]) -> dict[str, int]:
    start = today()
    plan = {"name": "This quarter", "starts_on": start.isoformat(), "ends_on": (start + timedelta(90)).isoformat()}
    cycle = ada.made("goals/cycles", plan)
    ada.made(f"cycles/{cycle['id']}/meetings", {"meeting_id": ids["meeting_id"]})
    fields = {
        "title": "Reviews within a day",
        "unit_id": world.platform.pk,
        "owner_id": world.ada.pk,
        "cycle_id": cycle["id"],
        "serves": f"purpose.value:{ids['value_id']}",
    }
    goal = ada.made("goals", fields)
    parent = ada.made("goals", {**fields, "title": "Changes reach wards sooner"})
    measured = {"title": "Median wait", "measure": "decrease_to", "baseline": 4, "target": 1, "metric_unit": "days"}
    wanted = {**measured, "version": goal["version"], "reason": "To see it."}
    ada.made(f"goals/{goal['id']}/key-results", wanted)
    goal = ada.made(f"goals/{goal['id']}", method="get")
    aligned = ada.made(f"goals/{goal['id']}/alignments", {"parent_id": parent["id"], "version": goal["version"]})
    parts = json.loads(ada.ask("get", f"goals/{goal['id']}/children").content)
    key_result_id = next(part["id"] for part in parts if part["kind"] == "key_result")
    ada.made(f"goals/{goal['id']}/comments", {"text": "Which reviews?"})
    return {
        "cycle_id": cycle["id"],
        "goal_id": goal["id"],
        "parent_id": parent["id"],
        "key_result_id": key_result_id,
        "alignment_id": aligned["id"],
    }


def _access(ada: Caller, gus: Person, ids: dict[str, int]) -> dict[str, int]:
    invitation = ada.made("invitations", {"email": "new@meridian.example", "name": "Noa Nygaard"})
    shared = {"subject": f"purpose.value:{ids['value_id']}", "email": gus.email, "name": gus.name}
    share = ada.made("shares", shared)["share"]
    token = ada.made("tokens", {"name": "For a script"})
    return {"invitation_id": invitation["id"], "share_id": share["id"], "token_id": token["id"]}
