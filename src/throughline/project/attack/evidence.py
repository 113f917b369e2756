"""What an attacker holds: rows, bytes, copies and log lines."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

TABLE = "meetings_unattributed"
EXPECTED = frozenset(
    {"key", "number", "org_id", "meeting_id", "text", "receipt_hash", "theme_id", "is_shown", "is_withdrawn"}
)
LOG_ENDINGS = (".log", ".txt", ".out", ".err")


class AttackFailed(Exception):
    """There is nothing to attack; the sentence says what to give."""


@dataclass(frozen=True, slots=True)
class Post:
    """One unattributed contribution as found. `place` is its rowid where the table has one."""

    index: int
    number: int
    key: str
    text: str
    receipt_hash: str
    meeting_id: int
    is_closed: bool
    place: int | None
    other: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Act:
    """Something a person is known to have done, and when."""

    event_id: int
    kind: str
    person_id: int | None
    at: datetime
    raw_at: str
    subject_kind: str
    subject_id: int
    context_id: int | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything the channels look at."""

    database: bytes
    wal: bytes
    posts: tuple[Post, ...]
    acts: tuple[Act, ...]
    people: dict[int, tuple[str, str]]
    has_rowid: bool
    sequences: dict[str, int]
    public_ids: tuple[str, ...]
    copies: tuple[tuple[str, frozenset[str], int], ...] = ()
    logs: tuple[tuple[str, str], ...] = ()
    unread: tuple[str, ...] = field(default=())


def moment_of(value: object) -> datetime | None:
    """A time as databases write it, in UTC; None when it is none."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def evidence_read(home: Path, extra: list[Path]) -> Evidence:
    """Read copies of all files; the originals are opened for reading only."""
    source = home if home.is_file() else home / "throughline.sqlite3"
    if not source.is_file():
        raise AttackFailed(f"There is no database at {source}. Name a home folder, or a copy of throughline.sqlite3.")
    copies, logs, unread = _extras([*extra, *(sorted(home.glob("**/*.log")) if home.is_dir() else [])])
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.sqlite3"
        wal = source.with_name(f"{source.name}-wal")
        shutil.copyfile(source, copy)
        if wal.is_file():
            shutil.copyfile(wal, copy.with_name("copy.sqlite3-wal"))
        connection = sqlite3.connect(copy)
        connection.row_factory = sqlite3.Row
        try:
            return _rows(
                connection,
                database=source.read_bytes(),
                wal=wal.read_bytes() if wal.is_file() else b"",
                copies=copies,
                logs=logs,
                unread=unread,
            )
        except sqlite3.DatabaseError as error:
            raise AttackFailed(f"{source} cannot be read as a database of this product ({error}).") from None
        finally:
            connection.close()


def _rows(
    connection: sqlite3.Connection,
    *,
    database: bytes,
    wal: bytes,
    copies: list[tuple[str, frozenset[str], int]],
    logs: list[tuple[str, str]],
    unread: list[str],
) -> Evidence:
    sql = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (TABLE,)).fetchone()
    if sql is None:
        raise AttackFailed("This database holds no boards; start the product once, so that its tables are made.")
    has_rowid = "WITHOUT ROWID" not in sql["sql"].upper()
    closed = {row["id"] for row in connection.execute("SELECT id FROM meetings_meeting WHERE state = 'closed'")}
    columns = "rowid AS place_, *" if has_rowid else "*"
    rows = connection.execute(f"SELECT {columns} FROM {TABLE}").fetchall()  # noqa: S608 - our own names
    posts = [_post(index, row, closed=closed, has_rowid=has_rowid) for index, row in enumerate(rows)]
    acts = connection.execute(
        "SELECT id, kind, actor_person_id, at, subject_kind, subject_id, context_id FROM ledger_event ORDER BY id"
    )
    people = connection.execute("SELECT id, name, email FROM people_person WHERE is_guest = 0")
    return Evidence(
        database=database,
        wal=wal,
        posts=tuple(posts),
        acts=tuple(_act(row) for row in acts),
        people={row["id"]: (row["name"], row["email"]) for row in people},
        has_rowid=has_rowid,
        sequences={row["name"]: row["seq"] for row in connection.execute("SELECT name, seq FROM sqlite_sequence")},
        public_ids=tuple(row["public_id"] for row in connection.execute("SELECT public_id FROM meetings_meeting")),
        copies=tuple(copies),
        logs=tuple(logs),
        unread=tuple(unread),
    )


def _post(index: int, row: sqlite3.Row, *, closed: set[int], has_rowid: bool) -> Post:
    found = dict(row)
    return Post(
        index=index,
        number=found.get("number") or 0,
        key=str(found.get("key", "")),
        text=found.get("text") or "",
        receipt_hash=found.get("receipt_hash") or "",
        meeting_id=found.get("meeting_id") or 0,
        is_closed=found.get("meeting_id") in closed,
        place=found.get("place_") if has_rowid else None,
        other={name: value for name, value in found.items() if name not in EXPECTED and name != "place_"},
    )


def _act(row: sqlite3.Row) -> Act:
    return Act(
        event_id=row["id"],
        kind=row["kind"],
        person_id=row["actor_person_id"],
        at=moment_of(row["at"]) or datetime.min.replace(tzinfo=UTC),
        raw_at=row["at"],
        subject_kind=row["subject_kind"],
        subject_id=row["subject_id"],
        context_id=row["context_id"],
    )


def _extras(
    extra: list[Path],
) -> tuple[list[tuple[str, frozenset[str], int]], list[tuple[str, str]], list[str]]:
    copies: list[tuple[str, frozenset[str], int]] = []
    logs: list[tuple[str, str]] = []
    unread: list[str] = []
    for path in dict.fromkeys(extra):
        if path.is_file() and path.suffix in LOG_ENDINGS:
            logs.append((path.name, path.read_text(errors="replace")))
        elif path.is_file() and path.read_bytes()[:15] == b"SQLite format 3":
            found = _copy(path)
            if found is not None:
                copies.append(found)
        else:
            unread.append(path.name)
    return copies, logs, unread


def _copy(path: Path) -> tuple[str, frozenset[str], int] | None:
    """An older copy: which keys it holds, and how far its event table goes."""
    connection = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    try:
        keys = frozenset(str(row[0]) for row in connection.execute("SELECT key FROM meetings_unattributed"))
        last = connection.execute("SELECT max(id) FROM ledger_event").fetchone()[0]
    except sqlite3.DatabaseError:
        return None
    finally:
        connection.close()
    return path.name, keys, last or 0
