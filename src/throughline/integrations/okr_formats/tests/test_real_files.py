"""Real public goals. Every number here was counted in the file by hand or with grep, not taken from
the reader.
"""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from throughline.integrations.okr_formats import read_okr_file
from throughline.integrations.okr_formats.model import CycleHint, ParsedFile, ParsedGoal, StatedNumbers
from throughline.integrations.okr_formats.tests.conftest import real_file


def goals_of(folder: str, name: str) -> ParsedFile:
    return read_okr_file(real_file(folder, name), name)


def at(parsed: ParsedFile, line: int) -> ParsedGoal:
    return next(goal for goal in parsed.goals if goal.line == line)


def parent_of(parsed: ParsedFile, goal: ParsedGoal) -> ParsedGoal:
    return next(other for other in parsed.goals if other.key == goal.parent_key)


# Headings and list items in the file, less title, cycle heading, table of contents.
@pytest.mark.parametrize(
    ("name", "objectives", "key_results", "initiatives"),
    [
        ("2018-Q1.md", 29, 57, 0),
        ("2018-Q2.md", 50, 128, 0),
        ("2018-Q3.md", 50, 138, 14),
        ("2018-Q4.md", 49, 141, 0),
        ("2019-Q1.md", 27, 59, 0),
    ],
)
def test_counts_of_the_sourced_quarters(name: str, objectives: int, key_results: int, initiatives: int) -> None:
    parsed = goals_of("okrs-sourced", name)
    assert parsed.format_key == "markdown_headings"
    kinds = Counter(goal.kind for goal in parsed.goals)
    assert kinds == Counter(objective=objectives, key_result=key_results, initiative=initiatives)


def test_sourced_first_quarter_nests_key_results_below_the_communities_goals() -> None:
    parsed = goals_of("okrs-sourced", "2018-Q1.md")
    assert parsed.title == "Objectives and Key Results"
    assert parsed.cycle_hint == CycleHint("2018 Q1", date(2018, 1, 1), date(2018, 3, 31))
    forum = at(parsed, 33)
    assert forum.title == "Create a forum (tbd whether it's slack, mailing list, or others) for influencers."
    assert (forum.kind, forum.priority) == ("key_result", "P0")
    network = parent_of(parsed, forum)
    assert network.title == "Create a network of influencers incl. Developers, Companies, Academia"
    assert parent_of(parsed, network).title == "Developer Community:"
    assert at(parsed, 13).kind == "objective"
    assert "we're lost on the name still" in at(parsed, 26).description + at(parsed, 21).description
    assert [line.line for line in parsed.unread] == [5]
    assert Counter(goal.priority for goal in parsed.goals) == Counter({None: 56, "P0": 8, "P1": 18, "P2": 4})


def test_sourced_second_quarter_nests_by_tabs_six_deep() -> None:
    parsed = goals_of("okrs-sourced", "2018-Q2.md")
    drivers = at(parsed, 93)
    assert drivers.title == "Port all existing beta language drivers"
    path = []
    goal = drivers
    while goal.parent_key is not None:
        goal = parent_of(parsed, goal)
        path.append(goal.line)
    assert path == [91, 90, 89, 85, 80, 21]
    assert at(parsed, 27).links[0].url.endswith("/issues/5")
    finances = at(parsed, 11)
    assert (finances.progress_0_1, finances.outcome_text) == ((0.0,), "0%")
    assert finances.lines == (11, 13, 15)
    assert [line.line for line in parsed.unread] == [5, 9]
    assert at(parsed, 63).title == "Attract relevant profiles of applicants through developer community"


def test_sourced_third_quarter_has_checkboxes_and_a_table_of_contents() -> None:
    parsed = goals_of("okrs-sourced", "2018-Q3.md")
    assert Counter(line.kind for line in parsed.structure)["table_of_contents"] == 51
    assert Counter(goal.is_done for goal in parsed.goals)[True] == 21
    assert sum(goal.is_wip for goal in parsed.goals) == 15
    testing = at(parsed, 62)
    assert (testing.kind, testing.title, testing.description) == (
        "initiative", "Add regression testing", "WIP: pending automation",
    )  # fmt: skip
    assert parent_of(parsed, testing).is_done is True
    gemini = at(parsed, 122)
    assert (gemini.title, gemini.priority, gemini.kind) == ("Get Gemini enterprise ready", "P1", "objective")
    assert at(parsed, 223).title == "Release a beta of the style analyzer[s]"
    assert at(parsed, 223).depth == 3
    assert parsed.unread == ()


def test_sourced_fourth_quarter_names_teams_and_strikes_goals_out() -> None:
    parsed = goals_of("okrs-sourced", "2018-Q4.md")
    assert [goal.line for goal in parsed.goals if goal.is_struck] == [119, 121, 122, 123]
    release = at(parsed, 119)
    assert (release.title, release.labels) == ("Release a new version of PGA", ("INFRA", "APPS"))
    assert at(parsed, 5).owner == "DR"
    assert at(parsed, 51).is_done is True
    assert at(parsed, 55).kind == "objective"
    assert [at(parsed, line).kind for line in (56, 57, 58)] == ["key_result"] * 3


def test_sourced_next_year_has_priority_and_team_at_the_end() -> None:
    parsed = goals_of("okrs-sourced", "2019-Q1.md")
    specs = at(parsed, 19)
    assert specs.title == "Provide specs for external data sources"
    assert (specs.priority, specs.labels, specs.owner) == ("P1", ("DP", "PRODUCT"), "DP, PRODUCT")
    assert at(parsed, 82).priority == "P?"
    assert at(parsed, 121).title == "Being a better company to work at"
    assert at(parsed, 129).title == "Hiring: Test (1 Senior)"
    assert parsed.cycle_hint == CycleHint("2019 Q1", date(2019, 1, 1), date(2019, 3, 31))


def test_sourced_drawing_nests_containers_and_keeps_edges_as_dependencies() -> None:
    parsed = goals_of("okrs-sourced", "2018.graphml")
    assert parsed.format_key == "graphml"
    # 462 nodes, of which one is the frame around everything; 132 nodes contain others, the frame among them.
    assert len(parsed.goals) == 461
    assert len({goal.parent_key for goal in parsed.goals} - {None}) == 131
    assert len(parsed.dependencies) == 67
    assert parsed.title == "2018"
    assert parsed.notes == ("Labels of the frame that are no goals: Q1, Q2, Q3, Q4.",)
    by_key = {goal.key: goal for goal in parsed.goals}
    assert by_key["n0::n1::n5::n3"].title == "Publish 2 videos"
    assert by_key["n0::n1::n5::n3"].parent_key == "n0::n1::n5"
    assert by_key["n0::n7::n2"].title == "Keep repositories never more than 30 days outdated"
    first = parsed.dependencies[0]
    assert (first.source_key, first.target_key) == ("n0::n4::n1::n0", "n0::n4::n1::n4")


def test_gitlab_first_quarter_reads_owners_outcomes_and_dates() -> None:
    parsed = goals_of("okrs-gitlab", "fy20-q1.md")
    assert parsed.format_key == "nested_lists"
    assert parsed.title == "FY20-Q1 OKRs"
    assert parsed.cycle_hint == CycleHint("FY20-Q1", date(2019, 2, 1), date(2019, 4, 30))
    # 3 headings and 152 numbered items; 4 bullets below scored goals are remarks.
    assert len(parsed.goals) == 155
    assert [goal.owner for goal in parsed.goals if goal.depth == 0] == ["CEO", "CEO", "CEO"]
    breadth = at(parsed, 48)
    assert breadth.owner == "Product"
    assert (breadth.outcome_text, breadth.progress_0_1) == ("17%, 100%, 100%", pytest.approx((0.17, 1, 1)))
    assert breadth.title.endswith("develop an iOS app on GitLab.com web IDE on iPad")
    assert at(parsed, 70).owner == "Philippe Lafoucrière"
    assert at(parsed, 74).owner == "Kamil"
    assert at(parsed, 92).owner == "Reliability[AS]"
    assert at(parsed, 68).progress_0_1 is None
    assert (at(parsed, 68).outcome_text or "").startswith("Running at the moment on staging")
    assert at(parsed, 113).progress_0_1 == (0.65,)
    coverage = at(parsed, 143)
    assert coverage.numbers == StatedNumbers(Decimal(45), Decimal(60), "%")
    assert coverage.progress_0_1 == pytest.approx((0.7913,))
    assert at(parsed, 140).lines == (140, 141, 142)
    assert "FY20 ~~FY19~~ (as measured in this report)" in at(parsed, 43).title
    assert at(parsed, 92).title.endswith("Deliver new testing environment.")


def test_gitlab_first_quarter_nests_tabs_like_spaces() -> None:
    parsed = goals_of("okrs-gitlab", "fy20-q1.md")
    by_tabs, by_spaces = at(parsed, 82), at(parsed, 83)
    assert by_tabs.owner == by_spaces.owner == "Ops (Configure & Monitor)"
    assert by_tabs.parent_key == by_spaces.parent_key == at(parsed, 57).key
    assert parent_of(parsed, at(parsed, 60)).line == 59
    assert at(parsed, 60).depth == 4


def test_gitlab_first_quarter_reports_its_retrospective() -> None:
    parsed = goals_of("okrs-gitlab", "fy20-q1.md")
    assert min(line.line for line in parsed.unread) == 181
    assert max(goal.line for goal in parsed.goals) == 179
    assert all("retrospective" in line.reason for line in parsed.unread)
    # Lines 181 to 241 less ten blank ones.
    assert len(parsed.unread) == 51


def test_gitlab_third_quarter_reads_owners_outcomes_and_reports_the_iframe() -> None:
    parsed = goals_of("okrs-gitlab", "fy20-q3.md")
    assert parsed.cycle_hint == CycleHint("FY20-Q3", date(2019, 8, 1), date(2019, 10, 31))
    # 3 headings and 99 numbered items.
    assert len(parsed.goals) == 102
    assert [(goal.owner, goal.title) for goal in parsed.goals if goal.depth == 0] == [
        ("CEO", "IACV."), ("CEO", "Popular next generation product."), ("CEO", "Great team."),
    ]  # fmt: skip
    assert [(line.line, line.text[:7]) for line in parsed.unread] == [(27, "<iframe")]
    assert at(parsed, 19).progress_0_1 == pytest.approx((0.78,))
    assert at(parsed, 20).numbers == StatedNumbers(Decimal("96.64"), Decimal("99.95"), "%")
    assert at(parsed, 52).outcome_text == "120%"
    assert at(parsed, 47).owner == "Director of Product, Dev; Director of Product, Ops; Director of Product, CI/CD"
    assert at(parsed, 88).progress_0_1 == (1.0,)
    assert at(parsed, 114).title.endswith("issues/200#delivered")
    assert at(parsed, 74).owner == "CoST to the CEO"
    assert parent_of(parsed, at(parsed, 36)).line == 35
    # 21 items state "=> n%" (line 48 states three) and 15 end in "- n%".
    assert sum(goal.progress_0_1 is not None for goal in parsed.goals) == 21 + 15
