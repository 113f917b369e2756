"""A personal purpose is its author's: not in pages, search, API, exports, traces or decisions of anybody
else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.worlds import World, as_actor
from throughline.kernel.actor import Actor
from throughline.kernel.errors import NotFound, Refused
from throughline.ledger.models import Event, Link, SearchEntry
from throughline.ledger.selectors import search_subjects, trace_of
from throughline.ledger.subjects import subject_card, subject_type
from throughline.purpose import policies, services
from throughline.purpose.models import Statement
from throughline.purpose.selectors import statement_for, statements_visible_to

WORDS = "To build quietly reliable instruments."
OTHERS = ("ada", "lea", "max", "tom", "fay", "mia", "gus")
Browse = Callable[[Any], Client]


@pytest.fixture
def above(world: World) -> Statement:
    return services.statement_start(actor=as_actor(world.lea), level="organisation", text="We make care calm.")


@pytest.fixture
def mine(world: World, above: Statement) -> Statement:
    return services.statement_start(
        actor=as_actor(world.ben), level="person", text=WORDS, toward=[above.pk], reason="A quiet year."
    )


def sees(actor: Actor, statement: Statement) -> bool:
    return statements_visible_to(actor).filter(pk=statement.pk).exists()


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_finds_it_anywhere(
    world: World, browse: Browse, mine: Statement, above: Statement, who: str
) -> None:
    person = getattr(world, who)
    actor = as_actor(person)
    client = browse(person)
    assert client.get(f"/o/meridian/purpose/{mine.pk}/").status_code == 404
    assert client.get(f"/api/v1/o/meridian/purposes/{mine.pk}").status_code == 404
    for path in ("purpose/", "decisions/export.json", f"purpose/{above.pk}/"):
        assert "instruments" not in client.get(f"/o/meridian/{path}").content.decode()
    assert "instruments" not in client.get("/api/v1/o/meridian/purposes").content.decode()
    assert search_subjects(actor, "instruments") == []
    assert subject_card(actor, mine.ref) is None
    with pytest.raises(NotFound):
        subject_type("purpose.statement").text_of(actor, mine.pk, 1)
    with pytest.raises(NotFound):
        statement_for(actor, mine.pk)


def test_it_leaves_no_trace_at_what_it_points_toward(world: World, mine: Statement, above: Statement) -> None:
    assert not Link.objects.filter(from_kind="purpose.statement", from_id=mine.pk).exists()
    assert trace_of(as_actor(world.max), above.ref).downstream == ()
    assert not SearchEntry.objects.filter(kind="purpose.statement", subject_id=mine.pk).exists()
    assert all(WORDS not in str(event.data) for event in Event.objects.all())


def test_its_author_reads_and_changes_it(world: World, browse: Browse, mine: Statement) -> None:
    page = browse(world.ben).get("/o/meridian/purpose/mine/").content.decode()
    assert WORDS in page
    assert "Only you can read this" in page
    services.statement_write(actor=as_actor(world.ben), statement=mine, text="To mend things.", based_on=1)
    mine.refresh_from_db()
    assert (mine.adopted_version, mine.headline) == (2, "To mend things.")


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_shares_or_writes_it(world: World, mine: Statement, who: str) -> None:
    actor = as_actor(getattr(world, who))
    with pytest.raises(Refused):
        services.statement_share(actor=actor, statement=mine, visibility="organisation")
    with pytest.raises(Refused):
        services.statement_write(actor=actor, statement=mine, text="Mine now.", based_on=1)


READERS = {
    "private": set(),
    "unit": {"tom", "fay", "ada"},  # Platform's members, and Ada, who leads the unit above it
    "organisation": {"ada", "lea", "max", "tom", "fay", "mia"},
}


@pytest.mark.parametrize("visibility", sorted(READERS))
def test_sharing_opens_it_to_exactly_those_chosen(world: World, mine: Statement, visibility: str) -> None:
    unit_id = world.platform.pk if visibility == "unit" else None
    services.statement_share(actor=as_actor(world.ben), statement=mine, visibility=visibility, unit_id=unit_id)
    readers = {who for who in OTHERS if sees(as_actor(getattr(world, who)), mine)}
    assert readers == READERS[visibility]


def test_making_it_private_again_takes_back_links_and_search(world: World, mine: Statement, above: Statement) -> None:
    ben = as_actor(world.ben)
    services.statement_share(actor=ben, statement=mine, visibility="organisation")
    assert Link.objects.filter(from_id=mine.pk, to_id=above.pk, relation="advances").exists()
    assert [card.title for card in search_subjects(as_actor(world.mia), "instruments")] == [WORDS]
    services.statement_share(actor=ben, statement=mine, visibility="private")
    assert not Link.objects.filter(from_id=mine.pk).exists()
    assert search_subjects(as_actor(world.mia), "instruments") == []


@pytest.mark.parametrize("who", ["ben", *OTHERS])
@pytest.mark.parametrize("visibility", sorted(READERS))
def test_list_and_single_answers_agree(
    world: World, mine: Statement, above: Statement, who: str, visibility: str
) -> None:
    unit_id = world.platform.pk if visibility == "unit" else None
    services.statement_share(actor=as_actor(world.ben), statement=mine, visibility=visibility, unit_id=unit_id)
    actor = as_actor(getattr(world, who))
    for statement in Statement.objects.all():
        assert bool(policies.can_see_statement(actor, statement)) is sees(actor, statement)


def test_sharing_asks_once_more_before_it_opens(world: World, browse: Browse, mine: Statement) -> None:
    client = browse(world.ben)
    asked = client.post("/o/meridian/purpose/mine/share/", {"who": "organisation"})
    assert "Share it with: Everyone in the organisation?" in asked.content.decode()
    mine.refresh_from_db()
    assert mine.visibility == "private"
    client.post("/o/meridian/purpose/mine/share/", {"who": "organisation", "confirmed": "1"})
    mine.refresh_from_db()
    assert mine.visibility == "organisation"
