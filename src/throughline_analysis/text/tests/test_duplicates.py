"""Near duplicates: against brute force and another package, with properties, planted copies and an embedding."""

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz

from throughline_analysis import InputError
from throughline_analysis.text import near_duplicates
from throughline_analysis.text.shingles import compared_form, shingles_of

OPINION = Path(__file__).resolve().parents[5] / "shared" / "data" / "opinion"
WORDS = [
    "we",
    "need",
    "more",
    "time",
    "with",
    "customers",
    "and",
    "fewer",
    "reports",
    "about",
    "sales",
    "people",
    "goals",
    "plans",
]
# Few words and letters, so that chance partners are many; empty and one-letter texts included.
short_texts = st.lists(
    st.one_of(st.lists(st.sampled_from(WORDS), max_size=7).map(" ".join), st.text(alphabet="ab ", max_size=12)),
    max_size=25,
)


def letter_groups(text: str) -> set[str]:
    padded = f" {compared_form(text)} ".ljust(4)
    return {padded[start : start + 4] for start in range(len(padded) - 3)} if padded.strip() else set()


def every_pair(texts: Sequence[str], threshold: float) -> dict[tuple[int, int], float]:
    """All pairs compared one by one, copies left out."""
    sets = [letter_groups(text) for text in texts]
    forms = [compared_form(text) for text in texts]
    found = {}
    for second in range(len(texts)):
        for first in range(second):
            is_copy = any(forms[earlier] == forms[row] for row in (first, second) for earlier in range(row))
            if is_copy or not sets[first] or not sets[second]:
                continue
            share = len(sets[first] & sets[second]) / len(sets[first] | sets[second])
            if share >= threshold - 1e-12:
                found[first, second] = share
    return found


@settings(max_examples=150)
@given(short_texts, st.sampled_from([0.2, 0.5, 0.6, 0.75, 0.9, 1.0]))
def test_exactly_the_pairs_of_comparing_all_with_all_are_found(texts: list[str], threshold: float) -> None:
    found = near_duplicates(texts, threshold=threshold)
    pairs = dict(zip(zip(found.first.tolist(), found.second.tolist(), strict=True), found.likeness, strict=True))
    assert pairs == pytest.approx(every_pair(texts, threshold), abs=1e-15)


def test_all_pairs_are_found_when_the_work_is_cut_into_many_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(4)
    texts = [" ".join(rng.choice(WORDS, rng.integers(1, 9))) for _ in range(120)]
    monkeypatch.setattr("throughline_analysis.text.set_join.PRODUCTS_PER_BLOCK", 50)
    monkeypatch.setattr("throughline_analysis.text.set_join.VERIFIED_AT_ONCE", 3)
    found = near_duplicates(texts, threshold=0.55)
    assert list(zip(found.first, found.second, strict=True)) == sorted(every_pair(texts, 0.55))


@given(st.lists(st.text(max_size=12), max_size=12), st.integers(2, 6))
def test_numbered_groups_are_the_sets_of_the_letter_windows(texts: list[str], length: int) -> None:
    forms = [compared_form(text) for text in texts]
    result = shingles_of(forms, length=length)
    padded = [f" {form} ".ljust(length) if form else "" for form in forms]
    expected = [{form[i : i + length] for i in range(len(form) - length + 1)} for form in padded]
    sets = [result.groups[low:high].tolist() for low, high in zip(result.starts[:-1], result.starts[1:], strict=True)]
    assert [len(groups) for groups in sets] == [len(groups) for groups in expected]
    for one in range(len(texts)):
        for other in range(len(texts)):
            assert len({*sets[one]} & {*sets[other]}) == len(expected[one] & expected[other])
    assert (np.diff(result.frequency) >= 0).all()


def test_a_published_example_of_shingles_has_its_likeness() -> None:
    # Manning, Raghavan and Schuetze (2008), Introduction to Information Retrieval, section 3.3.4: the bigrams of
    # "bord" and "boardroom" give a Jaccard coefficient of 2/(8 + 3 - 2).
    def groups(word: str) -> set[int]:
        both = shingles_of(["bord", "boardroom"], length=2)
        row = ["bord", "boardroom"].index(word)
        inner = both.groups[both.starts[row] : both.starts[row + 1]]
        return set(inner.tolist())

    bord, boardroom = groups("bord"), groups("boardroom")
    # The book does not pad: " b" is shared and "d ", "m " are not, so take off the padding's part.
    assert (len(bord & boardroom) - 1) / (len(bord | boardroom) - 3) == pytest.approx(2 / 9)


@given(short_texts, st.randoms(use_true_random=False))
def test_order_of_texts_changes_no_pair(texts: list[str], shuffle: object) -> None:
    forms = {compared_form(text) for text in texts}
    distinct = sorted(forms)
    order = list(range(len(distinct)))
    shuffle.shuffle(order)
    straight = near_duplicates(distinct)
    mixed = near_duplicates([distinct[row] for row in order])

    def named(found: object, texts: list[str]) -> set[tuple[frozenset[str], float]]:
        columns = zip(found.first, found.second, found.likeness, strict=True)
        return {(frozenset((texts[one], texts[other])), round(share, 12)) for one, other, share in columns}

    assert named(straight, distinct) == named(mixed, [distinct[row] for row in order])


@given(short_texts)
def test_a_lower_threshold_keeps_every_pair(texts: list[str]) -> None:
    strict, loose = near_duplicates(texts, threshold=0.7), near_duplicates(texts, threshold=0.35)
    pairs = set(zip(loose.first.tolist(), loose.second.tolist(), strict=True))
    assert set(zip(strict.first.tolist(), strict.second.tolist(), strict=True)) <= pairs


def test_case_punctuation_and_writing_variants_make_copies() -> None:
    found = near_duplicates(["Café first!", "cafe\u0301 FIRST", "Ｃafé  first...", "café fi\ufb01rst"])
    assert found.copy_of.tolist() == [0, 0, 0, 3]


def test_a_thousand_copies_give_no_pair_but_one_group() -> None:
    found = near_duplicates(["more trust"] * 1000 + ["more trusts"])
    assert found.n_pairs == 1
    assert (found.group == 0).all()


def test_texts_without_words_are_alone() -> None:
    found = near_duplicates(["", "...", "!", "a"])
    assert found.n_pairs == 0
    assert found.group.tolist() == [0, 1, 2, 3]


def test_no_texts_give_no_pairs() -> None:
    found = near_duplicates([])
    assert (found.n_texts, found.n_pairs, len(found.group)) == (0, 0, 0)


def test_input_stays_as_it_was() -> None:
    texts = ["One goal", "one goal ", "two"]
    near_duplicates(texts)
    assert texts == ["One goal", "one goal ", "two"]


@pytest.mark.parametrize("threshold", [0, -0.1, 1.01, float("nan")])
def test_a_threshold_that_is_no_share_is_refused(threshold: float) -> None:
    with pytest.raises(InputError, match="threshold"):
        near_duplicates(["a"], threshold=threshold)


def test_what_is_not_text_is_refused() -> None:
    with pytest.raises(InputError, match="row 1"):
        near_duplicates(["a", None])
    with pytest.raises(InputError, match="list of texts"):
        near_duplicates("a text")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("我们需要更多时间与客户交流", "我们需要更多时间和客户交流"),
        ("お客様ともっと話す時間が必要です", "お客様ともっと話す時間が必要だ"),
        ("Нам нужно больше времени для клиентов", "Нам нужно больше времени на клиентов"),
        ("हमें ग्राहकों के साथ अधिक समय चाहिए", "हमें ग्राहकों के साथ और समय चाहिए"),
        ("نحتاج إلى مزيد من الوقت مع العملاء", "نحتاج الى مزيد من الوقت مع العملاء"),
    ],
)
def test_near_duplicates_are_found_in_any_script(one: str, other: str) -> None:
    found = near_duplicates([one, "something else altogether", other])
    assert (found.first.tolist(), found.second.tolist()) == ([0], [2])


def with_slips(text: str, rng: np.random.Generator, n_slips: int) -> str:
    letters = list(text)
    for _ in range(n_slips):
        at = int(rng.integers(len(letters) - 1))
        match rng.integers(3):
            case 0:
                del letters[at]
            case 1:
                letters[at], letters[at + 1] = letters[at + 1], letters[at]
            case _:
                letters.insert(at, letters[at])
    return "".join(letters)


def read_comments() -> list[str]:
    if not OPINION.exists():
        pytest.skip("the shared data are not here")
    texts = []
    for path in sorted(OPINION.glob("*/comments.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            texts += [row["comment-body"] for row in csv.DictReader(lines)]
    return texts


def test_planted_slips_in_real_comments_are_recovered() -> None:
    rng = np.random.default_rng(8)
    texts = [text for text in read_comments() if len(text) >= 40]
    slipped = [with_slips(text, rng, 2) for text in texts]
    found = near_duplicates([*texts, *slipped])
    groups = found.group[: len(texts)] == found.group[len(texts) :]
    # Two slips cost at most eight of at least forty-three groups on either side, (43 - 8) / (43 + 8) = 0.69 > 0.5.
    assert groups.all()


def test_real_pairs_found_are_alike_for_another_package_too() -> None:
    texts = read_comments()
    found = near_duplicates(texts, threshold=0.6)
    assert found.n_pairs > 0
    for one, other in zip(found.first, found.second, strict=True):
        # Indel similarity of sorted words; unrelated comments of these conversations lie around 45.
        assert fuzz.token_sort_ratio(compared_form(texts[one]), compared_form(texts[other])) > 65


@pytest.mark.parametrize(("threshold", "expected"), [(0.25, (1.0, 1.0)), (0.5, (0.85, 1.0)), (1.0, (0.0, 0.0))])
def test_half_and_double_the_threshold_do_what_the_note_says(threshold: float, expected: tuple[float, float]) -> None:
    # The default is 0.5. Three slips in a sentence: at half always found, at the default mostly, at double never.
    rng = np.random.default_rng(9)
    texts = [" ".join(rng.permutation(WORDS)[:9]) for _ in range(60)]
    found = near_duplicates([*texts, *(with_slips(text, rng, 3) for text in texts)], threshold=threshold)
    share = np.mean(found.group[:60] == found.group[60:])
    assert expected[0] <= share <= expected[1]


MEANING = {"clients": "customers", "hours": "time", "extra": "more", "require": "need", "staff": "people"}


def made_up_embedding(texts: Sequence[str]) -> np.ndarray:
    """Each word a fixed direction, synonyms the same one."""
    vectors = np.zeros((len(texts), 64))
    for row, text in enumerate(texts):
        for word in text.lower().split():
            seed = sum(ord(letter) * 31**place for place, letter in enumerate(MEANING.get(word, word)))
            vectors[row] += np.random.default_rng(seed).normal(size=64)
    return vectors


def test_an_embedding_finds_the_same_meaning_in_other_words() -> None:
    texts = ["we need more time with customers", "we require extra hours with clients", "lower the price of bread"]
    assert near_duplicates(texts).n_pairs == 0
    found = near_duplicates(texts, embed=made_up_embedding)
    assert (found.first.tolist(), found.second.tolist()) == ([0], [1])
    assert found.meaning[0] == pytest.approx(1, abs=1e-6)  # float32 cosines
    assert found.likeness[0] == pytest.approx(every_pair(texts, 0.01)[0, 1])


def test_an_embedding_takes_no_pair_away() -> None:
    texts = ["need more time with customer", "need more time with customers", "plans"]
    found = near_duplicates(texts, embed=lambda given: np.eye(len(given)))
    assert (found.first.tolist(), found.second.tolist()) == ([0], [1])
    assert found.meaning.tolist() == [0.0]


@pytest.mark.parametrize("wrong", [np.ones((1, 3)), np.ones(2), np.full((2, 2), np.nan), np.ones((2, 0))])
def test_an_embedding_of_the_wrong_shape_is_refused(wrong: np.ndarray) -> None:
    with pytest.raises(InputError, match="embedding function"):
        near_duplicates(["a", "b"], embed=lambda texts: wrong)


def test_equal_vectors_are_alike_at_the_highest_threshold_and_sizes_of_vectors_do_not_matter() -> None:
    texts = [f"{word} alone" for word in WORDS]
    for size in (1e-200, 0.37, 1e200):
        found = near_duplicates(
            texts,
            threshold=1.0,
            embed=lambda given, size=size: np.tile(size * np.array([0.1, 0.2, 0.37]), (len(given), 1)),
            meaning_threshold=1.0,
        )
        assert found.n_pairs == len(WORDS) * (len(WORDS) - 1) // 2


@pytest.mark.parametrize("wrong", [[[1.0, 2.0], [1.0]], ["one", "two"]])
def test_an_embedding_that_gives_no_table_of_numbers_is_refused(wrong: list[object]) -> None:
    with pytest.raises(InputError, match="must give numbers"):
        near_duplicates(["a", "b"], embed=lambda texts: wrong)


def test_what_is_no_list_is_refused() -> None:
    with pytest.raises(InputError, match="NoneType"):
        near_duplicates(None)
