"""How far people say the same: of short descriptions among themselves, and with a reference."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from throughline_analysis.errors import InputError, NotEnoughData
from throughline_analysis.intervals import Interval
from throughline_analysis.text.embedding import Embed, embedded
from throughline_analysis.text.shingles import compared_form, shingles_of
from throughline_analysis.text.terms import weighted
from throughline_analysis.text.words import require_texts, segment_words

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

FloatArray = NDArray[np.float64]
# The floor for anything about people; also the least from which an interval can be trusted at all.
LEAST_DESCRIPTIONS = 5
LEAST_UNRELATED = 10
PERMUTATIONS = 999
SHUFFLES = 50
# Part of the likeness that the embedding decides where one is given; the words keep the rest.
EMBEDDING_SHARE = 0.5
METHOD = "mean cosine of letter 4-grams weighed by rarity"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A mean likeness in [0, 1] beside what unrelated texts give.

    `baseline`: mean likeness with the unrelated texts; `shuffled`: the same for texts of the descriptions' lengths
    whose words were drawn from the unrelated texts; `excess`: (likeness - baseline) / (1 - baseline), 0 for unrelated
    and 1 for equal texts; `chance_share`: part of random groups of all texts, these included, whose excess is as
    large; `n`: descriptions.
    """

    likeness: float
    interval: Interval
    baseline: float
    shuffled: float
    excess: float
    excess_interval: Interval
    chance_share: float
    n: int


@dataclass(frozen=True, eq=False)
class DescriptionLikeness:
    """`among`: of the descriptions with each other; `to_reference`: with the reference, None without one.

    `each_among`, `each_to_reference`: (n_descriptions,) mean likeness of each description with the others and
    likeness with the reference, in the order given, nan for a description without words; these speak of single
    people and are not for showing.
    """

    among: Comparison
    to_reference: Comparison | None
    each_among: FloatArray
    each_to_reference: FloatArray | None
    n_unrelated: int
    method: str


def description_likeness(
    descriptions: Sequence[str],
    unrelated: Sequence[str],
    *,
    rng: np.random.Generator,
    reference: str | None = None,
    embed: Embed | None = None,
    level: float = 0.95,
) -> DescriptionLikeness:
    """How alike people's own descriptions of one thing are, and how like a reference, above unrelated texts.

    Purpose clarity: members describe their team's purpose in their own words; the more alike, the clearer.

    Parameters
    ----------
    descriptions : sequence of str, at least 5 with words
        One per person, of the same thing.
    unrelated : sequence of str, at least 10 with words
        Texts of the same kind about other things: other teams' descriptions, best of like length and language.
    rng : numpy Generator
        For permutations and shuffles.
    reference : str, optional
        The agreed text, such as the adopted purpose.
    embed : function from a list of n texts to (n, d) of float, optional
        Its cosine then makes up half of every likeness, so that the same said in other words counts.
    level : float in (0, 1)
        Coverage of the intervals.

    Returns
    -------
    DescriptionLikeness
        Likeness, baseline and excess, with intervals, in [0, 1] for texts; an embedding can give negative ones.

    Raises
    ------
    InputError
        `level` is outside (0, 1), a text or the reference is not text, or the embedding has the wrong shape.
    NotEnoughData
        Fewer than 5 descriptions or 10 unrelated texts have words, or the reference has none.

    Notes
    -----
    Each text is its letter groups of four, weighed by rarity among all texts given; likeness is the cosine. Read the
    excess, not the likeness: what unrelated texts share by language and length is taken off. The intervals are
    jackknife over people and over unrelated texts with Student's t; people are taken as a sample of the team as it
    could be. Likeness of words is not understanding: people who repeat a slogan score high, people who say the same
    freely score low without an embedding. Compare teams only with the same unrelated texts. In scripts without spaces
    the shuffled texts are made of pairs of characters, so `shuffled` is a rough guide there. Time and memory
    O(n_texts^2) for all texts together; with an embedding 50 shuffled texts a description go through it as well.

    Source
    ------
    Jackknife of U-statistics: Arvesen (1969), doi:10.1214/aoms/1177697287. Permutation of group labels over a
    likeness matrix: Mielke, Berry and Johnson (1976), doi:10.1080/03610927608827451.

    Examples
    --------
    >>> same = ["we repair city trams"] * 3 + ["we repair trams of the city", "repairing the city's trams"]
    >>> other = [f"we {verb} {thing}" for verb in ("sell", "bake", "test") for thing in ("bread", "boats", "apps", "tea")]
    >>> found = description_likeness(same, other, rng=np.random.default_rng(1), reference="We repair the city's trams.")
    >>> round(found.among.excess, 2), found.among.chance_share
    (0.51, 0.001)
    """
    given = require_texts(descriptions, "descriptions")
    told = np.array([bool(segment_words(text)) for text in given], dtype=np.bool_)
    own = [text for text, has_words in zip(given, told, strict=True) if has_words]
    others = [text for text in require_texts(unrelated, "unrelated") if segment_words(text)]
    if not 0 < level < 1:
        raise InputError(f"`level` is {level:g}; give a coverage between 0 and 1, such as 0.95.")
    if len(own) < LEAST_DESCRIPTIONS:
        raise NotEnoughData(f"Only {len(own)} descriptions have words; likeness needs {LEAST_DESCRIPTIONS}.")
    if len(others) < LEAST_UNRELATED:
        raise NotEnoughData(f"Only {len(others)} unrelated texts have words; the baseline needs {LEAST_UNRELATED}.")
    fixed = [] if reference is None else require_texts([reference], "reference")
    if not all(segment_words(text) for text in fixed):
        raise NotEnoughData("The reference has no words; give its text or leave it out.")
    texts = [*own, *others, *fixed]
    cosines = _cosines(texts, embed, n_weighing=len(texts))
    n_own, n_other = len(own), len(others)
    drawn = _shuffled_values(own, others, fixed, embed=embed, rng=rng)
    among = _compared(cosines, n_own, n_other, statistic=_excess_among, shuffled=drawn[0], level=level, rng=rng)
    inner = cosines[:n_own, :n_own]
    to_reference = each = None
    if reference is not None:
        to_reference = _compared(
            cosines, n_own, n_other, statistic=_excess_to_reference, shuffled=drawn[1], level=level, rng=rng
        )
        each = _in_place(cosines[:n_own, -1], told)
    return DescriptionLikeness(
        among=among,
        to_reference=to_reference,
        each_among=_in_place((inner.sum(axis=1) - np.diag(inner)) / (n_own - 1), told),
        each_to_reference=each,
        n_unrelated=n_other,
        method=METHOD if embed is None else f"{METHOD}, half by cosine of embeddings",
    )


Statistic = Callable[[FloatArray, NDArray[np.int64], NDArray[np.int64]], tuple[float, float]]


def _in_place(values: FloatArray, told: NDArray[np.bool_]) -> FloatArray:
    """The values at the texts that have words, nan at the others."""
    placed = np.full(len(told), np.nan)
    placed[told] = values
    return placed


def _cosines(texts: list[str], embed: Embed | None, *, n_weighing: int) -> FloatArray:
    """Likeness of all texts with all; how rare a letter group is, the last `n_weighing` texts say."""
    sets = _weighted_sets(texts, n_weighing=n_weighing)
    cosines = np.asarray((sets @ sets.T).toarray(), dtype=np.float64)
    if embed is None:
        return cosines
    unit = embedded(embed, texts).astype(np.float64)
    return (1 - EMBEDDING_SHARE) * cosines + EMBEDDING_SHARE * (unit @ unit.T)


def _weighted_sets(texts: list[str], *, n_weighing: int) -> csr_matrix:
    """Unit rows of letter groups; how rare a group is, the last `n_weighing` texts say."""
    from scipy.sparse import csr_matrix

    groups = shingles_of([compared_form(text) for text in texts])
    shape = (len(texts), max(groups.n_groups, 1))
    counts = csr_matrix((np.ones(len(groups.groups)), groups.groups, groups.starts), shape=shape)
    last = counts.indptr[len(texts) - n_weighing]
    holders = np.bincount(counts.indices[last:], minlength=shape[1]).astype(np.int64)
    return weighted(counts, holders=holders, n_texts=n_weighing)


def _excess_among(cosines: FloatArray, own: NDArray[np.int64], others: NDArray[np.int64]) -> tuple[float, float]:
    """Mean likeness of the pairs of `own`, and of `own` with `others`."""
    inner = cosines[np.ix_(own, own)]
    n_own = len(own)
    return float((inner.sum() - np.trace(inner)) / (n_own * (n_own - 1))), float(cosines[np.ix_(own, others)].mean())


def _excess_to_reference(cosines: FloatArray, own: NDArray[np.int64], others: NDArray[np.int64]) -> tuple[float, float]:
    """Mean likeness of `own` with the reference, the last text, and of `others` with it."""
    return float(cosines[own, -1].mean()), float(cosines[others, -1].mean())


def _excess(likeness: float, baseline: float) -> float:
    return (likeness - baseline) / max(1 - baseline, 1e-9)


def _compared(
    cosines: FloatArray,
    n_own: int,
    n_other: int,
    *,
    statistic: Statistic,
    shuffled: float,
    level: float,
    rng: np.random.Generator,
    permutations: int = PERMUTATIONS,
) -> Comparison:
    own, others = np.arange(n_own), np.arange(n_own, n_own + n_other)
    likeness, baseline = statistic(cosines, own, others)
    without_own = [statistic(cosines, np.delete(own, row), others) for row in range(n_own)]
    without_other = [statistic(cosines, own, np.delete(others, row)) for row in range(n_other)]
    spread = _jackknife_error([value for value, _ in without_own])
    excess = _excess(likeness, baseline)
    excess_spread = np.hypot(
        _jackknife_error([_excess(*pair) for pair in without_own]),
        _jackknife_error([_excess(*pair) for pair in without_other]),
    )
    everybody = np.arange(n_own + n_other)
    reached = 0
    for _ in range(permutations):
        mixed = rng.permutation(everybody)
        reached += _excess(*statistic(cosines, mixed[:n_own], mixed[n_own:])) >= excess - 1e-12
    return Comparison(
        likeness=likeness,
        interval=_student(likeness, spread, n_own, level=level, least=min(float(cosines.min()), 0.0)),
        baseline=baseline,
        shuffled=shuffled,
        excess=excess,
        excess_interval=_student(excess, float(excess_spread), n_own, level=level, least=-1.0),
        chance_share=(1 + reached) / (1 + permutations),
        n=n_own,
    )


def _jackknife_error(left_out: list[float]) -> float:
    values = np.array(left_out)
    return float(np.sqrt((len(values) - 1) / len(values) * np.sum((values - values.mean()) ** 2)))


def _student(estimate: float, error: float, n: int, *, level: float, least: float) -> Interval:
    from scipy.special import stdtrit

    reach = float(stdtrit(n - 1, (1 + level) / 2)) * error
    return Interval(
        low=max(estimate - reach, least), high=min(estimate + reach, 1.0), level=level, method="jackknife t"
    )


def _shuffled_values(
    own: list[str], others: list[str], fixed: list[str], *, embed: Embed | None, rng: np.random.Generator
) -> tuple[float, float]:
    """Mean likeness among texts of the descriptions' lengths with words of the unrelated ones, and to the reference."""
    words = [word for text in others for word in segment_words(text)]
    lengths = [len(segment_words(text)) for text in own]
    drawn = [" ".join(rng.choice(words, length)) for _ in range(SHUFFLES) for length in lengths]
    texts = [*drawn, *own, *others, *fixed]
    sets = _weighted_sets(texts, n_weighing=len(texts) - len(drawn))
    unit = None if embed is None else embedded(embed, texts).astype(np.float64)
    n_own = len(own)
    among, to_last = [], []
    # One shuffle at a time: all with all would be 2,500 times as much as the descriptions themselves.
    for start in range(0, SHUFFLES * n_own, n_own):
        rows = [*range(start, start + n_own), len(texts) - 1]
        cosines = np.asarray((sets[rows] @ sets[rows].T).toarray(), dtype=np.float64)
        if unit is not None:
            cosines = (1 - EMBEDDING_SHARE) * cosines + EMBEDDING_SHARE * (unit[rows] @ unit[rows].T)
        inner = cosines[:n_own, :n_own]
        among.append((inner.sum() - np.trace(inner)) / (n_own * (n_own - 1)))
        to_last.append(cosines[:n_own, -1].mean())
    return float(np.mean(among)), float(np.mean(to_last))
