"""Pages and API of purpose: what they show, what they refuse, and a ceiling on queries."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.worlds import World, as_actor
from throughline.decisions.models import Proposal
from throughline.decisions.services import position_take, proposal_decide
from throughline.ledger.outbox import outbox_drain
from throughline.purpose import services
from throughline.purpose.models import Endorsement, Statement, StatementVersion, Suggestion, Value
from throughline.purpose.tests.routes import organisation_purpose

Browse = Callable[[Any], Client]
BASE = "/o/meridian/purpose/"


@pytest.fixture
def statement(world: World) -> Statement:
    return organisation_purpose(world)


def test_an_empty_overview_says_what_to_do_next(world: World, browse: Browse) -> None:
    assert "Write a first draft" in browse(world.lea).get(BASE).content.decode()
    assert "Ask a leader or facilitator" in browse(world.ben).get(BASE).content.decode()


def test_the_whole_way_from_draft_to_adopted_in_the_browser(world: World, browse: Browse) -> None:
    lea, mia = browse(world.lea), browse(world.mia)
    started = lea.post(f"{BASE}start/", {"based_on": 0, "text": "We make care calm.", "took_part": "ben brandt"})
    assert started.status_code == 302
    page = started["Location"]
    assert mia.post(f"{page}suggest/", {"text": "Say for whom.", "once": "s"}).status_code == 302
    edited = lea.post(
        f"{page}edit/", {"based_on": 1, "text": "We make care calm for patients.", "reason": "Mia asked."}
    )
    assert edited.status_code == 302
    suggestion = Suggestion.objects.get()
    assert lea.post(f"{page}suggestions/{suggestion.pk}/", {"fate": "taken_up", "version": 2}).status_code == 302
    assert "Taken up in version 2" in mia.get(page).content.decode()
    form = lea.get(f"{page}propose/").content.decode()
    assert "Ada Adeyemi" in form
    proposed = lea.post(f"{page}propose/", {"version": 2, "asked": "Ben Brandt\ntom@meridian.example"})
    assert proposed.status_code == 302
    proposal = Proposal.objects.get()
    for person in (world.ben, world.tom):
        position_take(actor=as_actor(person), proposal=proposal, stance="agree", version=2)
    proposal_decide(actor=as_actor(world.lea), proposal=proposal, outcome="adopted", reason="Yes.")
    outbox_drain()
    shown = mia.get(page).content.decode()
    for words in ("Adopted in version 2", "I stand behind this", "Mia asked.", "Ben Brandt"):
        assert words in shown
    assert mia.post(f"{page}endorse/", {}).status_code == 302
    assert "1</b> person stands behind this: Mia Mbeki" in mia.get(page).content.decode()
    mia.post(f"{page}endorse/", {"withdraw": "1"})
    assert not Endorsement.objects.exists()


def test_a_stale_edit_is_409_with_the_text_kept(world: World, browse: Browse, statement: Statement) -> None:
    services.statement_write(actor=as_actor(world.ada), statement=statement, text="Ada's words.", based_on=1)
    answer = browse(world.lea).post(f"{BASE}{statement.pk}/edit/", {"based_on": 1, "text": "My careful words."})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "My careful words." in page
    assert "Ada&#x27;s words." in page


def test_unknown_people_are_said_and_the_text_kept(world: World, browse: Browse, statement: Statement) -> None:
    answer = browse(world.lea).post(
        f"{BASE}{statement.pk}/edit/", {"based_on": 1, "text": "Kept.", "took_part": "Nobody Known"}
    )
    assert answer.status_code == 422
    assert "Nobody here is called “Nobody Known”" in answer.content.decode()
    assert StatementVersion.objects.count() == 1


def test_an_answer_without_words_is_422_with_the_suggestion_open(
    world: World, browse: Browse, statement: Statement
) -> None:
    suggestion = services.suggestion_add(actor=as_actor(world.mia), statement=statement, text="Say for whom.")
    answer = browse(world.lea).post(
        f"{BASE}{statement.pk}/suggestions/{suggestion.pk}/", {"fate": "not_taken_up", "reason": ""}
    )
    assert answer.status_code == 422
    assert "<details open>" in answer.content.decode()


def test_a_double_click_makes_one_suggestion(world: World, browse: Browse, statement: Statement) -> None:
    client = browse(world.mia)
    for _ in range(2):
        client.post(f"{BASE}{statement.pk}/suggest/", {"text": "Say for whom.", "once": "same"})
    assert Suggestion.objects.count() == 1


def test_policies_without_values_and_values_without_policies_are_shown(world: World, browse: Browse) -> None:
    lea = browse(world.lea)
    lea.post(f"{BASE}values/new/", {"version": 0, "name": "Candour", "shows": "Says it early\nAsks"})
    lea.post(f"{BASE}values/new/", {"version": 0, "name": "Care"})
    candour = Value.objects.get(name="Candour")
    lea.post(f"{BASE}policies/new/", {"version": 0, "title": "Open books", "text": "T", "values": [candour.pk]})
    lea.post(f"{BASE}policies/new/", {"version": 0, "title": "Dress code", "reference": "H-9"})
    page = browse(world.ben).get(f"{BASE}policies/").content.decode()
    backed, rest = page.split("Policies that no value backs")
    without_value, without_policy = rest.split("Values that no policy backs")
    assert "Open books" in backed
    assert "Dress code" in without_value
    assert "Care" in without_policy
    assert "Candour" not in without_policy
    assert "Says it early" in browse(world.ben).get(f"{BASE}values/{candour.pk}/").content.decode()


@pytest.mark.parametrize("path", ["", "{}/", "values/", "policies/"])
def test_pages_cost_the_same_however_much_there_is(
    world: World, browse: Browse, statement: Statement, path: str
) -> None:
    client = browse(world.lea)
    lea = as_actor(world.lea)
    value = services.value_create(actor=lea, name="First", shows=["A"])
    services.policy_create(actor=lea, title="First", text="T", value_ids=[value.pk])
    services.suggestion_add(actor=as_actor(world.mia), statement=statement, text="First.")
    services.statement_start(actor=lea, level="unit", unit_id=world.platform.pk, text="Run.")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(BASE + path.format(statement.pk)).status_code == 200
        return len(captured)

    queries()
    before = queries()
    for number in range(8):
        more = services.value_create(actor=lea, name=f"Value {number}", shows=["A", "B"])
        services.policy_create(actor=lea, title=f"Policy {number}", text="T", value_ids=[more.pk])
        services.suggestion_add(actor=as_actor(world.mia), statement=statement, text="More.")
        services.statement_write(actor=lea, statement=statement, text=f"Words {number}.", based_on=number + 1)
    services.statement_start(actor=lea, level="unit", unit_id=world.clinics.pk, text="Care.")
    assert queries() <= before
    assert before <= 40


def test_the_api_does_what_the_pages_do(world: World, browse: Browse) -> None:
    def call(person: Any, method: str, path: str, body: Any = None) -> Any:
        data = json.dumps(body) if body is not None else None
        return getattr(browse(person), method)(f"/api/v1/o/meridian/{path}", data, content_type="application/json")

    made = call(world.lea, "post", "purposes", {"level": "organisation", "text": "We make care calm."})
    assert made.status_code == 201, made.content
    number = made.json()["id"]
    assert call(world.ben, "post", "purposes", {"level": "organisation", "text": "X"}).status_code == 403
    suggested = call(world.mia, "post", f"purposes/{number}/suggestions", {"text": "For whom?"})
    suggestion = suggested.json()["suggestions"][0]["id"]
    stale = call(world.lea, "post", f"purposes/{number}/versions", {"text": "X", "based_on": 7})
    assert (stale.status_code, stale["Content-Type"]) == (409, "application/problem+json")
    written = call(world.lea, "post", f"purposes/{number}/versions", {"text": "We make care kind.", "based_on": 1})
    kinds = {part["kind"] for part in written.json()["versions"][0]["diff"]}
    assert kinds == {"same", "removed", "added"}
    fate = {"fate": "taken_up", "version": 2}
    taken = call(world.lea, "post", f"purposes/{number}/suggestions/{suggestion}/fate", fate)
    assert taken.json()["suggestions"][0]["state"] == "taken_up"
    wrong = call(world.lea, "post", f"purposes/{number}/proposal", {"version": 2, "person_ids": [world.sid.pk]})
    assert wrong.status_code == 422
    proposed = call(world.lea, "post", f"purposes/{number}/proposal", {"version": 2, "person_ids": [world.ben.pk]})
    assert proposed.json()["proposal_id"] == Proposal.objects.get().pk
    value = call(world.lea, "post", "values", {"name": "Candour", "shows": ["Says it early"]}).json()
    call(world.ben, "put", f"values/{value['id']}/endorsement")
    assert call(world.ben, "get", "values").json()["items"][0]["endorsements"] == 1
    policy = call(world.lea, "post", "policies", {"title": "Books", "text": "T", "value_ids": [value["id"]]}).json()
    assert call(world.ben, "get", f"policies/{policy['id']}").json()["value_ids"] == [value["id"]]
    assert call(world.lea, "delete", f"policies/{policy['id']}").status_code == 204
    assert call(world.gus, "get", "values").json()["items"] == []
    assert call(world.gus, "get", "purposes").json()["items"] == []
