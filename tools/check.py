"""`make check`: everything that can be said about the code without running it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BIN = Path(sys.executable).parent
PYTHON_PLACES = ("src", "tests", "bench", "tools", "conftest.py", "hatch_build.py")


def checks() -> list[tuple[str, list[str]]]:
    """What is run, in order: the quick ones first."""
    django = [sys.executable, "-m", "throughline.project"]
    places = [place for place in PYTHON_PLACES if Path(place).exists()]
    return [
        ("format", [str(BIN / "ruff"), "format", "--check", "--quiet", *places]),
        ("lint", [str(BIN / "ruff"), "check", "--quiet", *places]),
        ("imports", [str(BIN / "lint-imports"), "--no-cache"]),
        ("templates", [str(BIN / "djlint"), "src", "--lint", "--quiet"]),
        ("settings", [*django, "check", "--fail-level", "WARNING"]),
        ("migrations", [*django, "makemigrations", "--check", "--dry-run"]),
        ("reference", [sys.executable, "-m", "tools.docs", "--check"]),
        ("front end", ["npm", "run", "--silent", "check"]),
        ("types", [str(BIN / "mypy")]),
    ]


def main() -> int:
    """Run all checks, print one line each, and the words of those that fail."""
    status = 0
    with tempfile.TemporaryDirectory(prefix="throughline-check-") as home:
        environment = {
            **os.environ,
            "THROUGHLINE_HOME": home,
            "DJANGO_SETTINGS_MODULE": "throughline.project.settings",
        }
        for name, command in checks():
            started = time.monotonic()
            result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
            print(
                f"{'ok ' if result.returncode == 0 else 'NOT'} {name} ({time.monotonic() - started:.1f} s)",
                flush=True,
            )
            if result.returncode:
                status = 1
                print((result.stdout + result.stderr)[-8000:], flush=True)
    return status


if __name__ == "__main__":
    sys.exit(main())
