"""Where groups prefer differently: the mean over groups, and what each group adds to it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from throughline_analysis.errors import NotEnoughData
from throughline_analysis.intervals import check_level
from throughline_analysis.ranking.bradley_terry import PRIOR_SD, normal_quantile
from throughline_analysis.ranking.comparisons import BoolArray, Comparisons, FloatArray, summed
from throughline_analysis.ranking.davidson import PairChances, log_total, pair_chances
from throughline_analysis.ranking.fitting import (
    MOST_NEWTON_STEPS,
    NOT_SETTLED,
    SHORTEST_STEP,
    SMALLEST_DECREMENT,
    TIE_PRIOR_SD,
    check_prior,
)

# Standard deviation of a group's departure from the common score, in log odds, before anything is known: half of the
# spread of the items, so that groups are taken to agree more than they differ. Tests halve and double it.
GROUP_SD = 0.5


@dataclass(frozen=True, eq=False)
class GroupEffects:
    """Mean score over the groups, (n_items,), and per group (n_groups, n_items): its own scores, and what it adds.

    Every group counts the same in the mean, whatever its size. All centred on zero per row. `differs` marks departures
    whose interval excludes zero even when all are looked at together (Bonferroni over groups and items). `n` counts
    the decided comparisons of each group.
    """

    score: FloatArray
    low: FloatArray
    high: FloatArray
    group_score: FloatArray
    group_low: FloatArray
    group_high: FloatArray
    departure: FloatArray
    departure_low: FloatArray
    departure_high: FloatArray
    differs: BoolArray
    n: FloatArray
    tie_log_odds: float | None
    level: float
    method: str


@dataclass(frozen=True, eq=False)
class _Point:
    """Common scores with log nu behind them where ties occurred, and the departures."""

    top: FloatArray
    departure: FloatArray

    def moved(self, step: _Point) -> _Point:
        return _Point(self.top + step.top, self.departure + step.departure)

    def times(self, other: _Point) -> float:
        return float(self.top @ other.top) + float((self.departure * other.departure).sum())


@dataclass(frozen=True, eq=False)
class _Model:
    tally: Comparisons
    prior_sd: float
    group_sd: float
    ties: float

    def parts(self, point: _Point) -> tuple[FloatArray, float | None]:
        """Difference of scores per row, and log nu."""
        tally, n_items = self.tally, self.tally.n_items
        scores = point.top[:n_items] + point.departure
        difference = scores[tally.group, tally.first] - scores[tally.group, tally.second]
        return difference, float(point.top[-1]) if self.ties > 0 else None

    def log_posterior(self, point: _Point) -> float:
        tally = self.tally
        difference, log_nu = self.parts(point)
        shared = point.top[: tally.n_items]
        value = float((tally.wins_first - tally.wins_second) @ difference) / 2
        value -= float(tally.decided @ log_total(difference, log_nu))
        value -= float(shared @ shared) / (2 * self.prior_sd**2)
        value -= float((point.departure**2).sum()) / (2 * self.group_sd**2)
        if log_nu is not None:
            value += self.ties * log_nu - log_nu**2 / (2 * TIE_PRIOR_SD**2)
        return value

    def spread(self, by_row: FloatArray) -> FloatArray:
        """Per group and item: the sum over rows where it is first less where it is second."""
        tally = self.tally
        size = tally.n_groups * tally.n_items
        start = tally.group * tally.n_items
        net = summed(start + tally.first, by_row, size) - summed(start + tally.second, by_row, size)
        return net.reshape(tally.n_groups, tally.n_items)

    def gradient(self, point: _Point) -> tuple[_Point, PairChances]:
        tally = self.tally
        difference, log_nu = self.parts(point)
        chances = pair_chances(difference, log_nu)
        pull = self.spread((tally.wins_first - tally.wins_second - tally.decided * chances.lead) / 2)
        top = pull.sum(axis=0) - point.top[: tally.n_items] / self.prior_sd**2
        if log_nu is not None:
            surplus = self.ties - float(tally.decided @ chances.tie) - log_nu / TIE_PRIOR_SD**2
            top = np.append(top, surplus)
        return _Point(top, pull - point.departure / self.group_sd**2), chances


@dataclass(frozen=True, eq=False)
class _Blocks:
    """Factorised second derivatives: per group the inverse of its block and how it leans on the top, and the top."""

    inverse: list[FloatArray]
    lean: list[FloatArray]
    top_inverse: FloatArray

    def solved(self, right: _Point) -> _Point:
        top = right.top - sum(lean.T @ right.departure[group] for group, lean in enumerate(self.lean))
        top = self.top_inverse @ top
        departure = [
            inverse @ right.departure[group] - lean @ top
            for group, (inverse, lean) in enumerate(zip(self.inverse, self.lean, strict=True))
        ]
        return _Point(top, np.array(departure))


def group_effects(
    tally: Comparisons, *, prior_sd: float = PRIOR_SD, group_sd: float = GROUP_SD, level: float = 0.95
) -> GroupEffects:
    """Scores of every group, steadied by what all say together, and where a group departs from the mean.

    Parameters
    ----------
    tally : Comparisons
        Of `comparisons` with `groups`.
    prior_sd : float from 0.0001 to 1,000
        Standard deviation of the common scores before any comparison, in log odds.
    group_sd : float from 0.0001 to 1,000
        Standard deviation of what a group adds to the common score.
    level : float in (0, 1)
        Coverage of the intervals.

    Returns
    -------
    GroupEffects
        Mean scores (n_items,), group scores and departures (n_groups, n_items).

    Raises
    ------
    InputError
        A standard deviation or `level` out of range.
    NotEnoughData
        Fewer than two groups, or a group without a decided comparison.

    Notes
    -----
    Model of `bradley_terry` with score of item i in group g = common_i + own_gi, own ~ N(0, group_sd^2); the tendency
    to tie is the same in all. Posterior mode with normal intervals. What is reported is the mean of these groups and
    the departure of each from that mean. A group with few comparisons stays
    near the common scores, so small groups do not look extreme by chance. Groups are groups of people: whether one
    is large enough to be shown at all is not decided here, leave out groups under the floor first.
    Cost O(n_groups * n_items^3), n_groups * n_items^2 numbers.

    Source
    ------
    Random departures of groups in paired comparisons: Turner, Firth (2012), Journal of Statistical Software 48(9),
    doi:10.18637/jss.v048.i09. Shrinkage against chance findings: Gelman, Hill, Yajima (2012), Journal of Research on
    Educational Effectiveness 5:189-211, doi:10.1080/19345747.2011.618213.

    Examples
    --------
    >>> tally = comparisons([0, 0], [1, 1], outcomes=[1, -1], n_items=2, counts=[30, 30], groups=[0, 1])
    >>> effects = group_effects(tally)
    >>> effects.score.tolist(), effects.differs.tolist()
    ([0.0, 0.0], [[True, True], [True, True]])
    """
    check_level(level)
    check_prior(prior_sd, name="prior_sd")
    check_prior(group_sd, name="group_sd")
    n_decided = summed(tally.group, tally.decided, tally.n_groups)
    if tally.n_groups < 2 or not n_decided.all():
        silent = np.flatnonzero(n_decided == 0)
        where = f"group {silent[0]} has decided no comparison" if len(silent) else "there is only one group"
        raise NotEnoughData(f"Groups cannot be set side by side: {where}.")
    model = _Model(tally, prior_sd, group_sd, float(tally.ties.sum()))
    point, blocks = _mode(model)
    return _summary(model, point, blocks=blocks, level=level, n_decided=n_decided)


def _mode(model: _Model) -> tuple[_Point, _Blocks]:
    tally = model.tally
    point = _Point(np.zeros(tally.n_items + (model.ties > 0)), np.zeros((tally.n_groups, tally.n_items)))
    gradient, chances = model.gradient(point)
    for _ in range(MOST_NEWTON_STEPS):
        blocks = _blocks(model, chances)
        step = blocks.solved(gradient)
        if gradient.times(step) <= SMALLEST_DECREMENT:
            return point.moved(step), blocks
        value = None
        while True:
            tried = point.moved(step)
            gradient, chances = model.gradient(tried)
            # Concave: still rising at the end of the step means it rose all the way.
            if gradient.times(step) >= 0:
                break
            value = model.log_posterior(point) if value is None else value
            if model.log_posterior(tried) >= value or np.abs(step.departure).max() < SHORTEST_STEP:
                break
            step = _Point(step.top / 2, step.departure / 2)
        point = tried
    raise NotEnoughData(NOT_SETTLED)


def _blocks(model: _Model, chances: PairChances) -> _Blocks:
    tally, n_items = model.tally, model.tally.n_items
    by_pair = tally.decided * chances.information
    tied = tally.decided * chances.tie
    size = n_items + (model.ties > 0)
    top = np.zeros((size, size))
    top[np.arange(n_items), np.arange(n_items)] = model.prior_sd**-2
    border = model.spread(-tied * chances.lead / 2)
    if model.ties > 0:
        top[n_items, n_items] = float(tied @ (1 - chances.tie)) + TIE_PRIOR_SD**-2
        top[:n_items, n_items] = top[n_items, :n_items] = border.sum(axis=0)
    inverse: list[FloatArray] = []
    lean: list[FloatArray] = []
    for group in range(tally.n_groups):
        rows = tally.group == group
        block = np.zeros((n_items, n_items))
        block[tally.first[rows], tally.second[rows]] = -by_pair[rows]
        block += block.T
        block[np.arange(n_items), np.arange(n_items)] = -block.sum(axis=0)
        top[:n_items, :n_items] += block
        across = block if model.ties == 0 else np.column_stack([block, border[group]])
        inverse.append(_inverse(block + np.eye(n_items) * model.group_sd**-2))
        lean.append(inverse[-1] @ across)
        top -= across.T @ lean[-1]
    return _Blocks(inverse, lean, _inverse((top + top.T) / 2))


def _summary(model: _Model, point: _Point, *, blocks: _Blocks, level: float, n_decided: FloatArray) -> GroupEffects:
    n_items, n_groups = model.tally.n_items, model.tally.n_groups
    top, own = blocks.top_inverse, point.top[:n_items] + point.departure
    of_items = np.eye(n_items, len(top))
    centre = np.eye(n_items) - 1 / n_items
    # A departure given the top is its own noise, with the block's inverse, less how it leans on the top.
    mean_lean = np.mean(blocks.lean, axis=0)
    mean_noise = np.sum(blocks.inverse, axis=0) / n_groups**2
    error = _errors(_spread(of_items - mean_lean, top) + mean_noise, centre)
    group_error, departure_error = np.empty((n_groups, n_items)), np.empty((n_groups, n_items))
    for group, (inverse, lean) in enumerate(zip(blocks.inverse, blocks.lean, strict=True)):
        group_error[group] = _errors(_spread(of_items - lean, top) + inverse, centre)
        noise = (1 - 2 / n_groups) * inverse + mean_noise
        departure_error[group] = _errors(_spread(lean - mean_lean, top) + noise, centre)
    shared = own.mean(axis=0)
    departure = own - shared
    reach = normal_quantile(level)
    strict = normal_quantile(1 - (1 - level) / (n_groups * n_items))
    return GroupEffects(
        score=shared,
        low=shared - reach * error,
        high=shared + reach * error,
        group_score=own,
        group_low=own - reach * group_error,
        group_high=own + reach * group_error,
        departure=departure,
        departure_low=departure - reach * departure_error,
        departure_high=departure + reach * departure_error,
        differs=np.abs(departure) > strict * departure_error,
        n=n_decided,
        tie_log_odds=float(point.top[-1]) if model.ties > 0 else None,
        level=level,
        method="Bradley-Terry with normal group departures, maximum a posteriori, Laplace",
    )


def _inverse(matrix: FloatArray) -> FloatArray:
    return np.asarray(np.linalg.inv(matrix), dtype=np.float64)


def _spread(factor: FloatArray, covariance: FloatArray) -> FloatArray:
    spread: FloatArray = factor @ covariance @ factor.T
    return spread


def _errors(covariance: FloatArray, centre: FloatArray) -> FloatArray:
    return np.sqrt(np.maximum(np.diagonal(_spread(centre, covariance)), 0.0))
