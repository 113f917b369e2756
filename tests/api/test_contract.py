"""What holds for every operation: writes happen once, lists come in pages, refusals are problem details, and nobody
gets what is not theirs.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.api.content import Caller, build_content, caller_for, signed_in
from tests.worlds import World, as_actor, build_world
from throughline.access.models import ApiToken, OnceKey
from throughline.access.services import token_create, token_revoke
from throughline.kernel.clock import now
from throughline.kernel.scoping import in_org
from throughline.ledger.models import Event
from throughline.project.api import api
from throughline.project.openapi import REFUSALS, WRITES, route_shape

SCHEMA = json.loads(json.dumps(api.get_openapi_schema()))
BASE = "/api/v1/o/{org}/"
OPERATIONS = [
    (method, path.removeprefix(BASE), operation)
    for path, methods in SCHEMA["paths"].items()
    for method, operation in methods.items()
]
READS = [path for method, path, _ in OPERATIONS if method == "get"]
READ_SHAPES = {route_shape(path) for path in READS}
WRITTEN = [(method, path) for method, path, _ in OPERATIONS if method in WRITES]
# Lists that say themselves how few they are.
SMALL = ("at most", "newest 100", "at once", "every group and channel", "caller's line", "waits for the caller")
# Everybody has few of these, but an organisation that asks everybody could have many.
UNPAGED = {"cycles/{cycle_id}/voices"}
SECRETS = {"tokens", "invitations", "shares"}


def _filled(path: str, ids: dict[str, int]) -> str:
    """The path with ids of the content; a parameter without one names something that is not there."""
    number = ids["okr_import_id"] if path.startswith("goal-imports") else ids["import_id"]
    known = {**ids, "import_id": number, "kind": "goals.goal", "subject_id": ids["goal_id"], "action": "withdraw"}
    for name in SCHEMA_PARAMETERS[path]:
        path = path.replace(f"{{{name}}}", str(known.get(name, 999_999)))
    return path


SCHEMA_PARAMETERS = {
    path: [item["name"] for item in operation["parameters"] if item["in"] == "path"]
    for _, path, operation in OPERATIONS
}


def _assert_problem(answer: Any, status: int) -> None:
    assert answer.status_code == status, answer.content[:300]
    assert answer["Content-Type"] == "application/problem+json"
    said = answer.json()
    assert said["status"] == status
    assert said["type"]
    assert said["title"]
    assert said["detail"].endswith((".", "…")), said["detail"]


@dataclass(frozen=True)
class Insistent(Caller):
    """Sends every write twice under one key, and then another one under it."""

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The first answer, after checking the second and the third."""
        if method == "get":
            return super().ask(method, path, body, **headers)
        key = f"{method} {path} {OnceKey.objects.count()}"
        first = super().ask(method, path, body, Idempotency_Key=key)
        events = Event.objects.count()
        again = super().ask(method, path, body, Idempotency_Key=key)
        if first.status_code == 201 and f"{path}/{{}}" in READ_SHAPES:
            assert super().ask("get", first["Location"].removeprefix("/api/v1/o/meridian/")).status_code == 200
        if path in SECRETS:
            _assert_problem(again, 409)
            assert again["Location"] == first["Location"]
        else:
            assert again["Idempotent-Replayed"] == "true"
            assert (again.status_code, again.content) == (first.status_code, first.content)
            assert again.get("Location") == first.get("Location")
        _assert_problem(super().ask(method, path, {"another": "body"}, Idempotency_Key=key), 409)
        assert Event.objects.count() == events, f"{method} {path} happened twice"
        return first

    def send(self, path: str, files: dict[str, Any], **headers: str) -> Any:
        """The same for an upload, whose body is built anew each time."""
        first = super().send(path, files, Idempotency_Key=path)
        for file in files.values():
            for one in file if isinstance(file, list) else [file]:
                one.seek(0)
        again = super().send(path, files, Idempotency_Key=path)
        assert again["Idempotent-Replayed"] == "true"
        assert again.content == first.content
        return first


def test_repeated_write_has_one_effect_and_the_same_answer(world: World) -> None:
    ada = caller_for(world.ada)
    assert build_content(world, Insistent(ada.slug, ada.credentials))["goal_id"]


def test_refused_write_may_be_sent_again_under_its_key(world: World) -> None:
    ada = caller_for(world.ada)
    _assert_problem(ada.ask("post", "values", {"name": ""}, Idempotency_Key="k"), 422)
    assert ada.ask("post", "values", {"name": "Care"}, Idempotency_Key="k").status_code == 201


def test_secret_of_an_answer_is_not_kept_with_its_key(world: World) -> None:
    ada = caller_for(world.ada)
    made = ada.ask("post", "tokens", {"name": "Script"}, Idempotency_Key="k").json()
    row = OnceKey.objects.get(key="k")
    assert made["secret"] not in row.body + row.location + row.fingerprint
    assert made["secret"]


@pytest.mark.parametrize("key", ["", "k" * 81, "tab\tkey", "schlüssel"])
def test_key_that_cannot_be_kept_is_refused(world: World, key: str) -> None:
    answer = caller_for(world.ada).ask("post", "notifications/read", Idempotency_Key=key)
    _assert_problem(answer, 422)


def test_every_write_documents_its_key() -> None:
    without = [
        (method, path)
        for method, path, operation in OPERATIONS
        if method in WRITES and not any(item["name"] == "Idempotency-Key" for item in operation["parameters"])
    ]
    assert without == []


def test_every_operation_lies_below_an_organisation_and_documents_refusals() -> None:
    assert all(path.startswith(BASE) for path in SCHEMA["paths"])
    expected = {str(status) for status in REFUSALS} - {"400", "409"}
    for method, path, operation in OPERATIONS:
        assert expected <= operation["responses"].keys(), (method, path)


def test_every_operation_is_named_once_and_described_in_words() -> None:
    names = [operation["operationId"] for _, _, operation in OPERATIONS]
    assert len(names) == len(set(names))
    bare = [
        f"{method} {path}"
        for method, path, operation in OPERATIONS
        if not operation.get("description") and operation["summary"].istitle() and " " in operation["summary"]
    ]
    assert bare == [], "operations without a docstring"


def test_every_list_is_paged_or_says_that_it_is_small() -> None:
    unpaged = set()
    for method, path, operation in OPERATIONS:
        schema = next(iter(operation["responses"].items()))[1].get("content", {}).get("application/json", {})
        shape = schema.get("schema", {})
        is_list = shape.get("type") == "array" or "ApiPage" in shape.get("$ref", "")
        names = {item["name"] for item in operation["parameters"]}
        words = operation["summary"] + operation.get("description", "")
        if method == "get" and is_list and "cursor" not in names and not any(word in words for word in SMALL):
            unpaged.add(path)
    assert unpaged == UNPAGED


def test_pages_of_a_list_follow_each_other(world: World) -> None:
    ada = caller_for(world.ada)
    found, cursor = [], ""
    for _ in range(20):
        page = ada.made(f"people?size=3&cursor={cursor}", method="get")
        found += [row["id"] for row in page["items"]]
        cursor = page["next_cursor"]
        if not cursor:
            break
    whole = ada.made("people?size=200", method="get")["items"]
    assert found == [row["id"] for row in whole]


@pytest.mark.parametrize(
    "cursor",
    ["x", "WzAsMV0", "WzAsICJuYW1lIiwgIngiXQ", "WzAsICJcdTAwMDAiLCAxXQ", "WzAsIE5hTiwgMV0", "WzAsICJcdWQ4MDAiLCAxXQ"],
)
def test_cursor_of_another_list_is_refused(world: World, cursor: str) -> None:
    ada = caller_for(world.ada)
    for path in ("people", "goals/cycles", "tokens"):
        answer = ada.ask("get", f"{path}?cursor={cursor}")
        assert answer.status_code in (200, 422), (path, answer.content)


def test_refusals_are_problem_details(world: World) -> None:
    ada, ben = caller_for(world.ada), caller_for(world.ben)
    _assert_problem(Caller("meridian", {}).ask("get", "me"), 401)
    _assert_problem(ada.ask("get", "people/999999"), 404)
    _assert_problem(ada.ask("get", f"people/{2**63}"), 404)
    _assert_problem(ada.ask("get", "no/such/address"), 404)
    _assert_problem(ada.ask("get", "trace/goals.goal%00/1"), 404)
    _assert_problem(ben.ask("put", f"members/{world.ada.pk}/access", {"is_active": False}), 403)
    not_taken = ada.ask("delete", "people")
    _assert_problem(not_taken, 405)
    assert set(not_taken["Allow"].split(", ")) == {"GET", "POST"}
    unread = ada.ask("post", "values", {"name": 7})
    _assert_problem(unread, 422)
    assert [item["field"] for item in unread.json()["errors"]] == ["name"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"\xff\xfe{", 400),
        (b'{"name": NaN}', 400),
        (b"[" * 100_000, 400),
        (b'{"name": ' + b"9" * 5_000 + b"}", 400),
        (b'{"name": "a\\u0000b"}', 422),
        (b'{"name": "a\\ud800b"}', 422),
        (b'{"name": "ok", "shows": ["\\u0000"]}', 422),
        (b'{"name": "ok", "\\u0000": 1}', 422),
        (b'{"name": "ok", "version": 9223372036854775808}', 422),
        (b'{"name": "ok", "version": 1e400}', 422),
        (b"5", 422),
        (b"null", 422),
        (b"[]", 422),
    ],
)
def test_body_that_cannot_be_kept_is_refused(world: World, body: bytes, status: int) -> None:
    ada = caller_for(world.ada)
    client = Client(raise_request_exception=False)
    answer = client.post("/api/v1/o/meridian/values", body, content_type="application/json", headers=ada.credentials)
    _assert_problem(answer, status)


def test_query_that_cannot_be_kept_is_refused(world: World) -> None:
    _assert_problem(caller_for(world.ada).ask("get", "people?q=%00"), 422)


def test_reading_token_cannot_write(world: World) -> None:
    reader = caller_for(world.ada, can_write=False)
    assert reader.ask("get", "me").status_code == 200
    for method, path in WRITTEN:
        _assert_problem(reader.ask(method, path.replace("{", "1").replace("}", ""), {}), 403)


def test_session_without_csrf_token_cannot_write(world: World) -> None:
    ids = build_content(world)
    ada = signed_in(world.ada, sends_csrf=False)
    assert ada.ask("get", "me").status_code == 200
    disguised = Caller(ada.slug, {**ada.credentials, "Authorization": "basic x"})
    for method, path in WRITTEN:
        _assert_problem(ada.ask(method, _filled(path, ids), {}), 403)
        _assert_problem(disguised.ask(method, _filled(path, ids), {}), 403)
    assert signed_in(world.ada).ask("post", "notifications/read").status_code == 200


@pytest.fixture
def unentered(db: None) -> World:
    """The small world with nobody's scope entered, for requests to both organisations."""
    return build_world()


def test_token_that_ended_is_unknown(unentered: World) -> None:
    with in_org(unentered.org.pk):
        actor = as_actor(unentered.ada)
        revoked = token_create(actor=actor, name="Revoked", can_write=True, lasts_days=1)
        token_revoke(actor=actor, token=revoked.token)
        expired = token_create(actor=actor, name="Expired", can_write=True, lasts_days=1)
        ApiToken.objects.filter(pk=expired.token.pk).update(expires_at=now() - timedelta(seconds=1))
    with in_org(unentered.other_org.pk):
        other = token_create(actor=as_actor(unentered.sid), name="Elsewhere", can_write=True, lasts_days=1)
    for secret in (revoked.secret, expired.secret, other.secret, "thl_made-up", "", "é"):
        for scheme in ("Bearer", "bearer"):
            caller = Caller("meridian", {"Authorization": f"{scheme} {secret}"})
            _assert_problem(caller.ask("get", "me"), 401)


def test_session_with_a_made_up_token_is_unknown(world: World) -> None:
    ada = signed_in(world.ada, sends_csrf=False)
    caller = Caller(ada.slug, {**ada.credentials, "Authorization": "bearer made-up"})
    _assert_problem(caller.ask("post", "notifications/read"), 401)


def test_things_of_another_organisation_are_not_there(unentered: World) -> None:
    with in_org(unentered.org.pk):
        ids = build_content(unentered)
    with in_org(unentered.other_org.pk):
        sid = caller_for(unentered.sid)
    for path in READS:
        _assert_problem(Caller("meridian", sid.credentials).ask("get", _filled(path, ids)), 401)
        if "{" in path:
            _assert_problem(sid.ask("get", _filled(path, ids)), 404)


def test_things_of_another_organisation_cannot_be_deleted(unentered: World) -> None:
    with in_org(unentered.org.pk):
        ids = build_content(unentered)
    with in_org(unentered.other_org.pk):
        sid = caller_for(unentered.sid)
    for method, path in WRITTEN:
        if "{" in path and method == "delete":
            _assert_problem(sid.ask(method, f"{_filled(path, ids)}?version=1"), 404)


def test_guest_gets_only_what_was_shared(world: World) -> None:
    ids = build_content(world)
    gus = signed_in(world.gus)
    assert gus.ask("get", f"values/{ids['value_id']}").status_code == 200
    unshared = (
        "Reviews",
        "Median wait",
        "Open doors",
        "Fridays",
        "clinics running",
        "Noa",
        "Nurses",
        "Listening",
        "Ben",
    )
    for path in READS:
        answer = gus.ask("get", _filled(path, ids))
        assert answer.status_code in (200, 403, 404, 422), path
        said = answer.content.decode()
        told = [word for word in unshared if word in said]
        assert told == [], f"a guest is told {told} by {path}: {said[:300]}"
