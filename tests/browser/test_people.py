"""People: an HR export through its preview, the unit tree, strengths, the register of stakeholders."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.story import HR_EXPORT, Story
from tests.browser.story_purpose import add_stakeholder


def test_preview_names_the_line_without_a_name(previewed: Story) -> None:
    assert "There is no name" in previewed.words["people_preview"]


def test_preview_names_the_date_that_cannot_be_read(previewed: Story) -> None:
    assert "the fifth of May" in previewed.words["people_preview"]


def test_preview_names_the_circle_in_who_reports_to_whom(previewed: Story) -> None:
    assert "Kaia Lunde would report to Eskil Ronning, who reports to Kaia Lunde" in previewed.words["people_preview"]


def test_what_was_not_taken_can_be_downloaded(previewed: Story) -> None:
    ines = previewed.ines.go(f"people/imports/{previewed.numbers['people_import']}/")
    with ines.page.expect_download() as download:
        ines.page.get_by_role("link", name="Download everything not taken as CSV").click()
    assert "the fifth of May" in download.value.path().read_text()


def test_imported_units_stand_in_the_tree_with_their_people(imported: Story) -> None:
    imported.ove.go("people/units/").follow("Quays").sees("Tarjei Moen")


def test_somebody_who_signed_in_before_is_the_same_person_after_the_import(imported: Story) -> None:
    imported.ines.go("people/?q=Ove")
    expect(imported.ines.page.locator("#people-list tbody tr")).to_have_count(1)


def test_same_export_again_changes_nothing(imported: Story) -> None:
    ines = imported.ines.go("people/imports/")
    ines.page.get_by_label("HR export").set_input_files(
        {"name": "hr-again.csv", "mimeType": "text/csv", "buffer": HR_EXPORT.encode()}
    )
    ines.press("Upload").press("Show what would change")
    ines.sees("0 new people, 0 changed")


def test_file_without_people_is_refused_with_a_sentence(imported: Story) -> None:
    ines = imported.ines.go("people/imports/")
    ines.page.get_by_label("HR export").set_input_files({"name": "empty.csv", "mimeType": "text/csv", "buffer": b""})
    ines.press("Upload")
    expect(ines.page.locator("main")).to_contain_text("empty")


def test_strength_is_found_by_who_can(imported: Story) -> None:
    ove = imported.ove.go("people/?q=Ove").follow("Ove Brandal").fill("What", "explains crane charts")
    ove.press("Add")
    imported.runa.go("people/strengths/?q=charts").sees("Ove Brandal")


def test_stakeholder_without_a_voice_is_named_as_a_gap(imported: Story) -> None:
    add_stakeholder(imported, name="The ship owners", represents="Berths at the hour they booked")
    imported.ines.sees("Nobody yet")
    imported.ines.go("people/stakeholders/?view=grid").sees("The ship owners")
