"""Matchings: published examples, brute force, another package, and the theorems of the field."""

import itertools

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from throughline_analysis import InputError
from throughline_analysis.matching import (
    Matching,
    MentoringWishes,
    Reason,
    blocking_pairs,
    cost_of_granting,
    explain_match,
    match_best_total,
    match_most_pairs,
    match_stable,
    match_stable_best_total,
    match_stable_for_mentors,
    mentoring_wishes,
)

# Sums of a handful of values up to three.
ROUNDING = 1e-9
EVERY_RULE = (match_best_total, match_most_pairs, match_stable, match_stable_for_mentors, match_stable_best_total)


@st.composite
def small_wishes(draw: st.DrawFn) -> MentoringWishes:
    n_learners, n_mentors = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    mentors = draw(st.lists(st.permutations(range(n_mentors)), min_size=n_learners, max_size=n_learners))
    learners = draw(st.lists(st.permutations(range(n_learners)), min_size=n_mentors, max_size=n_mentors))
    cut = st.integers(0, 4)
    must_not = draw(st.lists(st.tuples(st.integers(0, n_learners - 1), st.integers(0, n_mentors - 1)), max_size=2))
    fit = draw(st.lists(st.integers(0, 4), min_size=n_learners * n_mentors, max_size=n_learners * n_mentors))
    return mentoring_wishes(
        [named[: draw(cut)] for named in mentors],
        [named[: draw(cut)] for named in learners],
        capacities=draw(st.lists(st.integers(0, 2), min_size=n_mentors, max_size=n_mentors)),
        must_not=must_not,
        fit=np.array(fit).reshape(n_learners, n_mentors) / 4,
    )


def every_matching(wishes: MentoringWishes) -> list[Matching]:
    choices = [[-1, *np.flatnonzero(wishes.allowed[row]).tolist()] for row in range(wishes.n_learners)]
    found = []
    for mentor_of in itertools.product(*choices):
        counts = np.bincount([mentor for mentor in mentor_of if mentor >= 0], minlength=wishes.n_mentors)
        if (counts <= wishes.capacities).all():
            total = sum(wishes.value[row, mentor] for row, mentor in enumerate(mentor_of) if mentor >= 0)
            found.append(Matching(mentor_of=np.array(mentor_of), total=float(total), method="all"))
    return found


def is_blocking(wishes: MentoringWishes, matching: Matching, learner: int, mentor: int) -> bool:
    """The definition, word for word."""
    if not wishes.allowed[learner, mentor] or matching.mentor_of[learner] == mentor:
        return False
    ranks, current = wishes.learner_ranks[learner], matching.mentor_of[learner]
    if current >= 0 and ranks[current] < ranks[mentor]:
        return False
    held = [row for row in range(wishes.n_learners) if matching.mentor_of[row] == mentor]
    if len(held) < wishes.capacities[mentor]:
        return True
    mine = wishes.mentor_ranks[learner, mentor]
    return any(wishes.mentor_ranks[row, mentor] > mine for row in held)


@settings(max_examples=50)
@given(small_wishes())
def test_no_matching_has_a_higher_total(wishes: MentoringWishes) -> None:
    best = max(other.total for other in every_matching(wishes))
    assert match_best_total(wishes).total == pytest.approx(best, abs=ROUNDING)


@settings(max_examples=50)
@given(small_wishes())
def test_no_matching_has_more_pairs_and_none_with_as_many_a_higher_total(wishes: MentoringWishes) -> None:
    found = match_most_pairs(wishes)
    best = max((other.n_pairs, round(other.total, 9)) for other in every_matching(wishes))
    assert (found.n_pairs, round(found.total, 9)) == best


@settings(max_examples=50)
@given(small_wishes())
def test_blocking_pairs_are_those_of_the_definition(wishes: MentoringWishes) -> None:
    for matching in every_matching(wishes)[:40]:
        pairs = itertools.product(range(wishes.n_learners), range(wishes.n_mentors))
        assert blocking_pairs(wishes, matching) == [pair for pair in pairs if is_blocking(wishes, matching, *pair)]


@settings(max_examples=50)
@given(small_wishes())
def test_a_stable_matching_has_no_blocking_pair_and_is_best_for_every_learner(wishes: MentoringWishes) -> None:
    for_learners, for_mentors = match_stable(wishes), match_stable_for_mentors(wishes)
    assert blocking_pairs(wishes, for_learners) == blocking_pairs(wishes, for_mentors) == []
    stable = [other for other in every_matching(wishes) if not blocking_pairs(wishes, other)]
    for learner in range(wishes.n_learners):
        ranks = [
            wishes.learner_ranks[learner, one.mentor_of[learner]] if one.mentor_of[learner] >= 0 else np.inf
            for one in (for_learners, for_mentors, *stable)
        ]
        assert ranks[0] == min(ranks)
        assert ranks[1] == max(ranks)


@settings(max_examples=50)
@given(small_wishes())
def test_every_stable_matching_has_the_same_learners_and_fills_the_same_places(wishes: MentoringWishes) -> None:
    # The rural hospitals theorem, Roth (1986), doi:10.2307/1913160.
    one = match_stable(wishes)
    for other in every_matching(wishes):
        if not blocking_pairs(wishes, other):
            assert np.array_equal(other.mentor_of >= 0, one.mentor_of >= 0)
            assert [len(other.learners_of(m)) for m in range(wishes.n_mentors)] == [
                len(one.learners_of(m)) for m in range(wishes.n_mentors)
            ]


@settings(max_examples=50)
@given(small_wishes())
def test_no_stable_matching_has_a_higher_total(wishes: MentoringWishes) -> None:
    found = match_stable_best_total(wishes)
    assert blocking_pairs(wishes, found) == []
    best = max(other.total for other in every_matching(wishes) if not blocking_pairs(wishes, other))
    assert found.total == pytest.approx(best, abs=ROUNDING)


def test_the_stable_matching_with_the_highest_total_lies_between_both_ends() -> None:
    rng = np.random.default_rng(7)
    wishes = mentoring_wishes(
        [rng.permutation(20).tolist() for _ in range(40)],
        [rng.permutation(40).tolist() for _ in range(20)],
        capacities=[2] * 20,
        fit=rng.random((40, 20)),
    )
    found, one, other = (match(wishes) for match in (match_stable_best_total, match_stable, match_stable_for_mentors))
    rows = np.arange(40)
    ranks = [wishes.learner_ranks[rows, matching.mentor_of] for matching in (one, found, other)]
    assert (ranks[0] <= ranks[1]).all()
    assert (ranks[1] <= ranks[2]).all()
    assert max(one.total, other.total) < found.total < match_best_total(wishes).total


def test_more_wishes_than_fit_into_memory_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("throughline_analysis.matching.stable_total.MOST_ENTRIES", 1)
    with pytest.raises(InputError, match="too many wishes"):
        match_stable_best_total(mentoring_wishes([[0]], [[0]], capacities=[1]))


@settings(max_examples=25)
@given(small_wishes(), st.integers(0, 3))
def test_no_learner_gains_by_other_wishes_than_the_true_ones(wishes: MentoringWishes, chosen: int) -> None:
    # Roth (1982), doi:10.1287/moor.7.4.617.
    learner = chosen % wishes.n_learners
    true = match_stable(wishes).mentor_of[learner]
    ranks = wishes.learner_ranks[learner]
    own = ranks[true] if true >= 0 else np.inf
    for size in range(wishes.n_mentors + 1):
        for told in itertools.permutations(range(wishes.n_mentors), size):
            lied = match_stable(with_wishes(wishes, learner, told)).mentor_of[learner]
            assert lied < 0 or not wishes.allowed[learner, lied] or ranks[lied] >= own


def with_wishes(wishes: MentoringWishes, learner: int, told: tuple[int, ...]) -> MentoringWishes:
    def listed(ranks: np.ndarray) -> list[int]:
        return [int(other) for other in np.argsort(ranks, kind="stable") if ranks[other] < np.iinfo(np.int64).max]

    lists = [listed(ranks) for ranks in wishes.learner_ranks]
    lists[learner] = list(told)
    both = (wishes.learner_ranks < np.iinfo(np.int64).max) & (wishes.mentor_ranks < np.iinfo(np.int64).max)
    forbidden = np.argwhere(both & ~wishes.allowed)
    return mentoring_wishes(
        lists,
        [listed(ranks) for ranks in wishes.mentor_ranks.T],
        capacities=wishes.capacities,
        must_not=[(int(one), int(other)) for one, other in forbidden],
        fit=wishes.fit,
    )


def test_a_published_example_of_gale_and_shapley_has_its_matching() -> None:
    # Gale and Shapley (1962), example 2: the four-by-four ranking matrix with a single stable set.
    men = [[0, 1, 2, 3], [0, 3, 2, 1], [1, 0, 2, 3], [3, 1, 2, 0]]
    women = [[3, 2, 0, 1], [1, 3, 0, 2], [3, 0, 1, 2], [2, 1, 0, 3]]
    wishes = mentoring_wishes(men, women, capacities=[1, 1, 1, 1])
    assert match_stable(wishes).mentor_of.tolist() == [2, 3, 0, 1]
    assert match_stable_for_mentors(wishes).mentor_of.tolist() == [2, 3, 0, 1]
    stable = [other for other in every_matching(wishes) if not blocking_pairs(wishes, other)]
    assert len(stable) == 1


def test_the_example_of_three_couples_has_both_ends_of_its_stable_matchings() -> None:
    # Gale and Shapley (1962), example 1: every man's first choice is stable, and so is every woman's.
    wishes = mentoring_wishes(
        [[0, 1, 2], [1, 2, 0], [2, 0, 1]], [[1, 2, 0], [2, 0, 1], [0, 1, 2]], capacities=[1, 1, 1]
    )
    assert match_stable(wishes).mentor_of.tolist() == [0, 1, 2]
    assert match_stable_for_mentors(wishes).mentor_of.tolist() == [2, 0, 1]
    stable = [other.mentor_of.tolist() for other in every_matching(wishes) if not blocking_pairs(wishes, other)]
    assert sorted(stable) == [[0, 1, 2], [1, 2, 0], [2, 0, 1]]


@pytest.mark.parametrize("seed", range(5))
def test_another_package_finds_the_same_highest_total(seed: int) -> None:
    rng = np.random.default_rng(seed)
    wishes = mentoring_wishes(
        [rng.permutation(8)[:5].tolist() for _ in range(20)],
        [rng.permutation(20)[:12].tolist() for _ in range(8)],
        capacities=rng.integers(0, 4, 8),
        fit=rng.random((20, 8)),
    )
    graph = nx.Graph()
    for learner, mentor in np.argwhere(wishes.allowed):
        for place in range(wishes.capacities[mentor]):
            graph.add_edge(("learner", learner), ("mentor", mentor, place), weight=wishes.value[learner, mentor])
    pairs = nx.max_weight_matching(graph)
    expected = sum(graph.edges[pair]["weight"] for pair in pairs)
    assert match_best_total(wishes).total == pytest.approx(expected, abs=ROUNDING)


@settings(max_examples=50)
@given(small_wishes())
def test_the_price_of_a_wish_is_what_the_best_matching_with_it_lacks(wishes: MentoringWishes) -> None:
    everything = every_matching(wishes)
    best = max(other.total for other in everything)
    for learner, mentor in np.argwhere(wishes.allowed & (wishes.capacities > 0)):
        with_it = max(other.total for other in everything if other.mentor_of[learner] == mentor)
        assert cost_of_granting(wishes, learner, mentor) == pytest.approx(best - with_it, abs=ROUNDING)


@settings(max_examples=50)
@given(small_wishes())
def test_explanations_are_true(wishes: MentoringWishes) -> None:
    for matching in (match_best_total(wishes), match_stable(wishes)):
        blocking = blocking_pairs(wishes, matching)
        value = 0.0
        for learner in range(wishes.n_learners):
            told = explain_match(wishes, matching, learner)
            value += told.value
            ranks = [passed.learner_rank for passed in told.passed]
            assert ranks == sorted(ranks)
            assert told.learner_rank is None or all(rank < told.learner_rank for rank in ranks)
            for passed in told.passed:
                is_open = (learner, passed.mentor) in blocking
                assert is_open == (passed.reason is Reason.SERVES_TOTAL)
                assert (passed.cost is None) == (
                    passed.reason in set(Reason) - {Reason.SERVES_TOTAL, Reason.PREFERRED_OTHERS}
                )
        assert value == pytest.approx(matching.total, abs=ROUNDING)


def test_known_good_pairs_are_recovered_from_noisy_fit() -> None:
    rng = np.random.default_rng(12)
    truth = rng.permutation(30)
    fit = np.clip(0.4 * np.eye(30)[truth] + rng.uniform(0, 0.5, (30, 30)), 0, 1)
    everybody = [list(range(30))] * 30
    # Equal lists on both sides say nothing about the pairs, so the fit decides.
    ranks_free = mentoring_wishes(everybody, everybody, capacities=[1] * 30, fit=fit)
    free = match_best_total(ranks_free).mentor_of
    assert (free == truth).mean() > 0.5
    told = [[int(truth[learner])] for learner in range(30)]
    assert np.array_equal(
        match_best_total(mentoring_wishes(told, everybody, capacities=[1] * 30, fit=fit)).mentor_of, truth
    )


@pytest.mark.parametrize("fall", [0.4, 0.8, 0.9])
def test_half_and_double_the_fall_of_wishes_keep_first_wishes_that_do_not_clash(
    fall: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    # 0.8 falls by 0.2 a place; 0.9 by half as much, 0.6 or less by double and more.
    monkeypatch.setattr("throughline_analysis.matching.problem.RANK_FALL", fall)
    wishes = mentoring_wishes([[0, 1, 2], [1, 0, 2], [2, 0, 1]], [[0, 1, 2], [1, 0, 2], [2, 1, 0]], capacities=[1] * 3)
    assert match_best_total(wishes).mentor_of.tolist() == [0, 1, 2]


def test_pairs_that_must_not_be_never_are() -> None:
    wishes = mentoring_wishes([[0], [0]], [[0, 1]], capacities=[2], must_not=[(0, 0)])
    for match in EVERY_RULE:
        assert match(wishes).mentor_of.tolist() == [-1, 0]
    assert explain_match(wishes, match_stable(wishes), 0).passed[0].reason is Reason.FORBIDDEN


def test_reasons_tell_who_was_not_wished_and_who_takes_nobody() -> None:
    wishes = mentoring_wishes([[0, 1, 2]], [[], [0], [0]], capacities=[1, 0, 1])
    told = explain_match(wishes, match_stable(wishes), 0)
    assert (told.mentor, told.learner_rank, told.mentor_rank) == (2, 3, 1)
    assert [passed.reason for passed in told.passed] == [Reason.NOT_WISHED_BACK, Reason.NO_PLACES]


def test_the_smallest_wishes_have_a_matching() -> None:
    nobody = mentoring_wishes([], [], capacities=[])
    for match in EVERY_RULE:
        assert match(nobody).n_pairs == 0
        assert match(mentoring_wishes([[]], [[]], capacities=[1])).mentor_of.tolist() == [-1]
        assert match(mentoring_wishes([[0]], [[0]], capacities=[1])).mentor_of.tolist() == [0]
    assert blocking_pairs(nobody, match_stable(nobody)) == []


def test_inputs_stay_as_they_were_and_the_wishes_are_sealed() -> None:
    lists, places, fit = [[0]], np.array([1]), np.array([[0.5]])
    wishes = mentoring_wishes(lists, [[0]], capacities=places, fit=fit)
    match_best_total(wishes)
    match_stable(wishes)
    assert lists == [[0]]
    assert places.tolist() == [1]
    assert fit.tolist() == [[0.5]]
    with pytest.raises(ValueError, match="read-only"):
        wishes.fit[0, 0] = 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"learner_wishes": [[1]]}, "wishes for mentor 1"),
        ({"learner_wishes": [[0, 0]]}, "twice"),
        ({"learner_wishes": [[0.5]]}, "whole numbers"),
        ({"must_not": [(0, 0.5)]}, "out of range"),
        ({"mentor_wishes": [[-1]]}, "wishes for learner -1"),
        ({"capacities": [1, 2]}, "one per mentor"),
        ({"capacities": [0.5]}, "whole numbers"),
        ({"capacities": [-1]}, "below zero"),
        ({"must_not": [(0, 1)]}, "out of range"),
        ({"fit": [[2.0]]}, "between 0 and 1"),
        ({"fit": [[0.1, 0.2]]}, "shape"),
        ({"fit": [[float("nan")]]}, "between 0 and 1"),
    ],
)
def test_wrong_input_is_refused_with_a_sentence(arguments: dict[str, object], message: str) -> None:
    given = {"learner_wishes": [[0]], "mentor_wishes": [[0]], "capacities": [1], **arguments}
    with pytest.raises(InputError, match=message):
        mentoring_wishes(**given)


def test_a_matching_of_other_wishes_is_refused() -> None:
    wishes = mentoring_wishes([[0], [0]], [[0, 1]], capacities=[1])
    with pytest.raises(InputError, match="1 learners"):
        blocking_pairs(wishes, Matching(mentor_of=np.array([0]), total=0, method=""))
    with pytest.raises(InputError, match="more learners than places"):
        blocking_pairs(wishes, Matching(mentor_of=np.array([0, 0]), total=0, method=""))
    with pytest.raises(InputError, match="not allowed"):
        blocking_pairs(wishes, Matching(mentor_of=np.array([1, -1]), total=0, method=""))
    with pytest.raises(InputError, match="whole numbers"):
        blocking_pairs(wishes, Matching(mentor_of=np.array([0.0, -1.0]), total=0, method=""))
    with pytest.raises(InputError, match="no learner 2"):
        explain_match(wishes, match_stable(wishes), 2)
    with pytest.raises(InputError, match="no pair"):
        cost_of_granting(wishes, 0, 5)
