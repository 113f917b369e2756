"""Real public goals come in through the page, are browsed three ways, and go out and in again unchanged."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.story import Story
from tests.browser.story_import import exported, preview_goals, upload_goals

THEIRS = "Popular next generation product"


def test_real_goals_are_added(brought_in: Story) -> None:
    found = re.search(r"(\d+) goals added", brought_in.words["imported"])
    assert found is not None
    assert int(found.group(1)) > 80


def test_preview_lists_the_lines_that_were_not_taken(brought_in: Story) -> None:
    assert re.search(r"Lines not taken \d+", brought_in.words["preview"])


def test_imported_goals_open_branch_by_branch(brought_in: Story) -> None:
    page = brought_in.ines.go("goals/?view=tree").page
    page.get_by_role("link", name=re.compile(f"^Open {THEIRS}")).click()
    expect(page.get_by_role("link", name=re.compile(f"^Close {THEIRS}"))).to_be_visible()
    expect(page.locator("ul.tree li.depth-1").first).to_be_visible()


@pytest.mark.parametrize("view", ["tree", "table", "outline"])
def test_each_view_shows_the_same_filter(brought_in: Story, view: str) -> None:
    page = brought_in.ines.go(f"goals/?view={view}&q=hiring").page
    expect(page.locator("#goals")).to_contain_text(re.compile("hiring", re.IGNORECASE))
    expect(page.get_by_label("Words in the title")).to_have_value("hiring")


def test_same_file_again_changes_nothing(brought_in: Story) -> None:
    brought_in.ines.go("import/")
    brought_in.ines.page.locator("main ul.rows a.title").first.wait_for()
    again = preview_goals(upload_goals(brought_in.ines, exported(brought_in.ines, "JSON")))
    expect(again.page.locator("main .lede")).to_contain_text("0 goals would be added, 0 changed")


def test_workbook_comes_in_again_unchanged(brought_in: Story) -> None:
    again = preview_goals(upload_goals(brought_in.ines, exported(brought_in.ines, "Workbook (XLSX)")))
    expect(again.page.locator("main .lede")).to_contain_text("0 goals would be added, 0 changed")


def test_file_that_holds_no_goals_is_named_with_its_reason(brought_in: Story) -> None:
    ines = brought_in.ines.go("import/")
    ines.page.get_by_label("Files").set_input_files(
        {"name": "holiday.xlsx", "mimeType": "application/octet-stream", "buffer": b"not a workbook"}
    )
    ines.press("Upload and read")
    expect(ines.page.locator("main")).to_contain_text("holiday.xlsx")
    expect(ines.page.locator("main")).to_contain_text(re.compile("workbook|not be read|Not read"))
