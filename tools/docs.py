"""`make docs`: the reference that is written from the code: commands, API, events, models, extension points."""

from __future__ import annotations

import inspect
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from throughline.ledger.events import DomainEvent

REFERENCE = Path("docs/reference")
HEAD = "<!-- Written by `make docs` from the code; change the code, not this file. -->\n\n"


def main() -> int:
    """Write every page; with `--check`, only say which differ, status 1 when any does."""
    os.environ["THROUGHLINE_HOME"] = tempfile.mkdtemp(prefix="throughline-docs-")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "throughline.project.settings")
    import django

    django.setup()
    pages = {"models.md": _models(), "events.md": _events(), "api.md": _api(), "commands.md": _commands()}
    stale = [
        name
        for name, text in pages.items()
        if not (REFERENCE / name).exists() or (REFERENCE / name).read_text() != text
    ]
    if "--check" in sys.argv:
        if stale:
            print(f"Stale: {', '.join(stale)}; run make docs.")
        return 1 if stale else 0
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for name in stale:
        (REFERENCE / name).write_text(pages[name])
        print(f"Written: docs/reference/{name}")
    return 0


def _first_line(thing: object) -> str:
    return (inspect.getdoc(thing) or "").partition("\n\n")[0].replace("\n", " ").replace("|", "\\|")


def _models() -> str:
    from django.apps import apps

    lines = [
        "# Models",
        "",
        "Every row the product keeps, with the class that says who may read it (design, section 5).",
        "",
    ]
    for config in apps.get_app_configs():
        if not config.name.startswith("throughline."):
            continue
        models: list[type[Any]] = list(config.get_models())
        if models:
            lines += [f"## {config.label}", "", "| model | class | what it is |", "|---|---|---|"]
            lines += [f"| {model.__name__} | {model.confidentiality} | {_first_line(model)} |" for model in models]
            lines.append("")
    return HEAD + "\n".join(lines)


def _event_classes() -> Iterator[type[DomainEvent]]:
    from throughline.ledger.events import DomainEvent

    waiting = [DomainEvent]
    while waiting:
        for found in waiting.pop().__subclasses__():
            waiting.append(found)
            is_ours = found.__module__.startswith("throughline.") and ".tests" not in found.__module__
            if is_ours and hasattr(found, "kind"):
                yield found


def _events() -> str:
    from dataclasses import fields

    lines = [
        "# Events",
        "",
        "What the ledger records. Ids, numbers and state keys only.",
        "",
        "| kind | when | holds |",
        "|---|---|---|",
    ]
    for found in sorted(_event_classes(), key=lambda item: item.kind):
        names = ", ".join(item.name for item in fields(found))
        lines.append(f"| `{found.kind}` | {_first_line(found)} | {names} |")
    return HEAD + "\n".join(lines) + "\n"


def _api() -> str:
    from throughline.project.api import api

    schema = api.get_openapi_schema()
    lines = [
        "# API",
        "",
        "Below `/api/v1/o/<org>/`, as JSON. Send `Authorization: Bearer <token>`; refusals are problem details (RFC 9457).",
        "Lists take `cursor` and answer `next_cursor`; writes take an `Idempotency-Key` header. The whole schema is at",
        "`/api/v1/openapi.json`.",
        "",
        "| | path | what it does |",
        "|---|---|---|",
    ]
    for path, methods in sorted(schema["paths"].items()):
        for method, operation in methods.items():
            words = operation.get("summary", "").replace("\n", " ").replace("|", "\\|")
            lines.append(
                f"| {method.upper()} | `{path.removeprefix('/api/v1/o/{org}')}` | {words} |".replace("||", "|")
            )
    return HEAD + "\n".join(lines) + "\n"


def _commands() -> str:
    import typer

    from throughline.project.cli import build

    lines = ["# Commands", "", "`throughline --help` shows the same.", ""]
    root = typer.main.get_command(build())

    def describe(command: Any, name: str) -> None:
        children = getattr(command, "commands", None)
        if children:
            for key, child in sorted(children.items()):
                describe(child, f"{name} {key}".strip())
            return
        lines.extend([f"## throughline {name}", "", (command.help or "").strip(), ""])
        for parameter in command.params:
            label = " / ".join(parameter.opts)
            words = getattr(parameter, "help", "") or ""
            lines.append(f"- `{label}` {words}".rstrip())
        lines.append("")

    describe(root, "")
    return HEAD + "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
