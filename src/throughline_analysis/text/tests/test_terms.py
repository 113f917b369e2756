"""Words and their weights: against scikit-learn, and stop words that were learned from the texts alone."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer

from throughline_analysis.text.stability import shuffled_words
from throughline_analysis.text.terms import count_terms, telling_terms, weighted
from throughline_analysis.text.words import segment_words

COMMENTS = (
    Path(__file__).resolve().parents[5] / "shared" / "data" / "opinion" / "scoop-hivemind.biodiversity" / "comments.csv"
)
words = st.lists(st.sampled_from(["goal", "team", "plan", "trust", "time", "more", "of", "the"]), max_size=10).map(
    " ".join
)


@given(st.lists(words, min_size=1, max_size=10))
def test_counts_equal_those_of_another_package(texts: list[str]) -> None:
    ours = count_terms(texts)
    if not any(texts):
        assert ours.counts.nnz == 0
        return
    theirs = CountVectorizer(tokenizer=segment_words, token_pattern=None, lowercase=False)
    expected = theirs.fit_transform(texts)
    assert list(ours.terms) == sorted(theirs.vocabulary_)
    assert np.array_equal(ours.counts.toarray(), expected.toarray())


@given(st.lists(words, min_size=1, max_size=10))
def test_weighted_rows_have_length_one_or_zero(texts: list[str]) -> None:
    matrix = weighted(count_terms(texts).counts)
    lengths = np.sqrt(matrix.multiply(matrix).sum(axis=1)).A1
    assert lengths == pytest.approx([1.0 if text else 0.0 for text in texts])


def test_a_weight_is_the_published_formula() -> None:
    # Salton and Buckley (1988), doi:10.1016/0306-4573(88)90021-0, with logarithmic counts and cosine normalisation.
    matrix = weighted(count_terms(["a a b", "b", "b c"]).counts).toarray()
    raw = np.array([(1 + np.log(2)) * np.log(4 / 1), np.log(4 / 3), 0.0])
    assert matrix[0] == pytest.approx(raw / np.linalg.norm(raw))


def read_comments() -> list[str]:
    if not COMMENTS.exists():
        pytest.skip("the shared data are not here")
    with COMMENTS.open(encoding="utf-8", newline="") as lines:
        return [row["comment-body"] for row in csv.DictReader(lines)]


def test_function_words_of_real_comments_are_learned_without_a_list() -> None:
    found = telling_terms(count_terms(read_comments()), rng=np.random.default_rng(1))
    assert {"the", "to", "of", "and", "in", "is", "for", "that", "be", "a"} <= set(found.stop_words)
    assert not {"water", "poison", "climate", "farming", "plants"} & set(found.stop_words)


@pytest.mark.parametrize(
    ("name", "values"), [("HEAD_SHARE", (0.175, 0.7)), ("HEAD_TEXTS_SHARE", (0.025, 0.1)), ("CHANCE_DRAWS", (10, 40))]
)
def test_half_and_double_of_what_makes_a_stop_word_keep_its_kind(
    name: str, values: tuple[float, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    # HEAD_SHARE at half leaves only seven candidates here; these four are among them.
    for value in values:
        monkeypatch.setattr(f"throughline_analysis.text.terms.{name}", value)
        found = telling_terms(count_terms(read_comments()), rng=np.random.default_rng(1))
        assert {"the", "to", "of", "and"} <= set(found.stop_words)
        assert not {"poison", "climate", "farming", "plants"} & set(found.stop_words)


@pytest.mark.parametrize("nats", [0.125, 0.25, 0.5])
def test_a_frequent_word_with_company_of_its_own_stays(nats: float, monkeypatch: pytest.MonkeyPatch) -> None:
    # The default is 0.25.
    monkeypatch.setattr("throughline_analysis.text.terms.COMPANY_NATS", nats)
    rng = np.random.default_rng(2)
    bus, food = ["bus", *[f"ride{n}" for n in range(8)]], ["food", *[f"meal{n}" for n in range(8)]]
    texts = [
        " ".join(["the", "of", theme[0], *rng.choice(theme[1:], 2), *rng.choice(["as", "it", "so", "we"], 2)])
        for theme in [bus, food] * 100
    ]
    found = telling_terms(count_terms(texts), rng=rng)
    assert {"bus", "food"} <= set(found.terms)
    assert {"the", "of"} <= set(found.stop_words)


def test_kept_words_stay_though_they_are_rare() -> None:
    found = telling_terms(count_terms(["one two", "one three"]), rng=np.random.default_rng(1), kept=["three"])
    assert "three" in found.terms
    assert "two" not in found.terms


@given(st.integers(0, 10_000))
def test_shuffling_keeps_the_words_of_each_text_and_the_texts_of_each_word(seed: int) -> None:
    rng = np.random.default_rng(seed)
    dense = (rng.random((15, 30)) < 0.2).astype(float)
    shuffled = shuffled_words(csr_matrix(dense), rng).toarray()
    assert set(np.unique(shuffled)) <= {0.0, 1.0}
    # A few entries may have to be dropped where no place is left for them; none is ever added.
    assert (shuffled.sum(axis=1) <= dense.sum(axis=1)).all()
    assert (shuffled.sum(axis=0) <= dense.sum(axis=0)).all()
    assert dense.sum() - shuffled.sum() <= 2
