"""Pages and API of decisions: both shapes, refusals, repeats, files, and a ceiling on queries."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from contextvars import Context
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.worlds import World, as_actor
from throughline.decisions.models import Objection, Position, Proposal
from throughline.decisions.rules import Capacity
from throughline.decisions.selectors import LogFilter, decision_log
from throughline.decisions.services import Signatory, decision_open, decision_revise, position_take
from throughline.ledger.outbox import outbox_drain
from throughline.notify.models import Notification
from throughline.notify.waiting import waiting_for

Browse = Callable[[Any], Client]


@pytest.fixture
def proposal(world: World) -> Proposal:
    return make(world, "Where we keep notes")


def make(world: World, title: str) -> Proposal:
    return decision_open(
        actor=as_actor(world.ben),
        title=title,
        text="We keep notes in one shared place. Everyone can read them.",
        method="consent",
        signatories=[Signatory(world.mia.pk, Capacity.MEMBER), Signatory(world.gus.pk, Capacity.STAKEHOLDER)],
        options=["Private notes"],
    )


def url(proposal: Proposal, rest: str = "") -> str:
    return f"/o/meridian/decisions/{proposal.pk}/{rest}"


def test_the_page_shows_text_people_and_what_is_missing(world: World, browse: Browse, proposal: Proposal) -> None:
    page = browse(world.lea).get(url(proposal)).content.decode()
    for words in (
        "We keep notes in one shared place.",
        "Mia Mbeki",
        "Gus Garnier",
        "2 people asked have not spoken",
    ):
        assert words in page
    assert "Record my position" not in page


def test_a_guest_who_is_asked_signs_without_seeing_the_log(world: World, browse: Browse, proposal: Proposal) -> None:
    guest = browse(world.gus)
    assert "Record my position" in guest.get(url(proposal)).content.decode()
    assert guest.get("/o/meridian/decisions/").status_code == 403
    answer = guest.post(url(proposal, "position/"), {"version": 1, "stance": "agree", "once": "k1"})
    assert answer.status_code == 302
    assert Position.objects.get().person_id == world.gus.pk


def test_an_objection_without_a_reason_keeps_what_was_typed(world: World, browse: Browse, proposal: Proposal) -> None:
    answer = browse(world.mia).post(
        url(proposal, "position/"), {"version": 1, "stance": "object", "quote": "Everyone can read them."}
    )
    assert answer.status_code == 422
    assert "Say why: an objection" in answer.content.decode()
    assert "Everyone can read them.</textarea>" in answer.content.decode().replace("\n", "")
    assert not Position.objects.exists()


def test_a_position_on_a_text_that_moved_on_is_409_with_the_words_kept(
    world: World, browse: Browse, proposal: Proposal
) -> None:
    decision_revise(actor=as_actor(world.ben), proposal=proposal, text="Notes are shared.", based_on=1)
    answer = browse(world.mia).post(
        url(proposal, "position/"),
        {"version": 1, "stance": "agree_with_reservation", "reason": "Not patients' notes."},
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "moved on to version 2" in page
    assert "Not patients&#x27; notes." in page
    assert not Position.objects.exists()


def test_a_stale_revision_is_409_with_the_text_kept(world: World, browse: Browse, proposal: Proposal) -> None:
    decision_revise(actor=as_actor(world.ben), proposal=proposal, text="Notes are shared.", based_on=1)
    answer = browse(world.ben).post(
        url(proposal, "revise/"), {"based_on": 1, "text": "My own careful words.", "change": "wording"}
    )
    assert answer.status_code == 409
    assert "My own careful words." in answer.content.decode()


def test_sending_a_form_twice_has_one_effect(world: World, browse: Browse) -> None:
    client = browse(world.ben)
    data = {"title": "T", "text": "Words.", "method": "consent", "asked": "mia mbeki", "once": "same"}
    first, second = (client.post("/o/meridian/decisions/new/", data) for _ in range(2))
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    assert Proposal.objects.count() == 1


def test_an_unknown_name_is_said_and_the_form_kept(world: World, browse: Browse) -> None:
    data = {"title": "T", "text": "Kept words.", "method": "consent", "asked": "Sid Sorensen"}
    answer = browse(world.ben).post("/o/meridian/decisions/new/", data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Nobody here is called “Sid Sorensen”" in page
    assert "Kept words." in page


def test_the_whole_way_to_a_recorded_outcome(world: World, browse: Browse, proposal: Proposal) -> None:
    browse(world.mia).post(
        url(proposal, "position/"),
        {"version": 1, "stance": "object", "reason": "Patients.", "quote": "Everyone can read them."},
    )
    objection = Objection.objects.get()
    ben = browse(world.ben)
    missing = ben.post(url(proposal, f"objections/{objection.pk}/stand/"), {"note": ""})
    assert missing.status_code == 422
    ben.post(url(proposal, f"objections/{objection.pk}/stand/"), {"note": "Those are kept elsewhere."})
    browse(world.gus).post(url(proposal, "position/"), {"version": 1, "stance": "agree"})
    refused = ben.post(url(proposal, "decide/"), {"outcome": "adopted", "reason": "R", "rejected": "Private notes"})
    assert refused.status_code == 422
    assert "gives no reason" in refused.content.decode()
    done = ben.post(
        url(proposal, "decide/"),
        {"outcome": "adopted", "reason": "One place.", "rejected": "Private notes because nobody finds them"},
    )
    assert done.status_code == 302
    page = browse(world.lea).get(url(proposal)).content.decode()
    for words in ("One place.", "nobody finds them", "Those are kept elsewhere.", "Standing"):
        assert words in page


def test_the_log_filters_pages_and_exports(world: World, browse: Browse, proposal: Proposal) -> None:
    make(world, "=SUM(A1) and how we meet")
    client = browse(world.lea)
    listed = client.get("/o/meridian/decisions/?q=notes+shared&state=open").content.decode()
    assert "Where we keep notes" in listed
    assert "No decision fits" in client.get("/o/meridian/decisions/?state=rejected").content.decode()
    first = decision_log(as_actor(world.lea), size=1)
    second = decision_log(as_actor(world.lea), cursor=first.next_cursor, size=1)
    assert {first.rows[0].pk, second.rows[0].pk} == set(Proposal.objects.values_list("pk", flat=True))
    assert decision_log(as_actor(world.lea), narrowed=LogFilter(words="meet")).rows[0].title.startswith("=SUM")
    rows = list(csv.DictReader(io.StringIO(client.get("/o/meridian/decisions/export.csv").content.decode())))
    assert [row["title"] for row in rows] == ["'=SUM(A1) and how we meet", "Where we keep notes"]
    assert len(json.loads(client.get("/o/meridian/decisions/export.json").content)) == 2
    assert client.get("/o/meridian/decisions/export.pdf").status_code == 404


@pytest.mark.parametrize("path", ["", "{}/"])
def test_pages_cost_the_same_however_much_there_is(world: World, browse: Browse, proposal: Proposal, path: str) -> None:
    client = browse(world.lea)
    address = "/o/meridian/decisions/" + path.format(proposal.pk)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    queries()
    before = queries()
    for number in range(12):
        make(world, f"Decision {number}")
    for who in (world.mia, world.gus):
        for stance in ("abstain", "agree"):
            position_take(actor=as_actor(who), proposal=proposal, stance=stance, version=1)
    assert queries() <= before + 1
    assert before <= 40


def test_asking_waits_for_people_and_is_told_once(world: World, proposal: Proposal) -> None:
    outbox_drain()
    outbox_drain()
    assert Notification.objects.filter(kind="decisions.asked", person=world.mia).count() == 1
    assert [item.title for item in waiting_for(as_actor(world.mia))] == ["Where we keep notes"]
    position_take(actor=as_actor(world.mia), proposal=proposal, stance="object", version=1, reason="No.")
    assert waiting_for(as_actor(world.mia)) == []
    owed = [item.state_label for item in waiting_for(as_actor(world.ben))]
    assert owed == ["Objection to answer"]


def api(browse: Browse, person: Any) -> Callable[..., Any]:
    client = browse(person)

    def call(method: str, path: str, body: Any = None, **headers: str) -> Any:
        return getattr(client, method)(
            f"/api/v1/o/meridian/{path}",
            json.dumps(body) if body is not None else None,
            content_type="application/json",
            headers=headers,
        )

    return call


def test_the_api_does_what_the_pages_do(world: World, browse: Browse) -> None:
    body = {
        "title": "Where we meet",
        "text": "On Tuesdays.",
        "signatories": [{"person_id": world.mia.pk}],
        "options": ["Never"],
    }
    ben = api(browse, world.ben)
    made = ben("post", "decisions", body, **{"Idempotency-Key": "once"})
    assert made.status_code == 201, made.content
    again = ben("post", "decisions", body, **{"Idempotency-Key": "once"})
    assert (again.status_code, Proposal.objects.count()) == (201, 1)
    number = made.json()["id"]
    mia = api(browse, world.mia)
    early = ben("post", f"decisions/{number}/outcome", {"outcome": "adopted", "reason": "R"})
    assert (early.status_code, early["Content-Type"]) == (409, "application/problem+json")
    signed = mia("post", f"decisions/{number}/positions", {"version": 1, "stance": "agree"})
    assert signed.status_code == 201
    done = ben("post", f"decisions/{number}/outcome", {"outcome": "adopted", "reason": "R"})
    assert done.json()["outcome"] == "adopted"
    assert [row["id"] for row in mia("get", "decisions?state=adopted").json()["items"]] == [number]
    stale = ben("post", "decisions", {**body, "signatories": [{"person_id": world.sid.pk}]})
    assert stale.status_code == 422
    assert api(browse, world.gus)("get", f"decisions/{number}").status_code == 404


def test_another_organisation_finds_nothing(world: World, browse: Browse, proposal: Proposal) -> None:
    assert browse(world.sid).get(url(proposal)).status_code == 404
    client = browse(world.sid)
    # A context of its own: the test's organisation is not entered there.
    other = Context().run(client.get, f"/o/otherwhere/decisions/{proposal.pk}/")
    assert other.status_code == 404
