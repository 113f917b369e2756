"""What commands print: sentences and progress for people, one JSON document for machines."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

console = Console(stderr=True)
Report = Callable[[str, int, int], None]


class Failure(Exception):
    """A refusal of the command line: one sentence that says what, where and what to do."""


def _silent(what: str, done: int, total: int) -> None:
    """Report nothing."""


@contextmanager
def progress_bars(*, is_json: bool = False) -> Iterator[Report]:
    """A function `(what, done, total)` that draws one bar per `what` on the error stream; silent with `--json`."""
    if is_json:
        yield _silent
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=False) as progress:
        tasks: dict[str, Any] = {}

        def report(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = progress.add_task(what, total=total)
            progress.update(tasks[what], completed=done, total=total)

        yield report


def emit(document: dict[str, Any], sentence: str, *, is_json: bool) -> None:
    """The result on standard output: the document with `--json`, else the sentence."""
    print(json.dumps(document, ensure_ascii=False, default=str) if is_json else sentence)
