"""The part of the story about goals that exist already: real public ones imported on a page, and exported again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, expect

from tests.browser.story import Story
from tests.browser.visitor import PATIENCE_MS, Visitor

REAL_GOALS = Path(__file__).resolve().parents[3] / "shared" / "data" / "okrs-gitlab" / "fy20-q3.md"


def real_goals() -> Path:
    """A file of real public goals; without the data the test is skipped with the reason."""
    if not REAL_GOALS.exists():
        pytest.skip("The public goals of ../shared/data are not here.")
    return REAL_GOALS


def upload_goals(visitor: Visitor, file: Path | FilePayload) -> Visitor:
    """Upload a file and wait until it was read."""
    visitor.go("import/").page.get_by_label("Files").set_input_files(file)
    visitor.press("Upload and read")
    expect(visitor.page.get_by_role("heading", name="What the files mean")).to_be_visible(timeout=PATIENCE_MS)
    return visitor.look()


def preview_goals(visitor: Visitor) -> Visitor:
    """Go from the mapping to the preview."""
    visitor.press("Show the preview")
    expect(visitor.page.get_by_role("heading", name="Preview", exact=True)).to_be_visible(timeout=PATIENCE_MS)
    return visitor.look()


def run_import(visitor: Visitor) -> Visitor:
    """Import what was previewed and wait for the result."""
    visitor.page.get_by_role("button", name=re.compile("^Import")).first.click()
    expect(visitor.page.get_by_role("heading", name="Imported", exact=True)).to_be_visible(timeout=PATIENCE_MS)
    return visitor.look()


def import_real_goals(story: Story) -> None:
    """Ines imports a real quarter's goals."""
    ines = upload_goals(story.ines, real_goals())
    cycle = ines.page.get_by_label(re.compile("^Cycle")).first
    cycle.fill("A real quarter")
    ines.fill("First day", "2019-08-01").fill("Last day", "2019-10-31")
    preview_goals(ines)
    story.words["preview"] = ines.page.locator("main").inner_text()
    run_import(ines)
    story.words["imported"] = ines.page.locator("main .lede").inner_text()


def exported(visitor: Visitor, button: str) -> FilePayload:
    """Download an export by its button."""
    visitor.go("import/export/")
    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("button", name=button).click()
    path = download.value.path()
    name = download.value.suggested_filename
    return {"name": name, "mimeType": "application/octet-stream", "buffer": Path(path).read_bytes()}
