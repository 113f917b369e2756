"""What is written as CSV, XLSX or JSON is read back as identical content."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from throughline.integrations.okr_formats import read_okr_file
from throughline.integrations.okr_formats.model import ParsedFile, line_account
from throughline.integrations.okr_formats.table import read_csv_files
from throughline.integrations.okr_formats.tabular.goal_table import (
    CheckInRow,
    GoalRow,
    GoalTable,
    ParentLink,
    UnwritableTable,
)
from throughline.integrations.okr_formats.tabular.writing import write_csv, write_json, write_xlsx

HARD_TEXTS = st.sampled_from(
    [
        "",
        "'",
        "''",
        "=1+1",
        "'=1",
        " =1",
        "@x",
        "-5",
        "+5",
        "007",
        "1,5",
        'say "so"',
        "a\nb",
        "a\r\nb",
        "\r",
        "\t",
        "#N/A",
        "_x0041_",
        "\x0b",
        "\uffff",
        "TRUE",
        "2026-01-01",
        "ü✅ 日本",
        " both ",
        "null",
        "x;y",
        "\ufeff",
        "＝1",
        "%",
    ]
)
TEXTS = st.one_of(HARD_TEXTS, st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30))
MAYBE_TEXT = st.none() | TEXTS
TITLES = TEXTS.map(lambda text: text if text.strip() else f"{text}x{text}")
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**15), max_value=10**15)
MAYBE_NUMBER = st.none() | NUMBERS
WEIGHTS = st.none() | st.decimals(0, 100, places=3)
EMAILS = st.sampled_from(["ada@example.org", "ben+x@example.org", "-kit@example.org", "=lu@example.org"])
MAYBE_EMAIL = st.none() | EMAILS
DATES = st.dates(date(1600, 1, 1), date(9999, 12, 31))
IDS = st.one_of(st.sampled_from(["1", "007", "-1", "=2", "1e5", "1.0", "TRUE", "a'b"]), st.uuids().map(str))


@st.composite
def tables(draw: st.DrawFn) -> GoalTable:
    goals: list[GoalRow] = []
    for goal_id in draw(st.lists(IDS, max_size=4, unique=True)):
        parents = draw(st.lists(st.sampled_from([goal.id for goal in goals]), unique=True)) if goals else []
        days = sorted(draw(st.lists(DATES, min_size=2, max_size=2)))
        low, high = sorted(draw(st.lists(NUMBERS, min_size=2, max_size=2)))
        goals.append(
            GoalRow(
                id=goal_id,
                title=draw(TITLES),
                parent_ids=tuple(ParentLink(parent, draw(WEIGHTS)) for parent in parents),
                cycle=draw(MAYBE_TEXT),
                kind=draw(st.sampled_from([None, "objective", "key_result", "initiative"])),
                description=draw(MAYBE_TEXT),
                unit=draw(MAYBE_TEXT),
                owner_email=draw(MAYBE_EMAIL),
                co_owner_emails=tuple(draw(st.lists(EMAILS, max_size=3, unique=True))),
                theme=draw(MAYBE_TEXT),
                purpose=draw(MAYBE_TEXT),
                state=draw(MAYBE_TEXT),
                key_result_kind=draw(st.sampled_from([None, "increase_to", "keep_within", "milestones"])),
                metric_unit=draw(MAYBE_TEXT),
                direction=draw(MAYBE_TEXT),
                baseline=draw(MAYBE_NUMBER),
                target=draw(MAYBE_NUMBER),
                low=low,
                high=high,
                milestones=draw(MAYBE_TEXT),
                weight=draw(WEIGHTS),
                starts_on=days[0],
                ends_on=draw(st.sampled_from([None, days[1]])),
                supports_ids=tuple(ParentLink(parent, draw(WEIGHTS)) for parent in parents[:1]),
                level=draw(st.sampled_from([None, "organisation", "unit", "person"])),
                visibility=draw(st.sampled_from([None, "open", "team"])),
                metric_key=draw(MAYBE_TEXT),
                cadence=draw(st.sampled_from([None, "weekly", "monthly"])),
            )
        )
    check_ins = [
        CheckInRow(
            goal.id,
            draw(DATES),
            draw(MAYBE_NUMBER),
            draw(st.none() | st.decimals(0, 1, places=2)),
            draw(MAYBE_TEXT),
            draw(MAYBE_TEXT),
            draw(MAYBE_EMAIL),
        )
        for goal in goals
        for _ in range(draw(st.integers(0, 2)))
    ]
    return GoalTable(tuple(goals), tuple(check_ins))


def as_csv(table: GoalTable) -> ParsedFile:
    files = write_csv(table)
    return read_csv_files(files.goals, files.check_ins)


def as_xlsx(table: GoalTable) -> ParsedFile:
    return read_okr_file(write_xlsx(table), "goals.xlsx")


def as_json(table: GoalTable) -> ParsedFile:
    return read_okr_file(write_json(table), "goals.json")


@pytest.mark.parametrize("through", [as_csv, as_xlsx, as_json])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(table=tables())
def test_what_is_written_is_read_back_unchanged(through, table: GoalTable) -> None:
    parsed = through(table)
    assert parsed.unread == ()
    assert parsed.table == table
    account = line_account(parsed)
    assert (account.missing, account.repeated) == ((), ())


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@sum", "\t=1", "＝1", " =1"])
def test_no_written_text_can_run_as_a_formula(text: str) -> None:
    files = write_csv(GoalTable((GoalRow(id="1", title=text),)))
    assert f"'{text}" in files.goals.decode("utf-8-sig")
    assert as_csv(GoalTable((GoalRow(id="1", title=text),))).goals[0].title == text


def test_an_apostrophe_that_guards_nothing_stays() -> None:
    parsed = read_okr_file(b"id,title\n1,'Code as data' to market\n", "goals.csv")
    assert parsed.goals[0].title == "'Code as data' to market"


def test_missing_and_empty_texts_stay_apart() -> None:
    table = GoalTable((GoalRow(id="1", title="a", description=""), GoalRow(id="2", title="b", description=None)))
    for through in (as_csv, as_xlsx, as_json):
        read_back = through(table).table
        assert read_back is not None
        assert [goal.description for goal in read_back.goals] == ["", None]


def test_what_could_not_be_read_back_is_not_written() -> None:
    for row in (
        GoalRow(id="a b", title="x"),
        GoalRow(id="1", title="a\0b"),
        GoalRow(id="1", title="x", target=Decimal("1e40")),
        GoalRow(id="1", title="x", owner_email="nobody"),
        GoalRow(id="1", title=" "),
        GoalRow(id="1", title="x", kind="dream"),
    ):
        for write in (write_csv, write_xlsx, write_json):
            with pytest.raises(UnwritableTable):
                write(GoalTable((row,)))
    with pytest.raises(UnwritableTable):
        write_xlsx(GoalTable((GoalRow(id="1", title="x" * 40_000),)))


def test_the_same_table_gives_the_same_text() -> None:
    table = GoalTable((GoalRow(id="1", title="Grow"),), (CheckInRow("1", date(2026, 1, 2), Decimal("0.5")),))
    assert write_json(table) == write_json(table)
    assert write_csv(table) == write_csv(table)
