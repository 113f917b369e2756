"""Nothing is dropped silently, and nothing but UnreadableFile is raised, whatever the bytes."""

import io
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from throughline.integrations.okr_formats import UnreadableFile, okr_formats, read_okr_file
from throughline.integrations.okr_formats.model import ParsedFile, line_account
from throughline.integrations.okr_formats.tests.conftest import real_file

FRAGMENTS = (
    "# ",
    "## ",
    "### CEO: ",
    "- ",
    "* ",
    "+ ",
    "1. ",
    "2) ",
    "\t",
    "  ",
    "    ",
    "- [ ] ",
    "- [x] ",
    "[P1] ",
    "(WIP)",
    "=> 78%",
    " - 100%",
    "(70%)",
    "0.7",
    "Owner: Kit",
    "KR1: ",
    "Objective: ",
    "[a](http://b.c/d)",
    "**bold**",
    "~~no~~",
    "```",
    "> ",
    "| a | b |",
    "<iframe src='x'>",
    "<!--",
    "-->",
    "---",
    "===",
    "{:toc}",
    "- TOC",
    "\n",
    "\n\n",
    "words here",
    "ü",
    "✅",
    "\\",
    "[",
    "](",
    ")",
    "`",
    "_",
    "GOOD",
    "Key results",
    "[DR]",
    "from 4% to 9%",
    ":",
    "\ufeff",
    "\u2028",
)
XML_FRAGMENTS = (
    "<graphml>",
    "</graphml>",
    "<graph>",
    "</graph>",
    "<node id='a'>",
    "<node id='b'>",
    "</node>",
    "<edge source='a' target='b'/>",
    "<NodeLabel>Grow</NodeLabel>",
    "<!DOCTYPE x>",
    "\n",
    "&amp;",
    "&x;",
    "words",
)
JSON_FRAGMENTS = (
    '{"format": "throughline-goals/1", "goals": [',
    '{"id": "1", "title": "Grow"}',
    ",",
    "]",
    "}",
    "\n",
    "null",
    "1e9",
    "[",
    '{"id": "2", "title": "", "parent_ids": [{"id": "1", "weight": 2}]}',
    '"check_ins": [',
    '{"goal_id": "1", "on": "2026-01-02"}',
)
TABLE_FRAGMENTS = (
    "id,title,parent_ids\n",
    "goal_id,on,value\n",
    "1,Grow,\n",
    "2,Keep,1:0.5\n",
    '3,"a\nb",2\n',
    ",",
    '"',
    "\n",
    "\r",
    "'=1",
    ";",
    "id,title,target,starts_on,colour\n",
    "4,x,abc,2026-02-30,red\n",
)
TEXTS = st.one_of(
    *(
        st.lists(st.sampled_from(fragments), max_size=40).map("".join)
        for fragments in (FRAGMENTS, XML_FRAGMENTS, JSON_FRAGMENTS, TABLE_FRAGMENTS)
    ),
    st.text(max_size=300),
)
KEYS = [okr_format.key for okr_format in okr_formats()]
QUICK = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def read_or_refuse(data: bytes, key: str | None) -> ParsedFile | None:
    try:
        parsed = read_okr_file(data, "goals.md", format_key=key)
    except UnreadableFile as error:
        refusal = str(error)
    else:
        account = line_account(parsed)
        assert (account.missing, account.repeated) == ((), ())
        return parsed
    assert refusal.endswith(".")
    return None


def assert_sound_tree(parsed: ParsedFile) -> None:
    by_key = {goal.key: goal for goal in parsed.goals}
    assert len(by_key) == len(parsed.goals)
    for goal in parsed.goals:
        assert goal.title.strip()
        if goal.parent_key is not None:
            assert by_key[goal.parent_key].depth == goal.depth - 1
        assert all(0 <= share <= 1 for share in goal.progress_0_1 or ())
    assert {key for edge in parsed.dependencies for key in (edge.source_key, edge.target_key)} <= set(by_key)


@pytest.mark.parametrize("key", [*KEYS, None])
@QUICK
@given(text=TEXTS)
def test_every_line_of_any_text_is_accounted_for_once(key: str | None, text: str) -> None:
    parsed = read_or_refuse(text.encode("utf-8", "surrogatepass"), key)
    if parsed is not None:
        assert_sound_tree(parsed)


@pytest.mark.parametrize("key", [*KEYS, None])
@QUICK
@given(data=st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_with_a_sentence(key: str | None, data: bytes) -> None:
    parsed = read_or_refuse(data, key)
    if parsed is not None:
        assert_sound_tree(parsed)


@settings(max_examples=60, deadline=None)
@given(body=st.binary(max_size=200), name=st.sampled_from(["xl/workbook.xml", "[Content_Types].xml", "a.txt"]))
def test_a_zip_that_is_no_workbook_is_refused(body: bytes, name: str) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, body)
    with pytest.raises(UnreadableFile):
        read_okr_file(packed.getvalue(), "goals.xlsx")


@settings(max_examples=40, deadline=None)
@given(place=st.integers(0, 5000), value=st.integers(0, 255))
def test_a_damaged_workbook_is_read_or_refused(place: int, value: int) -> None:
    from throughline.integrations.okr_formats.tabular.goal_table import GoalRow, GoalTable
    from throughline.integrations.okr_formats.tabular.writing import write_xlsx

    data = bytearray(write_xlsx(GoalTable((GoalRow(id="1", title="Grow"),))))
    data[place % len(data)] = value
    read_or_refuse(bytes(data), "table")


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("okrs-sourced", "2018-Q1.md"),
        ("okrs-sourced", "2018-Q2.md"),
        ("okrs-sourced", "2018-Q3.md"),
        ("okrs-sourced", "2018-Q4.md"),
        ("okrs-sourced", "2019-Q1.md"),
        ("okrs-sourced", "2018.graphml"),
        ("okrs-gitlab", "fy20-q1.md"),
        ("okrs-gitlab", "fy20-q3.md"),
    ],
)
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r"])
def test_the_account_of_every_real_file_adds_up(folder: str, name: str, line_end: bytes) -> None:
    data = real_file(folder, name)
    parsed = read_okr_file(data.replace(b"\n", line_end), name)
    account = line_account(parsed)
    assert (account.missing, account.repeated) == ((), ())
    in_total = account.of_goals + account.of_dependencies + account.of_structure + account.of_unread
    assert in_total == parsed.line_count == data.count(b"\n") + (not data.endswith(b"\n"))
    assert_sound_tree(parsed)
