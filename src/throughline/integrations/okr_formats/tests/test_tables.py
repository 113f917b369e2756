"""Our own table and JSON: what is refused, on which line and why."""

import io
import json
from collections.abc import Sequence
from datetime import date

import openpyxl
import pytest

from throughline.integrations.okr_formats import UnreadableFile, read_okr_file
from throughline.integrations.okr_formats.model import ParsedFile, line_account
from throughline.integrations.okr_formats.table import read_csv_files


def read_csv(text: str) -> ParsedFile:
    parsed = read_okr_file(text.encode(), "goals.csv")
    assert (line_account(parsed).missing, line_account(parsed).repeated) == ((), ())
    return parsed


def workbook(sheets: dict[str, Sequence[Sequence[object]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


@pytest.mark.parametrize(
    ("columns", "row", "reason"),
    [
        ("id,title,target", "1,Grow,many", "target is “many”, which is no number; write it like 12.5"),
        ("id,title,target", '1,Grow,"1,5"', "target is “1,5”, which is no number; write it like 12.5"),
        ("id,title,target", "1,Grow,1e999", "target is “1e999”, which is no number; write it like 12.5"),
        ("id,title,starts_on", "1,Grow,2026-02-30", "starts_on is “2026-02-30”, which is no date"),
        ("id,title,starts_on", "1,Grow,31.01.2026", "starts_on is “31.01.2026”, which is no date"),
        ("id,title,starts_on,ends_on", "1,Grow,2026-02-01,2026-01-01", "lies before starts_on"),
        ("id,title,kind", "1,Grow,dream", "kind is “dream”; choose one of objective, key_result, initiative"),
        ("id,title,low,high", "1,Grow,5,4", "high (4) is less than low (5)"),
        ("id,title,weight", "1,Grow,-1", "weight is -1; it cannot be negative"),
        ("id,title,owner_email", "1,Grow,kit", "owner_email is “kit”, which is no e-mail address"),
        ("id,title", ",Grow", "id is missing; give the goal a short id of its own"),
        ("id,title", "1 2,Grow", "an id has no spaces"),
        ("id,title,unit", "1,,Ops", "title is missing"),
        ("id,title,parent_ids", "1,Grow,9", "its parent 9 is not in this file"),
        ("id,title,parent_ids", "1,Grow,1", "its parents lead back to itself: 1 > 1"),
        ("id,title,parent_ids", "1,Grow,2:x", "the weight in parent_ids is “x”"),
        ("id,title", "1,Grow,more", "a cell stands in a column without a name"),
    ],
)
def test_a_wrong_row_is_refused_with_its_line_and_reason(columns: str, row: str, reason: str) -> None:
    parsed = read_csv(f"{columns}\n{row}\n")
    assert parsed.goals == ()
    assert [line.line for line in parsed.unread] == [2]
    assert reason in parsed.unread[0].reason


def test_every_reason_of_a_row_is_named_at_once() -> None:
    parsed = read_csv("id,title,target,kind\n1,,many,dream\n")
    assert parsed.unread[0].reason.count(";") >= 3


def test_the_second_use_of_an_id_is_refused() -> None:
    parsed = read_csv("id,title\n1,Grow\n1,Keep\n")
    assert [goal.title for goal in parsed.goals] == ["Grow"]
    assert (parsed.unread[0].line, parsed.unread[0].reason) == (3, "id 1 was already used in line 2")


def test_a_circle_of_parents_is_refused_and_so_is_what_hangs_on_it() -> None:
    parsed = read_csv("id,title,parent_ids\n1,a,2\n2,b,3\n3,c,1\n4,d,3\n5,e,\n")
    assert [goal.key for goal in parsed.goals] == ["5"]
    reasons = {line.line: line.reason for line in parsed.unread}
    assert "1 > 2 > 3 > 1" in reasons[2]
    assert "its parent 3 is not in this file, or its line was refused" in reasons[5]


def test_parents_with_weights_and_depths_are_read() -> None:
    parsed = read_csv("id,title,parent_ids\n1,a,\n2,b,1\n3,c,2:0.5; 1\n")
    assert parsed.table is not None
    links = parsed.table.goals[2].parent_ids
    assert [(link.goal_id, str(link.weight)) for link in links] == [("2", "0.5"), ("1", "None")]
    assert [goal.depth for goal in parsed.goals] == [0, 1, 2]


def test_semicolons_and_several_lines_in_a_cell_are_read() -> None:
    parsed = read_csv('ID;Title;Key Result Kind;target\n1;"Grow\nfast";increase to;5\n\n2;Keep;;\n')
    assert [goal.lines for goal in parsed.goals] == [(2, 3), (5,)]
    assert parsed.goals[0].kind == "key_result"
    assert parsed.goals[0].title == "Grow\nfast"


def test_an_unknown_column_is_named() -> None:
    parsed = read_csv("id,title,colour\n1,Grow,red\n")
    assert parsed.notes == ("Line 1: column “colour” is not known and was left out.",)


def test_check_ins_are_matched_to_their_goals() -> None:
    parsed = read_csv_files(
        b"id,title\n1,Grow\n",
        b"goal_id,on,value,confidence\n1,2026-01-02,5,0.7\n2,2026-01-02,5,\n1,2026-01-03,5,70\n",
    )
    assert [check_in.row.goal_id for check_in in parsed.check_ins] == ["1"]
    reasons = [(line.part, line.line, line.reason) for line in parsed.unread]
    assert reasons == [
        ("check_ins", 3, "its goal 2 is not in this file, or its line was refused"),
        ("check_ins", 4, "confidence is 70; write it as a chance between 0 and 1"),
    ]


def test_a_file_of_check_ins_alone_is_read_with_a_note() -> None:
    parsed = read_csv("goal_id,on,value\n1,2026-01-02,5\n")
    assert len(parsed.check_ins) == 1
    assert "check-ins only" in parsed.notes[0]


@pytest.mark.parametrize("text", ["name,colour\na,red\n", 'id,title\n1,"Grow\n', 'id,title\n1,"a"b\n'])
def test_a_table_without_sound_columns_is_unreadable(text: str) -> None:
    with pytest.raises(UnreadableFile):
        read_okr_file(text.encode(), "goals.csv")


def test_a_workbook_typed_by_hand_is_read() -> None:
    rows = [
        ["ID", "Title", "parent ids", "target", "starts on", "owner_email"],
        [12, "Grow", None, 1.5, date(2026, 1, 2), "ada@example.org"],
        [],
        [13, 2026, 12, 7, "2026-02-03", None],
    ]
    parsed = read_okr_file(workbook({"Read me": [["Hello"]], "Goals": rows}), "goals.xlsx")
    assert [(goal.key, goal.title, goal.parent_key, goal.line) for goal in parsed.goals] == [
        ("12", "Grow", None, 2),
        ("13", "2026", "12", 4),
    ]
    assert parsed.table is not None
    assert str(parsed.table.goals[0].starts_on) == "2026-01-02"
    assert (line_account(parsed).missing, line_account(parsed).repeated) == ((), ())
    assert "Sheet “Read me” (1 rows) was not read" in parsed.notes[0]


def test_formulas_and_errors_in_a_workbook_are_refused_and_not_evaluated() -> None:
    parsed = read_okr_file(workbook({"goals": [["id", "title"], [1, "=1+1"], [2, "#REF!"], [3, "ok"]]}), "goals.xlsx")
    assert [goal.key for goal in parsed.goals] == ["3"]
    assert "a formula, which is not evaluated" in parsed.unread[0].reason
    assert "the spreadsheet error #REF!" in parsed.unread[1].reason


def test_json_names_the_lines_of_refused_rows() -> None:
    document = (
        '{"format": "throughline-goals/1",\n"goals": [\n{"id": "1",\n "title": "Grow", "target": 5},\n'
        '{"id": "2"},\n7\n],\n"x": 1}\n'
    )
    parsed = read_okr_file(document.encode(), "goals.json")
    assert (line_account(parsed).missing, line_account(parsed).repeated) == ((), ())
    assert parsed.goals[0].lines == (3, 4)
    assert [(line.line, line.reason.split(";")[0]) for line in parsed.unread] == [
        (5, "title is missing"),
        (6, "an object with names and values is expected"),
    ]
    assert parsed.notes == ("Line 8: “x” is not known and was left out.",)


def test_json_on_one_line_loses_nothing() -> None:
    document = {
        "format": "throughline-goals/1",
        "goals": [{"id": "1", "title": "a"}, {"id": "2"}, {"id": "3", "title": "c"}],
    }
    parsed = read_okr_file(json.dumps(document).encode(), "goals.json")
    assert [goal.key for goal in parsed.goals] == ["1", "3"]
    assert any("Line 1" in note and "title is missing" in note for note in parsed.notes)


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ('{"format": "throughline-goals/2", "goals": []}', "only “throughline-goals/1” can be read"),
        ('{"goals": []}', "“None”"),
        ('{"format": "throughline-goals/1", "goals": [}', "no sound JSON"),
        ('{"format": "throughline-goals/1", "goals": {}}', "“\\[” is expected in line 1"),
        ('{"format": "throughline-goals/1", "goals": []} x', "something follows"),
        ('{"format": "throughline-goals/1", "goals": [NaN]}', "NaN is no number"),
        ('{"format": "throughline-goals/1", "a": ' + "[" * 100_000, "no sound JSON"),
        ('{"format": "throughline-goals/1", "goals": [{"id": "1", "id": "2"}]}', "appears twice"),
    ],
)
def test_unsound_json_is_refused(document: str, words: str) -> None:
    with pytest.raises(UnreadableFile, match=words):
        read_okr_file(document.encode(), "goals.json")


def test_graphs_with_entities_or_broken_xml_are_refused() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><graphml>&b;</graphml>'
    for text, words in ((bomb, "document type in line 1"), ("<graphml>\n<node>", "no sound XML in line 2")):
        with pytest.raises(UnreadableFile, match=words):
            read_okr_file(text.encode(), "goals.graphml")


def test_a_plain_graph_is_read_by_its_labels() -> None:
    text = (
        '<?xml version="1.0"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
        '<key id="d0" for="node" attr.name="label"/>\n<graph>\n'
        '<node id="a"><data key="d0">Grow [P1]</data>\n<graph>\n'
        '<node id="b"><data key="d0">Hire => 40%</data></node>\n</graph>\n</node>\n<node id="c"/>\n'
        '<edge source="a" target="b"/>\n<edge source="a" target="zz"/>\n</graph>\n</graphml>\n'
    )
    parsed = read_okr_file(text.encode(), "goals.graphml")
    assert [(goal.key, goal.title, goal.parent_key) for goal in parsed.goals] == [
        ("a", "Grow", None),
        ("b", "Hire", "a"),
    ]
    assert parsed.goals[1].progress_0_1 == (0.4,)
    assert [(edge.source_key, edge.target_key) for edge in parsed.dependencies] == [("a", "b")]
    assert [(line.line, line.reason) for line in parsed.unread] == [
        (10, "a node without a label"),
        (12, "an edge that does not join two goals"),
    ]
    assert (line_account(parsed).missing, line_account(parsed).repeated) == ((), ())
