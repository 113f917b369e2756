"""Nothing is half-written: every write of the API is broken off at each of its steps, and leaves everything as it was."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.utils import OperationalError

from tests.api.content import Caller, build_content, caller_for
from tests.worlds import World
from throughline.ledger.outbox import outbox_drain

WRITING = ("INSERT", "UPDATE", "DELETE")
# A write with more steps than this is broken off at so many of them, spread evenly.
MOST_STEPS = 30


class BreaksAt:
    """Lets so many writing statements through and fails the next one; counts them when there is none to fail."""

    def __init__(self, step: int | None) -> None:
        self.step, self.seen = step, 0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().upper().startswith(WRITING):
            if self.seen == self.step:
                raise OperationalError("disk I/O error")
            self.seen += 1
        return execute(sql, params, many, context)


def everything() -> dict[str, str]:
    """What each table holds, as a fingerprint a table."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith(("ledger_search_words", "sqlite_")):
                continue
            cursor.execute(f'SELECT * FROM "{table}"')
            found[table] = hashlib.sha256(repr(sorted(map(repr, cursor.fetchall()))).encode()).hexdigest()
    return found


@dataclass(frozen=True)
class Interrupted(Caller):
    """Sends every write first with each of its steps failing, and then as it is."""

    broken: dict[str, int] = field(default_factory=dict)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The answer to the last, whole attempt."""
        if method == "get":
            return super().ask(method, path, body, **headers)
        return self._tried(f"{method} {path}", lambda: super(Interrupted, self).ask(method, path, body, **headers))

    def send(self, path: str, files: dict[str, Any], **headers: str) -> Any:
        """The same for an upload."""

        def attempt() -> Any:
            for file in files.values():
                for one in file if isinstance(file, list) else [file]:
                    one.seek(0)
            return super(Interrupted, self).send(path, files, **headers)

        return self._tried(f"post {path}", attempt)

    def _tried(self, name: str, attempt: Callable[[], Any]) -> Any:
        before, step, stride = everything(), 0, 1
        while True:
            breaks = BreaksAt(step)
            with connection.execute_wrapper(breaks):
                answer = attempt()
            if breaks.seen < step or answer.status_code < 500:
                self.broken[name] = step
                return answer
            assert answer.status_code == 500, f"{name}, step {step}: {answer.status_code}"
            changed = [table for table, held in everything().items() if held != before[table]]
            assert not changed, f"{name} broken off at step {step} left {', '.join(changed)} changed"
            step += stride
            stride = 1 if step < MOST_STEPS // 2 else 5


def test_a_write_that_breaks_off_leaves_nothing_behind(world: World) -> None:
    ada = Interrupted(**vars(caller_for(world.ada)))
    # The day a token was last used is noted at its first use of the day, whatever becomes of the request.
    assert ada.ask("get", "line").status_code == 200
    ids = build_content(world, ada)
    _a_cycle_from_start_to_end(ada, ids)
    assert len(ada.broken) >= 34
    # A write that is not one statement was broken off more than once.
    assert sum(steps > 1 for steps in ada.broken.values()) >= 30


def _a_cycle_from_start_to_end(ada: Caller, ids: dict[str, int]) -> None:
    """A goal signed, measured, talked about and closed; a board grouped and closed."""
    goal, key_result = f"goals/{ids['goal_id']}", f"goals/{ids['key_result_id']}"
    meeting = f"meetings/{ids['meeting_id']}"
    version = ada.made(goal, method="get")["version"]
    ada.made(f"goals/alignments/{ids['alignment_id']}?version={version}&reason=Not+any+more", method="delete")
    ada.made(f"{goal}/propose", {"version": version + 1})
    for line in ada.made("decisions?state=open", method="get")["items"]:
        if line["title"] == "Reviews within a day":
            ada.made(f"decisions/{line['id']}/positions", {"version": version + 1, "stance": "agree"})
    outbox_drain()
    ada.made(f"{goal}/start", {"reason": "Signed by all"})
    ada.made(f"{key_result}/check-ins", {"value": 3, "confidence_0_1": 0.6, "status": "on_track", "note": "Better"})
    comment = ada.made(f"{goal}/comments", {"text": "See the last check-in."})
    ada.made(f"goals/comments/{comment['id']}", {"text": "See both check-ins."}, method="put")
    ada.made(f"goals/comments/{comment['id']}", method="delete")
    ada.made(f"{goal}/close", {"reason": "Reached", "score_0_1": 0.8})
    ada.made(f"{meeting}/state", {"state": "grouping"})
    board = ada.made(f"{meeting}/board", method="get")
    cards = [f"{card['ref']}:{card['theme_id'] or ''}" for card in board["cards"]]
    ada.made(f"{meeting}/cards", {"cards": cards, "theme_id": ids["theme_id"]})
    ada.made(f"{meeting}/undo")
    seen = ada.made(meeting, method="get")["version"]
    ada.made(f"{meeting}/close", {"outcome": "Two reviewers a change.", "version": seen})
