"""`attack board`: nothing on the real store after the close, everything on a store made badly on purpose."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from tests.worlds import World, as_actor, build_world
from throughline.kernel.scoping import in_org
from throughline.meetings import services
from throughline.meetings.models import Meeting
from throughline.meetings.tests.boards import closed, crowd, opened, post_unattributed
from throughline.project.attack import AttackFailed, attack_board

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="the attack reads the embedded database's files")
AUTHORS = ("ben", "tom", "fay")


@pytest.fixture
def stored(transactional_db: None) -> Iterator[World]:
    """The world in committed rows, so that they are in the files."""
    world = build_world()
    with in_org(world.org.pk):
        yield world


def copied(folder: Path) -> Path:
    """A copy of the database file and its log, as an attacker would take it."""
    source = Path(str(connection.settings_dict["NAME"]))
    folder.mkdir(exist_ok=True)
    shutil.copyfile(source, folder / "throughline.sqlite3")
    log = source.with_name(f"{source.name}-wal")
    if log.exists():
        shutil.copyfile(log, folder / "throughline.sqlite3-wal")
    return folder


def busy_board(world: World) -> Meeting:
    """Named and unattributed posts in turns: each person says one thing under their name and one without."""
    crowd(world)
    meeting = opened(world, wants_anonymous=True)
    for number in range(12):
        who = as_actor(getattr(world, AUTHORS[number % 3]))
        services.contribution_post(actor=who, meeting=meeting, text=f"Under my name {number}")
        post_unattributed(
            meeting, f"Without my name, sentence number {number}. " + "More. " * 40 * (number % 3), number
        )
    return meeting


def test_nothing_is_linked_on_the_real_store_after_the_close(stored: World, tmp_path: Path) -> None:
    meeting = busy_board(stored)
    meeting = closed(stored, meeting)
    services.board_reseal(actor=as_actor(stored.fay), meeting=meeting)
    log = tmp_path / "web.log"
    log.write_text("2026-12-01 09:00:00 INFO throughline started\n")
    report = attack_board(copied(tmp_path / "home"), [log])
    assert report.closed_posts == 12
    assert {finding.channel: finding.linked for finding in report.findings} == dict.fromkeys(
        [finding.channel for finding in report.findings], 0
    )
    assert report.is_safe
    words = {finding.channel: finding.words for finding in report.findings}
    # What is left in the log is the note that the storage was cleaned.
    assert words["write-ahead log"].endswith("0 of them with a post of their own")
    assert words["remnants"].startswith("0 old copies of words and 0 deleted hashes")
    assert "which is random" in words["row order"]
    assert "none" in words["sequence numbers"]
    assert "none" in words["columns"]
    assert "0 events about single posts" in words["events"]


def test_an_open_board_is_reported_honestly(stored: World, tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.fetchone()
        cursor.execute("PRAGMA wal_autocheckpoint=0")
    try:
        busy_board(stored)
        report = attack_board(copied(tmp_path / "home"), [])
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_autocheckpoint=1000")
    assert (report.closed_posts, report.open_posts) == (0, 12)
    log = next(finding for finding in report.findings if finding.channel == "write-ahead log")
    assert log.linked_open > 0
    assert any("While a board is open" in line for line in report.lines())


def weakened(folder: Path, world: World, meeting: Meeting, *, names_actors: bool) -> dict[str, int]:
    """The store as it would be without this care: a row order, a time, and an event for every post."""
    database = sqlite3.connect(copied(folder) / "throughline.sqlite3")
    database.executescript("DROP TABLE meetings_unattributed;")
    database.execute(
        "CREATE TABLE meetings_unattributed (id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT, number INTEGER, "
        "org_id INTEGER, meeting_id INTEGER, text TEXT, receipt_hash TEXT, theme_id INTEGER, is_shown INTEGER, "
        "is_withdrawn INTEGER, created_at TEXT)"
    )
    truth: dict[str, int] = {}
    began = datetime(2026, 12, 1, 9, tzinfo=UTC)
    event = (
        "INSERT INTO ledger_event (org_id, kind, actor_person_id, subject_kind, subject_id, context_kind, context_id, "
        "data, at, \"transaction\") VALUES (?, ?, ?, ?, ?, 'meetings.meeting', ?, '{}', ?, 0)"
    )
    for number in range(9):
        person = getattr(world, AUTHORS[number % 3])
        at = began + timedelta(minutes=10 * number)
        key = f"{(number * 7919) % 1000:032x}"
        truth[key] = person.pk
        database.execute(
            "INSERT INTO meetings_unattributed (key, number, org_id, meeting_id, text, receipt_hash, is_shown, "
            "is_withdrawn, created_at) VALUES (?, ?, ?, ?, ?, ?, 1, 0, ?)",
            (key, number + 1000, world.org.pk, meeting.pk, f"A sentence {number}", f"{number:064x}", at.isoformat(" ")),
        )
        act = (
            world.org.pk,
            "goals.goal_opened",
            person.pk,
            "goals.goal",
            1,
            None,
            (at - timedelta(seconds=20)).isoformat(" "),
        )
        database.execute(event, act)
        actor = person.pk if names_actors else None
        subject = ("meetings.meeting", meeting.pk)
        posted = (world.org.pk, "meetings.unattributed_posted", actor, *subject, meeting.pk, at.isoformat(" "))
        database.execute(event, posted)
    database.commit()
    database.close()
    return truth


@pytest.mark.parametrize(("names_actors", "channel"), [(True, "events"), (False, "times")])
def test_everything_is_linked_on_a_deliberately_weakened_store(
    stored: World, tmp_path: Path, names_actors: bool, channel: str
) -> None:
    crowd(stored)
    meeting = closed(stored, opened(stored))
    services.storage_clean()
    truth = weakened(tmp_path / "weak", stored, meeting, names_actors=names_actors)
    report = attack_board(tmp_path / "weak", [])
    guesses = {guess.key: guess.person_id for guess in report.guesses if guess.channel == channel}
    assert guesses == truth
    assert not report.is_safe
    assert report.chance_0_1 < 0.2


def test_a_copy_taken_while_the_board_was_open_is_used(stored: World, tmp_path: Path) -> None:
    crowd(stored)
    meeting = opened(stored, wants_anonymous=True)
    services.storage_clean()
    backup = copied(tmp_path / "before") / "throughline.sqlite3"
    services.contribution_post(actor=as_actor(stored.ben), meeting=meeting, text="Ben alone is active")
    post_unattributed(meeting, "Without my name, but alone", 1)
    services.storage_clean()
    between = copied(tmp_path / "between") / "throughline.sqlite3"
    services.board_reseal(actor=as_actor(stored.fay), meeting=closed(stored, meeting))
    report = attack_board(copied(tmp_path / "home"), [backup, between])
    assert [guess.person_id for guess in report.guesses if guess.channel == "copies"] == [stored.ben.pk]


def test_a_folder_without_a_database_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(AttackFailed, match="There is no database"):
        attack_board(tmp_path, [])
