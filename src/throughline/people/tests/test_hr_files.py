"""Reading HR exports as other systems write them."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from throughline.kernel.errors import Invalid
from throughline.people.rules.hr_columns import mapping_guess, mapping_read
from throughline.people.rules.hr_file import table_head, table_lines
from throughline.people.rules.hr_rows import people_parse

TEXT = "Employee ID;Full name;E-mail;Hire date;Department\n7;Zoë Ångström;zoe@example.org;31.03.2020;A > B\n"
# A public HR export kept beside the checkout by whoever has it; never part of the product.
REAL_EXPORT = (
    Path(os.environ.get("THROUGHLINE_SHARED_DATA", Path(__file__).resolve().parents[5] / "shared/data"))
    / "hr/attrition.csv"
)


def _file(folder: Path, content: bytes) -> Path:
    path = folder / "people.csv"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        TEXT.replace("Å", "A").encode("cp1252"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode(),
        TEXT.replace(";", "\t").encode(),
        TEXT.replace(";", "|").encode(),
    ],
    ids=["utf-8", "bom", "utf-16", "cp1252", "crlf", "cr", "tab", "pipe"],
)
def test_encodings_line_ends_and_separators_are_recognised(tmp_path: Path, content: bytes) -> None:
    path = _file(tmp_path, content)
    head = table_head(path)
    assert head.columns == ("Employee ID", "Full name", "E-mail", "Hire date", "Department")
    parsed = people_parse(table_lines(path, head), head, mapping_guess(head))
    assert parsed.refusals == []
    row = parsed.rows[0]
    assert (row.line, row.external_id, row.name[:3], row.unit) == (2, "7", "Zoë", ("A", "B"))
    assert row.started_on is not None
    assert row.started_on.isoformat() == "2020-03-31"


def test_a_spreadsheet_is_read_with_its_own_dates(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(["ID", "First name", "Last name", "Start date"])
    sheet.append([12, "Zoe", "Zimmer", date(2020, 3, 31)])
    path = tmp_path / "people.xlsx"
    book.save(path)
    head = table_head(path)
    parsed = people_parse(table_lines(path, head), head, mapping_guess(head))
    assert [(row.external_id, row.name, str(row.started_on)) for row in parsed.rows] == [
        ("12", "Zoe Zimmer", "2020-03-31")
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"just a sentence\n", "fewer than two column names"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "old .xls"),
        (b"PK\x03\x04broken", "cannot be opened"),
        (b"\x00\x01\x02\x00" * 50, "not a table of text"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        table_head(_file(tmp_path, content))


def test_each_refused_line_names_line_column_value_and_reason(tmp_path: Path) -> None:
    lines = (
        "Name,Email,Start date,Last day\n"
        ",a@example.org,,\n"
        "Bea,nonsense,,\n"
        '"Cem\nCastel",c@example.org,2020-13-01,\n'
        "Dana,d@example.org,2020-02-01,2020-01-01\n"
        "Eli,,,\n"
        "Fola,f@example.org,,,extra\n"
    )
    path = _file(tmp_path, lines.encode())
    head = table_head(path)
    parsed = people_parse(table_lines(path, head), head, mapping_guess(head))
    assert parsed.rows == []
    found = [(refusal.line, refusal.column, refusal.value) for refusal in parsed.refusals]
    assert found == [
        (2, "Name", ""),
        (3, "Email", "nonsense"),
        (4, "Start date", "2020-13-01"),
        (6, "Last day", "2020-01-01"),
        (7, "Email", ""),
        (8, "", ""),
    ]
    assert all(refusal.reason.endswith(".") for refusal in parsed.refusals)


def test_a_mapping_without_name_or_key_says_what_to_choose() -> None:
    with pytest.raises(Invalid) as caught:
        mapping_read({"columns": {"title": 0}}, n_columns=2)
    assert set(caught.value.problems) == {"name", "external_id"}


def test_units_given_by_name_and_the_one_above_become_paths(tmp_path: Path) -> None:
    lines = "ID,Name,Unit,Parent unit\n1,Aki,Team,Area\n2,Bea,Area,Division\n3,Cem,Loop,Pool\n4,Dana,Pool,Loop\n"
    path = _file(tmp_path, lines.encode())
    head = table_head(path)
    parsed = people_parse(table_lines(path, head), head, mapping_guess(head))
    assert [row.unit for row in parsed.rows] == [("Division", "Area", "Team"), ("Division", "Area"), (), ()]
    assert ["circle" in refusal.reason for refusal in parsed.refusals] == [True, True]


def test_a_real_export_without_names_is_refused_with_the_reason_for_each_line() -> None:
    if not REAL_EXPORT.exists():
        pytest.skip("the public HR export is not beside this checkout")
    head = table_head(REAL_EXPORT)
    assert head.encoding == "utf-8-sig"
    assert head.columns[:4] == ("Age", "Attrition", "BusinessTravel", "Department")
    guess = mapping_guess(head)
    assert {key: head.columns[place] for key, place in guess.columns.items()} == {
        "title": "JobRole",
        "unit": "Department",
    }
    with pytest.raises(Invalid) as caught:
        mapping_read(guess.as_json(), n_columns=len(head.columns))
    assert set(caught.value.problems) == {"name", "external_id"}
    # Even with some column taken for the name and an empty one for the id, no line can be found again.
    place = {name: number for number, name in enumerate(head.columns)}
    forced = mapping_read(
        {"columns": {**guess.columns, "name": place["EducationField"], "email": place["MaritalStatus"]}},
        n_columns=len(head.columns),
    )
    parsed = people_parse(table_lines(REAL_EXPORT, head), head, forced)
    assert parsed.n_lines > 1000
    assert parsed.rows == []
    assert len(parsed.refusals) == parsed.n_lines
    assert {refusal.column for refusal in parsed.refusals} == {"MaritalStatus"}
    assert {refusal.value for refusal in parsed.refusals} == {"Single", "Married", "Divorced"}
