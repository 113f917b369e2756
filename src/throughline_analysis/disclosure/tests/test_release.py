"""The whole way: what is published keeps every promise, and attacks on it find nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from throughline_analysis.disclosure import (
    STANDARD_RULES,
    Comment,
    attack_integer,
    attack_linear,
    release_make,
    remainders,
    roster_from_counts,
    roster_of,
    survey_records,
)
from throughline_analysis.disclosure.attackers.organisations import team_organisation
from throughline_analysis.disclosure.attackers.system import incidence_matrix
from throughline_analysis.disclosure.attackers.weak_rules import WEAK_RULES, weak_release
from throughline_analysis.disclosure.cells import Places, atoms_of, memberships
from throughline_analysis.disclosure.supports import row_space, small_groups
from throughline_analysis.errors import InputError, NotEnoughData


def rng_of(*seed: int) -> np.random.Generator:
    return np.random.default_rng(list(seed))


@pytest.mark.parametrize("points", [2, 5])
@pytest.mark.parametrize("n_filters", [0, 1, 2])
def test_no_attack_on_a_release_finds_an_answer_or_a_small_group(points: int, n_filters: int) -> None:
    rng = rng_of(1, points, n_filters)
    records = team_organisation(rng, n_people=120, n_filters=n_filters, points=points, n_questions=2)
    release = release_make(records, rng=rng).release
    roster = roster_of(records)
    found = attack_integer(release, roster)
    assert found.n_certain == 0
    assert not found.is_one_sided.any()
    assert attack_linear(release, roster).small_groups == ()


@pytest.mark.parametrize("rule", list(WEAK_RULES))
def test_attacks_on_weak_rules_find_true_answers(rule: str) -> None:
    rng = rng_of(2)
    records = team_organisation(rng, n_people=150, n_filters=1, points=2, n_questions=3)
    release = weak_release(records, rule)
    found = attack_integer(release, roster_of(records))
    assert found.n_certain > 0
    assert (found.answer[found.is_certain] == records.answers[found.is_certain]).all()
    linear = attack_linear(release, roster_of(records))
    assert not (linear.is_certain & ~found.is_certain).any()


def test_most_of_the_units_that_plain_counting_shows_are_kept() -> None:
    kept = plain = 0
    for seed in range(6):
        rng = rng_of(3, seed)
        records = team_organisation(rng, n_filters=0)
        release = release_make(records, rng=rng).release
        kept += int(release.is_shown.sum())
        plain += int(weak_release(records, "W1").cells.is_tree.sum()) * records.n_questions
    assert kept >= 0.85 * plain


def test_every_published_group_and_remainder_has_five_people_or_none() -> None:
    rng = rng_of(4)
    records = team_organisation(rng, n_filters=2)
    cells = release_make(records, rng=rng).release.cells
    shown = np.zeros(records.tree.n_units, dtype=bool)
    shown[cells.unit[cells.is_tree]] = True
    rest = remainders(records.tree, np.bincount(records.unit, minlength=records.tree.n_units), shown)
    assert not ((rest > 0) & (rest < 5)).any()
    assert cells.n[cells.is_tree].min() >= 5
    filtered = ~cells.is_tree
    unit_n = records.tree.subtree_sum(np.bincount(records.unit, minlength=records.tree.n_units))
    assert filtered.any()
    assert cells.n[filtered].min() >= 10
    assert (unit_n[cells.unit[filtered]] - cells.n[filtered]).min() >= 10


def test_unanimous_answers_are_never_shown_as_unanimous() -> None:
    records = survey_records([-1, 0, 0], [1] * 25 + [2] * 25, answers=np.ones((50, 1), dtype=int), points=2)
    release = release_make(records, rng=rng_of(5)).release
    assert release.words(release.row_of(0), 0) == "95 % or more"
    assert attack_integer(release, roster_of(records)).n_certain == 0


def test_missing_answers_count_neither_in_values_nor_in_groups() -> None:
    answers = np.ones((40, 2))
    answers[:8, 1] = np.nan
    answers[20:38, 1] = np.nan
    records = survey_records([-1, 0, 0], [1] * 20 + [2] * 20, answers=answers, points=2)
    release = release_make(records, rng=rng_of(6)).release
    assert release.is_shown[release.row_of(1), 0]
    # Twelve of the first unit answered the second question, and two of the other: the unit would give those two away.
    assert not release.is_shown[release.row_of(1), 1]
    assert attack_integer(release, roster_of(records)).n_certain == 0


def test_a_question_hardly_anybody_answered_is_not_shown() -> None:
    answers = np.ones((12, 2))
    answers[4:, 1] = np.nan
    release = release_make(survey_records([-1], [0] * 12, answers=answers, points=2), rng=rng_of(7)).release
    assert release.is_shown[:, 1].sum() == 0


def test_five_ballots_are_enough_and_four_are_not() -> None:
    five = survey_records([-1], [0] * 5, answers=[[1]] * 5, points=2)
    assert release_make(five, rng=rng_of(8)).release.words(0, 0) == "upper third"
    four = survey_records([-1], [0] * 4, answers=[[1]] * 4, points=2)
    with pytest.raises(NotEnoughData, match="fewer than 5"):
        release_make(four, rng=rng_of(8))


def test_the_same_secret_gives_the_same_release_and_records_stay_as_they_were() -> None:
    records = team_organisation(rng_of(9), n_people=100)
    before = records.answers.copy()
    one, other = (release_make(records, rng=rng_of(10)).release for _ in range(2))
    assert np.array_equal(one.codes, other.codes)
    assert np.array_equal(before, records.answers)


def test_order_of_records_changes_nothing_that_is_published() -> None:
    records = team_organisation(rng_of(11), n_people=100, n_filters=0)
    turn = rng_of(12).permutation(records.n_people)
    turned = survey_records(
        records.tree.parents, records.unit[turn], answers=records.answers[turn], points=records.points
    )
    one, other = (release_make(r, rng=rng_of(13)).release for r in (records, turned))
    assert np.array_equal(one.codes, other.codes)
    assert np.array_equal(one.cells.n, other.cells.n)


def test_a_release_cannot_be_changed() -> None:
    release = release_make(team_organisation(rng_of(9), n_people=60), rng=rng_of(10)).release
    for array in (release.codes, release.points, release.parents, release.cells.n, release.cells.unit):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


@pytest.mark.parametrize(("name", "value", "n_people"), [("floor", 3, 3), ("band_below", 10, 10)])
def test_rules_under_which_the_whole_alone_says_too_much_hide_it(name: str, value: int, n_people: int) -> None:
    records = survey_records([-1], [0] * n_people, answers=[[0]] * n_people, points=2)
    release = release_make(records, rng=rng_of(21), rules=replace(STANDARD_RULES, **{name: value})).release
    assert not release.is_shown.any()


def test_decoys_leave_out_a_small_part_at_random() -> None:
    records = team_organisation(rng_of(14), n_filters=0, n_questions=60)
    outcome = release_make(records, rng=rng_of(15))
    possible = outcome.release.codes.size
    assert 0 < outcome.n_decoys < 0.02 * possible
    assert outcome.release.is_shown[outcome.release.row_of(records.tree.root)].all()


def test_comments_come_from_ten_people_on_and_in_alphabetical_order() -> None:
    comments = tuple(Comment(person, 0, text) for person, text in [(0, "zebra"), (3, "apple"), (12, "mango")])
    answers = np.arange(25)[:, None] % 2
    records = survey_records([-1, 0, 0], [1] * 9 + [2] * 16, answers=answers, points=2, comments=comments)
    shown = release_make(records, rng=rng_of(16)).release.comments
    # The unit of nine shows none, and neither does its sibling, or its nine would be known to have written the rest.
    assert [(one.unit, one.texts) for one in shown] == [(0, ("apple", "mango", "zebra"))]
    few = survey_records([-1], [0] * 9, answers=answers[:9], points=2, comments=comments[:1])
    assert release_make(few, rng=rng_of(16)).release.comments == ()


def test_a_second_hierarchy_is_shown_only_where_five_people_separate_it_from_the_first() -> None:
    units = np.repeat([1, 2], 20)
    answers = np.arange(40)[:, None] % 2
    apart = np.where(np.arange(40) % 2 == 0, 1, 2)
    close = np.array([1] * 18 + [2] * 22)
    shown = []
    for second in (apart, close):
        records = survey_records(
            [-1, 0, 0], units, answers=answers, points=2, second_parents=[-1, 0, 0], second_units=second
        )
        release = release_make(records, rng=rng_of(17)).release
        shown.append(int((release.cells.hierarchy == 1).sum()))
        assert attack_linear(release, roster_of(records)).small_groups == ()
        assert attack_integer(release, roster_of(records)).n_certain == 0
    assert shown[0] > 0
    assert shown[1] < 3


def test_without_a_roster_an_attack_uses_the_counts_of_the_tree() -> None:
    rng = rng_of(18)
    records = team_organisation(rng, n_people=80, n_filters=0, n_questions=3)
    release = release_make(records, rng=rng).release
    assert len(roster_from_counts(release).keys) == records.n_people
    assert attack_integer(release).n_certain == 0
    assert attack_integer(weak_release(records, "W1")).n_certain > 0


def test_rules_that_contradict_themselves_are_refused() -> None:
    with pytest.raises(InputError, match="single people"):
        type(STANDARD_RULES)(floor=1)


def test_groups_of_those_who_answered_have_no_small_remainders_either() -> None:
    for seed in range(3):
        rng = rng_of(19, seed)
        full = team_organisation(rng, n_people=200, n_filters=2, n_questions=2)
        answers = np.where(rng.random(full.answers.shape) < [0.0, 0.3], np.nan, full.answers)
        second = rng.integers(0, 3, full.n_people)
        records = survey_records(
            full.tree.parents,
            full.unit,
            answers=answers,
            points=2,
            attributes=full.attributes,
            second_parents=[1, -1, 1] if seed == 2 else None,
            second_units=second if seed == 2 else None,
        )
        release = release_make(records, rng=rng).release
        places = Places(records.tree, records.unit, records.attributes, records.second_tree, records.second_unit)
        slots = memberships(release.cells, places)
        for question in range(2):
            answered = slots[records.answers[:, question] >= 0]
            cells = np.flatnonzero(release.is_shown[:, question])
            kept = np.where(np.isin(answered, cells), answered, -1)
            atoms = atoms_of(np.ascontiguousarray(kept))
            rows = incidence_matrix(atoms, release.cells.n_cells).toarray()[cells]
            basis = row_space(rows)
            people = np.bincount(atoms.of_person)
            assert small_groups(basis, people, most=4) == []
        assert attack_integer(release, roster_of(records)).n_certain == 0


@pytest.mark.parametrize(
    ("name", "values"), [("band_below", (10, 20, 40)), ("filter_floor", (5, 10, 20)), ("comment_floor", (5, 10, 20))]
)
def test_half_a_limit_shows_more_and_double_shows_less(name: str, values: tuple[int, int, int]) -> None:
    records = survey_records(
        [-1, 0, 0, 0],
        np.repeat([1, 2, 3], [8, 15, 27]),
        answers=np.arange(50)[:, None] % 2,
        points=2,
        attributes=np.where(np.arange(50) % 3 == 0, 0, 1)[:, None],
        comments=tuple(Comment(person, 0, f"text {person}") for person in range(50)),
    )
    shown = []
    for value in values:
        rules = replace(STANDARD_RULES, decoy_share_0_1=0.0, **{name: value})
        release = release_make(records, rng=rng_of(20), rules=rules).release
        if name == "band_below":
            shown.append(int((release.codes > 2).sum()))
        else:
            shown.append(len(release.comments) if name == "comment_floor" else int((~release.cells.is_tree).sum()))
    assert shown[0] >= shown[1] >= shown[2]
    assert shown[0] > shown[2]
