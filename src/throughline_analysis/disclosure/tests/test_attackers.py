"""The attackers themselves: they find exactly what brute force finds."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from throughline_analysis.disclosure import (
    STANDARD_RULES,
    Release,
    ShownComments,
    SurveyRecords,
    attack_integer,
    attack_linear,
    attack_ordering,
    attack_temporal,
    release_make,
    roster_of,
    survey_records,
)
from throughline_analysis.disclosure.attackers.organisations import team_organisation
from throughline_analysis.disclosure.attackers.weak_rules import WEAK_RULES, weak_release
from throughline_analysis.disclosure.cells import Places, memberships
from throughline_analysis.errors import InputError, NotEnoughData


def cells_of_people(release: Release, records: SurveyRecords) -> list[set[int]]:
    slots = memberships(release.cells, Places(records.tree, records.unit, records.attributes))
    return [set(np.flatnonzero((slots == cell).any(axis=1)).tolist()) for cell in range(release.cells.n_cells)]


def every_way(release: Release, records: SurveyRecords) -> np.ndarray:
    """Every way of filling in one question that agrees with the release, by trying all of them."""
    points, n = int(records.points[0]), records.n_people
    ways = np.array(list(product(range(points), repeat=n)))
    limits = release.limits()
    for cell, people in enumerate(cells_of_people(release, records)):
        if release.is_shown[cell, 0]:
            sums = ways[:, sorted(people)].sum(axis=1)
            ways = ways[(sums >= limits.low[cell, 0]) & (sums <= limits.high[cell, 0])]
    return ways


def small_records(seed: int, points: int, n_people: int) -> SurveyRecords:
    rng = np.random.default_rng(seed)
    units = np.sort(rng.integers(1, 4, n_people))
    answers = rng.binomial(points - 1, rng.choice([0.1, 0.5, 0.9]), (n_people, 1))
    attributes = rng.integers(0, 2, (n_people, 1))
    return survey_records([-1, 0, 0, 0], units, answers=answers, points=points, attributes=attributes)


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.sampled_from(["W1", "W2", "W3", "W4", "ours"]), st.sampled_from([(2, 11), (3, 8)]))
def test_the_integer_attack_finds_what_trying_every_way_finds(seed: int, rule: str, size: tuple[int, int]) -> None:
    records = small_records(seed, *size)
    made = release_make(records, rng=np.random.default_rng(seed)).release
    release = made if rule == "ours" else weak_release(records, rule)
    ways = every_way(release, records)
    found = attack_integer(release, roster_of(records))
    assert ((ways == ways[0]).all(axis=0) == found.is_certain[:, 0]).all()
    highest = int(records.points[0]) - 1
    one_sided = (ways.max(axis=0) < highest) | (ways.min(axis=0) > 0)
    assert (one_sided == found.is_one_sided[:, 0]).all()


@settings(max_examples=30)
@given(st.integers(0, 10_000), st.sampled_from(["W1", "W3"]))
def test_the_linear_attack_finds_small_groups_that_really_add_up(seed: int, rule: str) -> None:
    records = small_records(seed, 2, 14)
    release = weak_release(records, rule)
    rows = np.array(
        [[person in people for person in range(records.n_people)] for people in cells_of_people(release, records)],
        dtype=float,
    )
    for group in attack_linear(release, roster_of(records)).small_groups:
        assert 1 <= len(group) <= 4
        # Some signs on the members give a vector that the rows span.
        wanted = np.array(list(product([1.0, -1.0], repeat=len(group))))
        vectors = np.zeros((len(wanted), records.n_people))
        vectors[:, list(group)] = wanted
        coefficients = np.linalg.lstsq(rows.T, vectors.T, rcond=None)[0]
        errors = np.abs(rows.T @ coefficients - vectors.T).max(axis=0)
        assert errors.min() < 1e-9


def test_a_small_team_follows_by_subtraction_under_the_plain_rule() -> None:
    records = survey_records([-1, 0, 0], [1] * 7 + [2] * 2, answers=[[0]] * 7 + [[1]] * 2, points=2)
    release = weak_release(records, "W1")
    found = attack_linear(release, roster_of(records))
    assert found.small_groups == ((7, 8),)
    assert found.is_certain[:, 0].all()


def test_late_ballots_give_answers_away_under_the_plain_rule_and_are_held_back_by_ours() -> None:
    rng = np.random.default_rng(5)
    records = team_organisation(rng, n_people=60, n_filters=0, n_questions=2)
    early = survey_records(records.tree.parents, records.unit[:-3], answers=records.answers[:-3], points=2)
    rosters = [roster_of(early), roster_of(records)]
    plain = attack_temporal([weak_release(one, "W1") for one in (early, records)], rosters)
    assert plain.linear.small_groups
    assert plain.integer.n_certain > 0
    first = release_make(early, rng=rng)
    with pytest.raises(NotEnoughData, match="difference to an earlier release"):
        release_make(records, rng=rng, earlier=[first.ledger])


@pytest.mark.parametrize("seed", range(4))
def test_a_reorganised_tree_over_the_same_ballots_gives_nothing_away(seed: int) -> None:
    rng = np.random.default_rng([6, seed])
    records = team_organisation(rng, n_people=80, n_filters=0, n_questions=2)
    moved = np.array(records.unit)
    movers = rng.choice(records.n_people, 6, replace=False)
    moved[movers] = rng.permutation(moved[movers])
    later = survey_records(records.tree.parents, moved, answers=records.answers, points=2)
    rosters = [roster_of(records), roster_of(later)]
    first = release_make(records, rng=rng)
    second = release_make(later, rng=rng, earlier=[first.ledger])
    found = attack_temporal([first.release, second.release], rosters)
    assert found.linear.small_groups == ()
    assert found.integer.n_certain == 0
    assert not found.integer.is_one_sided.any()
    # Without the ledger of the first release the second one would not know.
    careless = attack_temporal([weak_release(one, "W1") for one in (records, later)], rosters)
    assert careless.integer.n_certain > 0


def test_hiding_the_next_smallest_pins_the_size_of_a_small_team() -> None:
    records = survey_records([-1, 0, 0, 0], [1] * 4 + [2] * 5 + [3] * 5, answers=[[1]] * 14, points=2)
    found = attack_ordering(weak_release(records, "W4"))
    assert [one.n for one in found.pinned] == [4]
    # Our rule hides the same units. What keeps it from saying so is that any unit may be missing by chance.
    rules = replace(STANDARD_RULES, decoy_share_0_1=0.0)
    certain = release_make(records, rng=np.random.default_rng(1), rules=rules).release
    assert [one.n for one in attack_ordering(certain).pinned] == [4]
    ours = release_make(records, rng=np.random.default_rng(1)).release
    assert ours.cells.unit.tolist() == certain.cells.unit.tolist()
    assert attack_ordering(ours).n_certain == 0


def test_rows_by_answer_and_comments_by_arrival_are_noticed() -> None:
    records = team_organisation(np.random.default_rng(7), n_people=60, n_filters=0)
    release = release_make(records, rng=np.random.default_rng(8)).release
    assert attack_ordering(release).n_certain == 0
    by_value = np.argsort(-release.codes[:, 0], kind="stable")
    cells = release.cells
    turned = replace(
        release,
        cells=replace(
            cells, **{name: getattr(cells, name)[by_value] for name in ("hierarchy", "unit", "attribute", "value", "n")}
        ),
        codes=release.codes[by_value],
        comments=(ShownComments(0, 0, ("second", "first")),),
    )
    found = attack_ordering(turned)
    assert found.unordered_cells > 0
    assert found.unordered_comments == (0,)


@pytest.mark.parametrize("rule", list(WEAK_RULES))
def test_weak_rules_print_true_sums(rule: str) -> None:
    records = team_organisation(np.random.default_rng(9), n_people=60, n_filters=1)
    release = weak_release(records, rule)
    for cell, people in enumerate(cells_of_people(release, records)):
        assert release.codes[cell].tolist() == records.answers[sorted(people)].sum(axis=0, dtype=int).tolist()
        assert release.cells.n[cell] == len(people) >= 5


def test_who_took_part_may_know_others_for_certain_which_the_promise_does_not_exclude() -> None:
    records = survey_records([-1], [0] * 5, answers=[[1], [0], [0], [0], [0]], points=2)
    release = release_make(records, rng=np.random.default_rng(1)).release
    assert release.words(0, 0) == "lower third"
    assert attack_integer(release, roster_of(records)).n_certain == 0
    insider = attack_integer(release, roster_of(records, knows=[0]))
    assert insider.is_certain[:, 0].tolist() == [False, True, True, True, True]
    assert insider.answer[1:, 0].tolist() == [0] * 4
    # Somebody who said no cannot tell the one yes from none.
    assert attack_integer(release, roster_of(records, knows=[1])).n_certain == 0


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.sampled_from(["W1", "ours"]))
def test_known_answers_are_taken_off_as_trying_every_way_does(seed: int, rule: str) -> None:
    records = small_records(seed, 2, 11)
    made = release_make(records, rng=np.random.default_rng(seed)).release
    release = made if rule == "ours" else weak_release(records, rule)
    ways = every_way(release, records)
    ways = ways[(ways[:, [0, 3]] == records.answers[[0, 3], 0]).all(axis=1)]
    expected = (ways == ways[0]).all(axis=0)
    expected[[0, 3]] = False
    assert attack_integer(release, roster_of(records, knows=[0, 3])).is_certain[:, 0].tolist() == expected.tolist()


def test_weak_rules_refuse_what_they_do_not_know() -> None:
    records = survey_records([-1], [0] * 6, answers=[[1], [0]] * 3, points=2)
    with pytest.raises(InputError, match="no weak rule W9"):
        weak_release(records, "W9")
    missing = survey_records([-1], [0] * 6, answers=[[1], [float("nan")]] * 3, points=2)
    with pytest.raises(InputError, match="neither missing answers"):
        weak_release(missing, "W1")
    with pytest.raises(InputError, match="a row outside"):
        roster_of(records, knows=[6])
    with pytest.raises(InputError, match="a column outside"):
        attack_integer(weak_release(records, "W1"), questions=[1])


def test_a_roster_of_other_people_is_refused() -> None:
    records = team_organisation(np.random.default_rng(10), n_people=60, n_filters=0)
    other = team_organisation(np.random.default_rng(11), n_people=60, n_filters=0)
    release = release_make(records, rng=np.random.default_rng(12)).release
    with pytest.raises(InputError, match="do not belong together"):
        attack_integer(release, roster_of(other))
