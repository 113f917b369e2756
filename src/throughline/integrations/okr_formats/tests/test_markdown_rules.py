"""Each rule of the Markdown readers on a small example of its own."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from throughline.integrations.okr_formats import UnreadableFile, read_okr_file, sniff_format
from throughline.integrations.okr_formats.markdown.cycles import cycle_named, dates_stated, is_only_a_cycle
from throughline.integrations.okr_formats.markdown.inline import plain_text
from throughline.integrations.okr_formats.markdown.marks import find_marks, progress_stated, stated_numbers
from throughline.integrations.okr_formats.model import ParsedFile, ParsedLink, StatedNumbers

Read = Callable[..., ParsedFile]


def outline(parsed: ParsedFile) -> list[tuple[int, str, str]]:
    return [(goal.depth, goal.kind, goal.title) for goal in parsed.goals]


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("**Grow** the _team_", "Grow the team"),
        ("***Grow*** it", "Grow it"),
        ("snake_case_name and 2*3*4", "snake_case_name and 2*3*4"),
        ("source{d} PR* (ability)", "source{d} PR* (ability)"),
        (r"\* not a mark", "* not a mark"),
        ("at `minimal` maturity", "at minimal maturity"),
        ("less &lt;3.5min", "less <3.5min"),
        ("Teams <-> Product", "Teams <-> Product"),
        ("one<br>two <b>three</b>", "one two three"),
        ("analyzer[s] in [brackets]", "analyzer[s] in [brackets]"),
        ("FY20 ~~FY19~~ plan", "FY20 ~~FY19~~ plan"),
        ("[a [b] c](http://x.y/(z))", "a [b] c"),
        ("![logo](x.png) Grow", "logo Grow"),
        ("see https://x.y/a_b_c.", "see https://x.y/a_b_c."),
    ],
)
def test_markdown_becomes_plain_words(raw: str, plain: str) -> None:
    assert plain_text(raw).text == plain


def test_links_are_kept_beside_the_text() -> None:
    plain = plain_text('[One](http://a.b "title") and [two][ref] and <http://c.d>', {"ref": "http://e.f"})
    assert plain.text == "One and two and http://c.d"
    assert plain.links == (
        ParsedLink("One", "http://a.b"),
        ParsedLink("two", "http://e.f"),
        ParsedLink("http://c.d", "http://c.d"),
    )


def test_labels_in_brackets_are_no_links() -> None:
    assert plain_text("Regression tests [INFRA][DR]").text == "Regression tests [INFRA][DR]"


def test_a_wholly_struck_line_is_marked_and_keeps_its_words() -> None:
    plain = plain_text("~~Release PGA v2~~")
    assert (plain.text, plain.is_struck) == ("Release PGA v2", True)


@pytest.mark.parametrize(
    ("text", "title", "outcome", "progress"),
    [
        ("Predictability => 78%", "Predictability", "78%", (0.78,)),
        ("Breadth => 17%, 100%, 100%", "Breadth", "17%, 100%, 100%", (0.17, 1.0, 1.0)),
        ("Take on work => 100% (MR)", "Take on work", "100% (MR)", (1.0,)),
        ("Love => 120%", "Love", "120%", (1.0,)),
        ("Design => 65% attainment", "Design", "65% attainment", (0.65,)),
        (
            "Coverage => 56.87% coverage = 79.13% of target",
            "Coverage",
            "56.87% coverage = 79.13% of target",
            (0.7913,),
        ),
        ("Search => Running on staging", "Search", "Running on staging", None),
        ("Flaws => 4 areas (80%), 0 merged", "Flaws", "4 areas (80%), 0 merged", None),
        ("Analysis - 0%", "Analysis", "0%", (0.0,)),
        ("Hire (70%)", "Hire", "70%", (0.7,)),
        ("Hire 70% done", "Hire", "70% done", (0.7,)),
        ("Hire - 0.7", "Hire", "0.7", (0.7,)),
        ("Hire (0.7)", "Hire", "0.7", (0.7,)),
        ("Hire (3/5)", "Hire", "3/5", (0.6,)),
        ("Hire → 40%", "Hire", "40%", (0.4,)),
        ("[30%] Hire", "Hire", "30%", (0.3,)),
        ("Increase from 45% -> 60%", "Increase from 45% -> 60%", None, None),
        ("Increase referral traffic 20%", "Increase referral traffic 20%", None, None),
        ("Reaches 300 (+100% growth) subscribers", "Reaches 300 (+100% growth) subscribers", None, None),
        ("Evaluate tools. X%", "Evaluate tools. X%", None, None),
        ("Engine release 0.2", "Engine release 0.2", None, None),
        ("70%", "70%", None, None),
    ],
)
def test_outcomes_are_read_where_they_are_stated(
    text: str, title: str, outcome: str | None, progress: tuple[float, ...] | None
) -> None:
    marks = find_marks(text)
    assert (marks.title, marks.outcome_text) == (title, outcome)
    assert marks.progress_0_1 == (None if progress is None else pytest.approx(progress))


def test_progress_of_zero_over_zero_is_unknown() -> None:
    assert progress_stated("0/0") is None
    assert progress_stated("0/2") == (0.0,)


def test_marks_of_state_priority_and_team_are_taken_off_the_title() -> None:
    marks = find_marks("[P1] Finish the driver (WIP: nearly there) [APPS][INFRA]")
    assert marks.title == "Finish the driver"
    assert (marks.priority, marks.is_wip, marks.wip_note) == ("P1", True, "nearly there")
    assert marks.labels == ["APPS", "INFRA"]
    assert sorted(marks.marks) == ["(WIP: nearly there)", "[APPS]", "[INFRA]", "[P1]"]


@pytest.mark.parametrize("text", ["P1 Grow", "P1: Grow", "(P1) Grow", "Grow [P1]", "Grow (P1)"])
def test_priority_is_read_in_every_usual_shape(text: str) -> None:
    assert (find_marks(text).title, find_marks(text).priority) == ("Grow", "P1")


def test_a_priority_inside_a_sentence_stays() -> None:
    assert find_marks("Resolve P1 bugs").title == "Resolve P1 bugs"


def test_emoji_of_state_are_read_and_other_emoji_stay() -> None:
    assert find_marks("✅ Ship").is_done is True
    assert find_marks("🚧 Ship").is_wip is True
    assert find_marks("🚀 Ship").title == "🚀 Ship"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Raise from 96.64% to a consistent 99.95%", StatedNumbers(Decimal("96.64"), Decimal("99.95"), "%")),
        ("Coverage: increase from 45% to 60%", StatedNumbers(Decimal(45), Decimal(60), "%")),
        ("Cut latency from 300ms to 100ms", StatedNumbers(Decimal(300), Decimal(100), "ms")),
        ("Grow from 5 to 9 people", StatedNumbers(Decimal(5), Decimal(9), "")),
        ("Grow from $1,000 to $2,000", StatedNumbers(Decimal(1000), Decimal(2000), "$")),
        ("Run from February 1, 2019 to April 30, 2019", None),
        ("Increase by 20%", None),
        ("Move from 5 ms to 9 %", None),
        ("Move from $5 to 9%", None),
    ],
)
def test_numbers_are_taken_only_where_stated(text: str, numbers: StatedNumbers | None) -> None:
    assert stated_numbers(text) == numbers


@pytest.mark.parametrize(
    ("text", "name", "starts_on"),
    [
        ("OKRs 2018 Q3", "2018 Q3", date(2018, 7, 1)),
        ("Q1 2018", "2018 Q1", date(2018, 1, 1)),
        ("2019-Q1.md", "2019 Q1", date(2019, 1, 1)),
        ("our OKR for 1Q2018", "2018 Q1", date(2018, 1, 1)),
        ("H2 2024", "2024 H2", date(2024, 7, 1)),
        ("FY20-Q1 OKRs", "FY20-Q1", None),
        ("Q3 FY2021", "FY21-Q3", None),
    ],
)
def test_cycles_are_recognised(text: str, name: str, starts_on: date | None) -> None:
    hint = cycle_named(text)
    assert hint is not None
    assert (hint.name, hint.starts_on) == (name, starts_on)


def test_the_last_quarter_ends_with_the_year() -> None:
    hint = cycle_named("2018 Q4")
    assert hint is not None
    assert hint.ends_on == date(2018, 12, 31)


def test_stated_dates_are_read_in_words_and_figures() -> None:
    assert dates_stated("runs from February 1, 2019 to April 30, 2019.") == (
        date(2019, 2, 1),
        date(2019, 4, 30),
    )
    assert dates_stated("1 May 2024 – 31 Aug 2024") == (date(2024, 5, 1), date(2024, 8, 31))
    assert dates_stated("2024-05-01 to 2024-08-31") == (date(2024, 5, 1), date(2024, 8, 31))
    assert dates_stated("2024-02-31 to 2024-08-31") is None


def test_a_heading_that_only_names_the_cycle_is_no_goal() -> None:
    assert is_only_a_cycle("OKRs 2018 Q3")
    assert is_only_a_cycle("Company OKRs – Q2 2018")
    assert not is_only_a_cycle("Launch in Q2 2018")


def test_headings_nest_and_checkboxes_are_key_results(read: Read) -> None:
    parsed = read(
        "# OKRs 2024 Q1\n\n## Grow\n\n### Hire\n\n- [x] Two engineers\n  - [ ] Write the advert\n"
        "- [ ] One designer\n"
        "\n## Keep\n"
    )
    assert outline(parsed) == [
        (0, "objective", "Grow"),
        (1, "objective", "Hire"),
        (2, "key_result", "Two engineers"),
        (3, "initiative", "Write the advert"),
        (2, "key_result", "One designer"),
        (0, "objective", "Keep"),
    ]
    assert [goal.is_done for goal in parsed.goals] == [None, None, True, False, False, None]
    assert parsed.title == "OKRs 2024 Q1"


def test_underlined_headings_count_as_headings(read: Read) -> None:
    parsed = read("Company goals\n=============\n\nGrow\n----\n\n- Hire two people\n\n----\n\nKeep\n----\n- Stay\n")
    assert parsed.title == "Company goals"
    assert outline(parsed) == [
        (0, "objective", "Grow"),
        (1, "key_result", "Hire two people"),
        (0, "objective", "Keep"),
        (1, "key_result", "Stay"),
    ]


@pytest.mark.parametrize("marker", ["-", "*", "+", "1.", "1)", "•"])
def test_every_list_marker_is_understood(read: Read, marker: str) -> None:
    parsed = read(f"## Grow\n\n{marker} Hire\n    {marker} Write the advert\n{marker} Train\n")
    assert [goal.title for goal in parsed.goals] == ["Grow", "Hire", "Write the advert", "Train"]
    assert [goal.depth for goal in parsed.goals] == [0, 1, 2, 1]


def test_tabs_and_spaces_may_be_mixed(read: Read) -> None:
    parsed = read("## A\n1. B\n    1. C\n\t1. D\n\t\t1. E\n        1. F\n1. G\n", format_key="nested_lists")
    assert [(goal.depth, goal.title) for goal in parsed.goals] == [
        (0, "A"), (1, "B"), (2, "C"), (2, "D"), (3, "E"), (3, "F"), (1, "G"),
    ]  # fmt: skip


def test_a_list_without_headings_starts_with_objectives(read: Read) -> None:
    parsed = read("- Grow\n  - Hire two\n  - Train all\n- Keep\n")
    assert outline(parsed) == [
        (0, "objective", "Grow"),
        (1, "key_result", "Hire two"),
        (1, "key_result", "Train all"),
        (0, "objective", "Keep"),
    ]


def test_a_goal_says_itself_what_it_is(read: Read) -> None:
    parsed = read(
        "# Objective 1: Grow\n\n- KR1: Hire two\n- KR 1.2: Train\n  - Initiative: Write a plan\n\n# O2: Keep\n"
    )
    assert outline(parsed) == [
        (0, "objective", "Grow"),
        (1, "key_result", "Hire two"),
        (1, "key_result", "Train"),
        (2, "initiative", "Write a plan"),
        (0, "objective", "Keep"),
    ]


def test_plain_lines_that_say_what_they_are_need_no_list(read: Read) -> None:
    parsed = read("Objective: Grow\nKR1: Hire two\nKR2: Train\nObjective: Keep\nKR1: Stay\n")
    assert outline(parsed) == [
        (0, "objective", "Grow"),
        (1, "key_result", "Hire two"),
        (1, "key_result", "Train"),
        (0, "objective", "Keep"),
        (1, "key_result", "Stay"),
    ]


def test_headings_such_as_key_results_say_what_follows(read: Read) -> None:
    parsed = read("## Grow\n\n### Key Results\n\n- Hire two\n  - by spring\n\n### Initiatives\n\n- Write the advert\n")
    assert outline(parsed) == [
        (0, "objective", "Grow"),
        (1, "key_result", "Hire two"),
        (2, "initiative", "by spring"),
        (1, "initiative", "Write the advert"),
    ]


def test_a_bold_line_such_as_key_results_heads_what_follows(read: Read) -> None:
    parsed = read(
        "## Grow\n\n**Key Results:**\n\n1. Hire two\n\n**Initiatives**\n\n- [ ] Write the advert\n\n## Keep\n\nText.\n"
    )
    assert outline(parsed) == [
        (0, "objective", "Grow"),
        (1, "key_result", "Hire two"),
        (1, "initiative", "Write the advert"),
        (0, "objective", "Keep"),
    ]


def test_owner_before_the_colon_is_read_in_role_lists(read: Read) -> None:
    parsed = read(
        "### 1. CEO: Grow.\n\n1. CRO: [Forecast:](http://a.b) better => 78%\n"
        "    1. [Kit](http://a.b/team/#kit): Train\n"
        "    1. [Lou](http://a.b/team/#lou) Help\n1. Head of Ops; Head of IT: Save 5%\n",
        format_key="nested_lists",
    )
    assert [(goal.owner, goal.title) for goal in parsed.goals] == [
        ("CEO", "Grow."),
        ("CRO", "Forecast: better"),
        ("Kit", "Train"),
        ("Lou", "Help"),
        ("Head of Ops; Head of IT", "Save 5%"),
    ]


def test_a_colon_alone_makes_no_owner(read: Read) -> None:
    parsed = read("## Grow\n- Slack: figure out a strategy\n- Hire\n- Train\n", format_key="nested_lists")
    assert [goal.owner for goal in parsed.goals] == [None] * 4


def test_fields_below_a_goal_become_fields(read: Read) -> None:
    parsed = read(
        "## Grow\n\n**Owner:** Kit\n**Progress:** 40%\n\n- Hire (owner: Lou)\n  - Owner: nobody else\n- Train @mo\n"
    )
    assert [(goal.title, goal.owner) for goal in parsed.goals] == [
        ("Grow", "Kit"),
        ("Hire", "Lou"),
        ("Train", "@mo"),
    ]
    assert parsed.goals[0].progress_0_1 == (0.4,)
    assert "nobody else" in parsed.goals[1].description


def test_text_below_a_goal_is_its_description(read: Read) -> None:
    parsed = read(
        "## Grow\n\nWe **must**.\nReally.\n\n> said the board\n\n```\ncode\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
    )
    description = parsed.goals[0].description
    assert description.startswith("We must.\nReally.")
    assert all(part in description for part in ("said the board", "code", "| 1 | 2 |"))
    assert parsed.unread == ()


def test_a_wrapped_item_is_one_title(read: Read) -> None:
    parsed = read("## Grow\n- Hire frontend and\n  backend people\n\n  More about it.\n- Train\n")
    assert [goal.title for goal in parsed.goals] == ["Grow", "Hire frontend and backend people", "Train"]
    assert parsed.goals[1].description == "More about it."


def test_what_is_not_understood_is_listed_with_its_line(read: Read) -> None:
    parsed = read("Hello all.\n\n## Grow\n\n<iframe src='http://a.b'></iframe>\n- \n")
    assert [(line.line, line.reason.split(";")[0]) for line in parsed.unread] == [
        (1, "text that belongs to no goal"),
        (5, "embedded HTML cannot be shown"),
        (6, "a list item without words"),
    ]


def test_contents_front_matter_and_comments_are_structure(read: Read) -> None:
    parsed = read(
        "---\ntitle: Goals Q2 2024\n---\n<!-- a\nb -->\n## Contents\n"
        "- [Grow](#grow)\n  - [Hi [x]](#hi)\n{:toc}\n\n## Grow\n"
    )
    assert [goal.title for goal in parsed.goals] == ["Grow"]
    assert {line.kind for line in parsed.structure} == {
        "front_matter",
        "comment",
        "table_of_contents",
        "attributes",
        "blank",
    }
    assert parsed.title == "Goals Q2 2024"
    assert parsed.cycle_hint is not None
    assert parsed.cycle_hint.name == "2024 Q2"


def test_a_retrospective_is_reported_and_no_goal(read: Read) -> None:
    parsed = read("## Grow\n- Hire\n\n## Team\n\n### Dev\n\n* GOOD\n  * We hired\n* BAD\n  * We lost\n")
    assert [goal.title for goal in parsed.goals] == ["Grow", "Hire"]
    assert [line.line for line in parsed.unread] == [4, 6, 8, 9, 10, 11]


def test_remarks_below_a_scored_goal_are_its_description(read: Read) -> None:
    parsed = read("## A\n1. CTO: B\n    1. Dev: Ship => 50%\n        - beta was late\n", format_key="nested_lists")
    assert [goal.title for goal in parsed.goals] == ["A", "B", "Ship"]
    assert parsed.goals[2].description == "- beta was late"


def test_keys_stay_when_outcomes_and_lines_change(read: Read) -> None:
    before = read("## Grow\n- Hire\n- Train => 20%\n")
    after = read("## Grow\n\nNews.\n\n- New\n- Hire => 100%\n- Train => 90%\n")
    assert {goal.key for goal in before.goals} < {goal.key for goal in after.goals}


def test_goals_of_one_name_have_keys_of_their_own(read: Read) -> None:
    parsed = read("## Grow\n- Hire\n- Hire\n")
    assert len({goal.key for goal in parsed.goals}) == 3


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b" \n\t\n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"# a\n\0b", "NUL byte in line 2"),
        (b"x" * 10_000_001, "at most 10,000,000"),
        (b"# a\n- " + b"x" * 100_001, "Line 2 of goals.md"),
        (b"\xff\xfea", "UTF-16"),
    ],
)
def test_files_that_cannot_be_read_say_why(data: bytes, words: str) -> None:
    with pytest.raises(UnreadableFile, match=words):
        read_okr_file(data, "goals.md", format_key="markdown_headings")


def test_odd_encodings_are_read_with_a_note() -> None:
    parsed = read_okr_file("## Größe\n- Hire\n".encode("latin-1"), "goals.md")
    assert parsed.goals[0].title == "Größe"
    assert "Line 1 is not UTF-8" in parsed.notes[0]
    assert read_okr_file("\ufeff## Größe\n".encode(), "goals.md").goals[0].title == "Größe"
    assert read_okr_file("## Größe\n".encode("utf-16"), "goals.md").goals[0].title == "Größe"


def test_the_surest_format_is_chosen() -> None:
    roles = b"## X\n1. CTO: a\n1. CFO: b\n1. CEO: c\n"
    found = sniff_format(roles, "a.md")
    assert found is not None
    assert found.key == "nested_lists"
    found = sniff_format(b"## X\n- [ ] a\n- [ ] b\n", "a.md")
    assert found is not None
    assert found.key == "markdown_headings"
    assert sniff_format(b"\x89PNG\r\n\x1a\n\0\0", "a.png") is None
