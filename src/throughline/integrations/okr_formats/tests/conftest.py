"""Where the real files are, and small makers of parsed files."""

from collections.abc import Callable
from pathlib import Path

import pytest

from throughline.integrations.okr_formats import read_okr_file
from throughline.integrations.okr_formats.model import ParsedFile, line_account

REAL_DATA = Path(__file__).resolve().parents[6] / "shared" / "data"


def real_file(folder: str, name: str) -> bytes:
    """A real file for tests; they are not part of the repository, so a checkout elsewhere skips."""
    path = REAL_DATA / folder / name
    if not path.exists():
        pytest.skip(f"the real data file {folder}/{name} is not beside this checkout")
    return path.read_bytes()


@pytest.fixture
def read() -> Callable[..., ParsedFile]:
    """Reads text as a file in one format and checks that every line is accounted for."""

    def read_text(text: str, *, format_key: str = "markdown_headings", name: str = "goals.md") -> ParsedFile:
        parsed = read_okr_file(text.encode(), name, format_key=format_key)
        account = line_account(parsed)
        assert account.missing == ()
        assert account.repeated == ()
        return parsed

    return read_text
