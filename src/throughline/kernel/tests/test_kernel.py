"""Verdicts, secrets, subject references, the clock, registries and pages by key."""

from __future__ import annotations

from datetime import UTC, datetime
from types import ModuleType

import pytest

from tests.worlds import World
from throughline.kernel import clock
from throughline.kernel.actor import Actor, Role, system_actor
from throughline.kernel.errors import Invalid, Refused, ScopeError
from throughline.kernel.ids import SubjectRef, secret_hash, secret_matches, secret_new
from throughline.kernel.paging import page_of
from throughline.kernel.registry import Registry
from throughline.kernel.scoping import across_orgs, in_org
from throughline.kernel.verdict import YES, allow_if, no
from throughline.people.models import Person


def test_a_refusal_carries_its_reason_to_whoever_asks() -> None:
    with pytest.raises(Refused, match="Ask an owner"):
        no("Ask an owner.").require()
    YES.require()
    assert allow_if(True, "never shown")
    assert not allow_if(False, "shown")


def test_invalid_keeps_its_sentences_by_field() -> None:
    error = Invalid({"title": "Write one.", "": ["First.", "Second."]})
    assert error.problems == {"title": ["Write one."], "": ["First.", "Second."]}
    assert str(Invalid("All of it.")) == "All of it."


@pytest.mark.parametrize("text", ["goals.goal:12", "meetings.anonymous:9223372036854775807"])
def test_subject_reference_reads_what_it_writes(text: str) -> None:
    assert str(SubjectRef.parse(text)) == text


@pytest.mark.parametrize("text", ["", "goal:1", "goals.goal", "goals.goal:x", "goals.goal:-1", ":3"])
def test_subject_reference_refuses_anything_else(text: str) -> None:
    with pytest.raises(ValueError, match="not a subject"):
        SubjectRef.parse(text)


def test_secret_is_known_by_its_hash_only() -> None:
    secret = secret_new()
    assert secret_matches(secret, secret_hash(secret))
    assert not secret_matches(secret_new(), secret_hash(secret))
    assert len(secret) >= 32


def test_clock_can_be_frozen_at_an_aware_moment_only() -> None:
    moment = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    with clock.at(moment):
        assert clock.now() == moment
        assert clock.today("Asia/Tokyo").day == 2
    with pytest.raises(ValueError, match="time zone"), clock.at(datetime(2026, 3, 1)):  # noqa: DTZ001 - refused
        pass


def test_guests_are_no_members_and_the_system_is_everything() -> None:
    guest = Actor(org_id=1, org_slug="x", person_id=2, roles=frozenset({Role.GUEST}))
    assert (guest.is_member, guest.is_guest, guest.is_administrator) == (False, True, False)
    system = system_actor(1)
    assert system.is_member
    assert system.is_administrator
    assert system.leads(None)


def test_lifting_the_scope_needs_a_reason() -> None:
    with pytest.raises(ScopeError, match="reason"), across_orgs(reason=" "):
        pass


def test_rows_cannot_be_saved_into_another_organisation(world: World) -> None:
    with pytest.raises(ScopeError):
        Person(org=world.other_org, name="Lost").save()


def test_registry_finds_entries_in_alphabetical_order_and_names_the_known_ones() -> None:
    formats: Registry = Registry("throughline.meetings.formats", noun="meeting format")
    keys = [entry.key for entry in formats]
    assert keys == sorted(keys)
    assert len(formats) >= 4
    with pytest.raises(KeyError, match=r"no meeting format “nothing”; known are .*retrospective"):
        formats["nothing"]


def test_registry_refuses_two_entries_with_one_key(monkeypatch: pytest.MonkeyPatch) -> None:
    import throughline.meetings.formats.retrospective as one

    registry: Registry = Registry("throughline.meetings.formats", noun="meeting format")
    monkeypatch.setattr(one, "ENTRIES", (one.ENTRY, one.ENTRY), raising=False)
    assert isinstance(one, ModuleType)
    with pytest.raises(ValueError, match="Two entries"):
        len(registry)


@pytest.mark.parametrize("order", [("name", "id"), ("-name", "-id"), ("-id",)])
@pytest.mark.parametrize("size", [1, 2, 3, 50])
def test_pages_by_key_cover_every_row_once_in_both_directions(world: World, order: tuple[str, ...], size: int) -> None:
    # Two people share a name, so the key needs its second column.
    Person.objects.create(org=world.org, name="Ben Brandt")
    wanted = [row.pk for row in Person.objects.order_by(*order)]
    seen: list[int] = []
    cursor, pages = "", []
    while True:
        page = page_of(Person.objects.all(), order=order, cursor=cursor, size=size)
        seen += [row.pk for row in page.rows]
        pages.append([row.pk for row in page.rows])
        if not page.next_cursor:
            break
        cursor = page.next_cursor
    assert seen == wanted
    back: list[list[int]] = [pages[-1]]
    previous = page.previous_cursor
    while previous:
        page = page_of(Person.objects.all(), order=order, cursor=previous, size=size)
        back.append([row.pk for row in page.rows])
        previous = page.previous_cursor
    assert [pk for rows in reversed(back) for pk in rows] == wanted


@pytest.mark.parametrize("cursor", ["x", "WzBd", "bm90LWpzb24", "WzIsMV0", "WzAsOTk5OTk5OTk5OTk5OTk5OTk5OTk5OTld"])
def test_a_foreign_cursor_is_refused_in_a_sentence(world: World, cursor: str) -> None:
    with in_org(world.org.pk), pytest.raises(Invalid, match="start at the first page"):
        page_of(Person.objects.all(), cursor=cursor)
