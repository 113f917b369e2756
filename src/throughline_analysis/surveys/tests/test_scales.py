"""Scores: worked by hand, against another implementation, properties, real data and a known answer."""

import csv
import random
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import ArrayLike

from throughline_analysis import InputError, NotEnoughData
from throughline_analysis.surveys import scales, score_scale
from throughline_analysis.surveys.tests.published import FEVS

NAN = float("nan")
tables = arrays.arrays(
    np.float64,
    arrays.array_shapes(min_dims=2, max_dims=2, max_side=6),
    elements=st.sampled_from([1.0, 2.0, 3.0, 4.0, 5.0, NAN]),
)


def test_engagement_index_as_the_civil_service_defines_it() -> None:
    # Strongly agree 100 %, agree 75, neither 50, disagree 25, strongly disagree 0; the mean of five items.
    result = score_scale([[5, 4, 3, 4, 5]], lowest=1, highest=5)
    assert result.index_0_1.tolist() == [0.8]
    assert result.scores.tolist() == [4.2]


def test_the_published_index_of_real_agencies_is_the_mean_of_its_three_parts() -> None:
    if not FEVS.exists():
        pytest.skip("needs people-survey-fevs in ../shared/data")
    with FEVS.open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    parts = ["Leaders Lead", "Supervisors", "Intrinsic Work Experience"]
    table = np.array([[float(row[f"Employee Engagement: {part}_2015"] or "nan") for part in parts] for row in rows])
    index = np.array([float(row["Employee Engagement: Overall_2015"] or "nan") for row in rows])
    result = score_scale(table, lowest=0, highest=1, least_answered_share=1.0)
    assert result.n_scored > 40
    # All four figures are printed with two digits.
    assert np.nanmax(np.abs(result.scores - index)) <= 0.0101


@given(tables)
def test_scores_equal_the_row_means_of_pandas_where_enough_is_answered(table: np.ndarray) -> None:
    expected = pd.DataFrame(table).mean(axis=1).to_numpy()
    enough = (~np.isnan(table)).mean(axis=1) >= 0.5
    if not enough.any():
        return
    result = score_scale(table, lowest=1, highest=5)
    assert np.array_equal(result.is_scored, enough)
    assert result.scores[enough] == pytest.approx(expected[enough], abs=1e-12)
    assert np.isnan(result.scores[~enough]).all()


@given(tables)
def test_reversing_every_item_mirrors_every_score(table: np.ndarray) -> None:
    if np.isnan(table).all(axis=1).all() or ((~np.isnan(table)).mean(axis=1) < 0.5).all():
        return
    plain = score_scale(table, lowest=1, highest=5)
    mirrored = score_scale(table, lowest=1, highest=5, reversed_items=range(table.shape[1]))
    assert np.allclose(mirrored.scores, 6 - plain.scores, equal_nan=True, atol=1e-12)
    assert np.allclose(mirrored.index_0_1, 1 - plain.index_0_1, equal_nan=True, atol=1e-12)


@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_people_does_not_matter(table: np.ndarray, shuffle: random.Random) -> None:
    if ((~np.isnan(table)).mean(axis=1) < 0.5).all():
        return
    order = list(range(len(table)))
    shuffle.shuffle(order)
    plain, moved = (score_scale(part, lowest=1, highest=5) for part in (table, table[order]))
    assert np.array_equal(moved.scores, plain.scores[order], equal_nan=True)


@pytest.mark.parametrize(
    ("share", "scored"), [(0.25, [True] * 4), (0.5, [True] * 3 + [False]), (1.0, [True] + [False] * 3)]
)
def test_half_and_double_the_share_that_must_be_answered(share: float, scored: list[bool]) -> None:
    answers = [[3, 3, 3, 3], [3, 3, 3, NAN], [3, 3, NAN, NAN], [3, NAN, NAN, NAN]]
    assert scales.LEAST_ANSWERED_SHARE == 0.5
    result = score_scale(answers, lowest=1, highest=5, least_answered_share=share)
    assert result.is_scored.tolist() == scored
    assert result.n_left_out == 4 - sum(scored)


def test_three_of_five_items_are_enough_for_a_share_of_six_tenths() -> None:
    assert score_scale([[1, 2, 3, NAN, NAN]], lowest=1, highest=5, least_answered_share=0.6).scores.tolist() == [2.0]


def test_scores_recover_people_when_items_are_left_out_at_random() -> None:
    rng = np.random.default_rng(4)
    true = rng.uniform(2, 4, 2000)
    table = np.clip(true[:, None] + rng.normal(size=(2000, 10)) * 0.5, 1, 5)
    table[rng.random(table.shape) < 0.2] = NAN
    result = score_scale(table, lowest=1, highest=5)
    # Noise of 0.5 over about eight items: 0.18 a person, 0.004 for the mean of 2,000.
    assert np.nanmean(result.scores - true) == pytest.approx(0.0, abs=0.02)
    assert np.nanstd(result.scores - true) == pytest.approx(0.18, abs=0.03)


def test_item_means_show_an_item_that_is_answered_lower() -> None:
    result = score_scale([[5, 1], [5, NAN], [4, 2]], lowest=1, highest=5)
    assert result.item_means.tolist() == [14 / 3, 1.5]


def test_the_smallest_legal_input_and_unchanged_input() -> None:
    answers = np.array([[2.0]])
    assert score_scale(answers, lowest=1, highest=5, reversed_items=[0]).scores.tolist() == [4.0]
    assert answers.tolist() == [[2.0]]


@pytest.mark.parametrize(
    ("answers", "options", "words"),
    [
        ([1, 2], {}, "table of people by items"),
        ([[0, 2]], {}, "outside the scale"),
        ([[np.inf, 2]], {}, "infinite"),
        ([[1, 2]], {"reversed_items": [2]}, "from 0 to 1"),
        ([[1, 2]], {"reversed_items": [1, 1]}, "named twice"),
        # Read as numbers, a mask would reverse columns 0 and 1.
        ([[1, 2]], {"reversed_items": [False, True]}, "numbers of columns"),
        ([[1, 2]], {"reversed_items": [0.7]}, "numbers of columns"),
        ([["agree", "disagree"]], {}, "must be numbers"),
        ([["1", "2"]], {}, "must be numbers"),
        (np.array([["1", 2]], dtype=object), {}, "must be numbers"),
        ([[1, 2], [1]], {}, "rows of one length"),
        ([[1 + 2j, 2]], {}, "must be numbers"),
        ([[1, 2]], {"least_answered_share": 0}, "above 0"),
        ([[1, 2]], {"lowest": 5, "highest": 1}, "must lie below"),
    ],
)
def test_what_is_no_scale_is_refused(answers: ArrayLike, options: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        score_scale(answers, **({"lowest": 1, "highest": 5} | options))


def test_nobody_with_enough_answers_is_not_enough_data() -> None:
    with pytest.raises(NotEnoughData, match="Nobody answered 50%"):
        score_scale([[NAN, NAN, 3]], lowest=1, highest=5)


def test_missing_answers_may_be_given_as_none_and_answers_as_booleans() -> None:
    assert score_scale([[1, None], [2, 4]], lowest=1, highest=5).scores.tolist() == [1, 3]
    assert score_scale(np.array([[True, False]]), lowest=0, highest=1).scores.tolist() == [0.5]
