"""Likeness of descriptions: against brute force and scikit-learn, with coverage by simulation."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics.pairwise import cosine_similarity

from throughline_analysis import InputError, NotEnoughData
from throughline_analysis.text import description_likeness
from throughline_analysis.text.shingles import compared_form
from throughline_analysis.text.tests.planted import synonym_embedding

OKRS = Path(__file__).resolve().parents[5] / "shared" / "data" / "okrs-sourced"
SAME = [
    "we repair the trams of the city",
    "keep city trams running",
    "our team repairs trams",
    "trams in the city run because of us",
    "city trams, repaired on time",
]
OTHER = [
    f"{who} {what}" for who in ("we sell", "they bake", "somebody tests") for what in ("bread", "boats", "apps", "tea")
]


def seeded(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def cosines_by_hand(texts: list[str]) -> np.ndarray:
    sets = []
    for text in texts:
        padded = f" {compared_form(text)} ".ljust(4)
        sets.append({padded[start : start + 4] for start in range(len(padded) - 3)})
    groups = sorted(set().union(*sets))
    rarity = [np.log((len(texts) + 1) / sum(group in one for one in sets)) for group in groups]
    rows = [[weight if group in one else 0.0 for group, weight in zip(groups, rarity, strict=True)] for one in sets]
    return cosine_similarity(np.array(rows))


def test_all_numbers_equal_a_calculation_by_hand() -> None:
    found = description_likeness(SAME, OTHER, rng=seeded(), reference="We repair trams.")
    cosines = cosines_by_hand([*SAME, *OTHER, "We repair trams."])
    inner = cosines[:5, :5]
    likeness, baseline = inner[np.triu_indices(5, 1)].mean(), cosines[:5, 5:17].mean()
    assert found.among.likeness == pytest.approx(likeness)
    assert found.among.baseline == pytest.approx(baseline)
    assert found.among.excess == pytest.approx((likeness - baseline) / (1 - baseline))
    assert found.to_reference is not None
    assert found.to_reference.likeness == pytest.approx(cosines[:5, -1].mean())
    assert found.to_reference.baseline == pytest.approx(cosines[5:17, -1].mean())
    assert found.each_among == pytest.approx((inner.sum(axis=1) - 1) / 4)
    assert found.each_to_reference == pytest.approx(cosines[:5, -1])


def test_the_jackknife_of_a_plain_mean_is_the_textbook_interval() -> None:
    # For a mean the jackknife error is the standard error (Efron and Tibshirani 1993, equation 11.5).
    found = description_likeness(SAME, OTHER, rng=seeded(), reference="We repair trams.")
    assert found.to_reference is not None
    each = found.each_to_reference
    reach = 2.776445105 * np.std(each, ddof=1) / np.sqrt(5)  # t with 4 degrees of freedom, 97.5 %
    assert found.to_reference.interval.high == pytest.approx(np.mean(each) + reach)
    assert found.to_reference.interval.low == pytest.approx(max(np.mean(each) - reach, 0))


def test_equal_descriptions_are_fully_alike() -> None:
    found = description_likeness(["repair trams"] * 5, OTHER, rng=seeded(), reference="Repair trams!")
    assert found.among.likeness == pytest.approx(1)
    assert found.among.excess == pytest.approx(1)
    assert found.to_reference is not None
    assert found.to_reference.excess == pytest.approx(1)


def test_unrelated_descriptions_are_at_the_baseline() -> None:
    rng = seeded(2)
    words = [f"word{number}" for number in range(60)]
    texts = [" ".join(rng.choice(words, 8)) for _ in range(60)]
    shares = [
        description_likeness(texts[start : start + 10], texts[:start] + texts[start + 10 :], rng=rng).among.chance_share
        for start in range(0, 60, 10)
    ]
    # Ranks of exchangeable groups are spread evenly; six below 5 % in a row of six would be 1.6e-8.
    assert np.mean(shares) > 0.2
    assert min(shares) > 0.005


def test_related_descriptions_are_above_unrelated_and_above_shuffled_words() -> None:
    rng = seeded(3)
    words = ["".join(rng.choice(list("abdefgiklmnoprstu"), 7)) for _ in range(300)]
    found = description_likeness(SAME, [" ".join(rng.choice(words, 5)) for _ in range(20)], rng=rng).among
    assert found.likeness > found.shuffled
    assert found.likeness > found.baseline
    assert found.chance_share < 0.05


@settings(max_examples=5)
@given(st.permutations(range(5)))
def test_order_of_people_changes_nothing(order: list[int]) -> None:
    one = description_likeness(SAME, OTHER, rng=seeded()).among
    other = description_likeness([SAME[row] for row in order], OTHER, rng=seeded()).among
    assert other.likeness == pytest.approx(one.likeness)
    assert other.excess_interval.low == pytest.approx(one.excess_interval.low)


def test_writing_everything_twice_changes_no_likeness() -> None:
    one = description_likeness(SAME, OTHER, rng=seeded()).among
    twice = description_likeness([f"{text} " for text in SAME], [text.upper() for text in OTHER], rng=seeded()).among
    assert twice.likeness == pytest.approx(one.likeness)


def test_an_embedding_counts_the_same_said_in_other_words() -> None:
    mine = ["ax1topic ax2topic", "ay3topic ay4topic", "az5topic az6topic", "ax7topic az8topic", "ay1topic az2topic"]
    others = [f"word{number} word{number + 40}" for number in range(20)]
    plain = description_likeness(mine, others, rng=seeded()).among
    helped = description_likeness(mine, others, rng=seeded(), embed=synonym_embedding).among
    assert helped.excess > plain.excess + 0.3
    assert helped.chance_share <= plain.chance_share


def test_intervals_cover_the_true_likeness_as_often_as_they_say() -> None:
    # People's descriptions are a common meaning plus their own; the embedding is that meaning itself. The true mean
    # cosine comes from a large sample. Words are all different, so they add nothing.
    rng = seeded(11)
    common = np.ones(12) / np.sqrt(12)

    def vectors(n: int) -> np.ndarray:
        raw = common + 0.5 * rng.normal(size=(n, 12))
        return raw / np.linalg.norm(raw, axis=1, keepdims=True)

    many = vectors(20_000)
    truth = 0.5 * (np.linalg.norm(many.sum(axis=0)) ** 2 - 20_000) / (20_000 * 19_999)
    names = [chr(0x4E00 + number) for number in range(30)]
    covered = 0
    for _ in range(150):
        drawn = dict(zip(names[:10], vectors(10), strict=True))
        far = {name: rng.normal(size=12) for name in names[10:20]}
        known = {**drawn, **far}
        found = _only_likeness(list(drawn), list(far), known, rng)
        covered += found[0] <= truth <= found[1]
    # 150 draws at 95 %: 143 expected, standard deviation 2.7; ten people make a t interval slightly short.
    assert covered >= 132


def _only_likeness(
    own: list[str], others: list[str], known: dict[str, np.ndarray], rng: np.random.Generator
) -> tuple[float, float]:
    from throughline_analysis.text import likeness as module

    unit = np.array([known[name] / np.linalg.norm(known[name]) for name in [*own, *others]])
    found = module._compared(
        0.5 * (unit @ unit.T) + 0.5 * np.eye(len(unit)),
        len(own),
        len(others),
        statistic=module._excess_among,
        shuffled=0.0,
        level=0.95,
        rng=rng,
        permutations=1,
    )
    return found.interval.low, found.interval.high


def test_too_few_people_are_refused() -> None:
    with pytest.raises(NotEnoughData, match="Only 4 descriptions"):
        description_likeness([*SAME[:4], "!!"], OTHER, rng=seeded())
    with pytest.raises(NotEnoughData, match="baseline needs"):
        description_likeness(SAME, OTHER[:9], rng=seeded())
    with pytest.raises(NotEnoughData, match="reference has no words"):
        description_likeness(SAME, OTHER, rng=seeded(), reference="?")
    with pytest.raises(InputError, match="level"):
        description_likeness(SAME, OTHER, rng=seeded(), level=1.0)


def test_input_stays_as_it_was() -> None:
    own, others = list(SAME), list(OTHER)
    description_likeness(own, others, rng=seeded())
    assert own == SAME
    assert others == OTHER


def test_goals_of_one_real_team_are_more_alike_than_goals_of_other_teams() -> None:
    if not OKRS.exists():
        pytest.skip("the shared data are not here")
    text = (OKRS / "2018-Q3.md").read_text(encoding="utf-8") + (OKRS / "2018-Q4.md").read_text(encoding="utf-8")
    goals = [
        re.sub(r"\[.?\]|\(.*?\)", "", line).strip("-* ") for line in text.splitlines() if re.match(r"\s*- \[", line)
    ]
    driver = [goal for goal in goals if re.search(r"driver", goal, re.I)]
    others = [goal for goal in goals if not re.search(r"driver", goal, re.I)]
    found = description_likeness(driver, others, rng=seeded()).among
    assert found.n >= 5
    assert found.chance_share == 0.001
    assert found.excess > 0.2


def test_a_description_without_words_keeps_its_place() -> None:
    without = description_likeness(SAME, OTHER, rng=seeded(), reference="We repair trams.")
    found = description_likeness([*SAME[:2], "...", *SAME[2:]], OTHER, rng=seeded(), reference="We repair trams.")
    for ours, plain in (
        (found.each_among, without.each_among),
        (found.each_to_reference, without.each_to_reference),
    ):
        assert ours is not None
        assert plain is not None
        assert np.isnan(ours[2])
        np.testing.assert_allclose(np.delete(ours, 2), plain)
    assert found.among.n == 5


def test_a_reference_that_is_no_text_is_refused() -> None:
    with pytest.raises(InputError, match="reference"):
        description_likeness(SAME, OTHER, rng=seeded(), reference=3)  # type: ignore[arg-type]  # what is tested
