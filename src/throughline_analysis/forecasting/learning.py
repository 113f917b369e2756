"""Learning from many histories which processes they follow, judged by readings held back at their ends."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from throughline_analysis.errors import NotEnoughData
from throughline_analysis.forecasting.filtering import Filtered, filtered, padded, reached
from throughline_analysis.forecasting.histories import FloatArray, IndexArray, KeyResultHistories
from throughline_analysis.forecasting.mixes import (
    DEFAULT_MEAN_DRIFT,
    DEFAULT_WIDEST,
    Backtest,
    ProcessMix,
    candidate_processes,
    candidate_scales,
    default_mix,
    log_evidence,
    predictive,
)
from throughline_analysis.forecasting.mixtures import NormalMixtures
from throughline_analysis.forecasting.shares import share_interval

# Fewer histories teach less than the default knows.
FEWEST_HISTORIES = 50
# A history needs three readings to show a process and one to be tested on.
FEWEST_READINGS = 4
# More histories than this add cost and no precision worth having: a share is then known to a percentage point or two.
MOST_HISTORIES = 2_000
# The default mix counts as much as this many histories.
DEFAULT_WORTH = 20.0
# Tried in this order; see `_chosen`.
EVIDENCE_POWERS = (1.0, 0.5, 0.2, 0.05)
ROUNDS = 100
# Parts below the first (in the first rounds below a tenth of it) are dropped on the way; when no share moves by more
# than the second in a round, it is done.
RAREST = 3e-5
SETTLED = 1e-5
# Parts rarer than this change no interval that anyone could see, and cost as much as any other.
SMALLEST_SHARE = 0.002
# A single steep pair of readings must not set the drift of all.
STEEPEST_DRIFT = 3.0
# This share of the histories spans no more than what the mix is said to know.
WITHIN_WIDEST = 0.98
TESTED_LEVEL = 0.9


@dataclass(frozen=True, eq=False)
class _HeldBack:
    """Histories cut short, longest first, and the last reading of each, which the cut ones do not know."""

    firsts: IndexArray
    counts: IndexArray
    times: FloatArray
    values: FloatArray


def learn_process_mix(histories: KeyResultHistories, *, rng: np.random.Generator) -> ProcessMix:
    """How key results of one kind tend to move, learnt from the histories of many: a reference class.

    Pass the same key results that are to be forecast, or finished ones that compare with them.

    Parameters
    ----------
    histories : KeyResultHistories
        At least 50 key results with at least four readings each; bands do not count, having no direction.
    rng : numpy.random.Generator
        Chooses 2,000 histories when there are more, and where finished ones are cut.

    Returns
    -------
    ProcessMix
        For `forecast_endings`; `backtest` says how well it forecast what it was not shown.

    Raises
    ------
    NotEnoughData
        Fewer than 50 histories with four readings.

    Notes
    -----
    Every history is cut where what follows, compared with what came before, is as long as from today to the end
    (finished ones: at a random place), and its last reading is forecast from the rest. The shares of candidate
    processes and scales are those that make histories and last readings together most likely (maximum a posteriori
    by expectation-maximisation, the default mix counting as 20 histories): empirical Bayes. Because no candidate is
    the truth, a short history can look too certain of itself; its likelihood is therefore raised to the power, of
    four, under which the last readings are forecast best by logarithmic score. Cost: some seconds at most,
    however many histories.

    Source
    ------
    Efron (2010), Large-Scale Inference, ch. 1, doi:10.1017/CBO9780511761362 (empirical Bayes); Dempster, Laird and
    Rubin (1977), JRSS B 39:1-38, doi:10.1111/j.2517-6161.1977.tb01600.x; Grünwald and van Ommen (2017), Bayesian
    Analysis 12:1069-1103, doi:10.1214/17-BA1085 (likelihood to a power); Gneiting and Raftery (2007), JASA
    102:359-378, doi:10.1198/016214506000001437.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> times = np.tile([0.0, 0.2, 0.4, 0.6], 60)
    >>> histories = key_result_histories(
    ...     np.repeat(np.arange(60), 4), times, values=0.5 * times + rng.normal(0, 0.05, 240),
    ...     starts=np.zeros(60), ends=np.ones(60), baselines=np.zeros(60), targets=np.ones(60))
    >>> mix = learn_process_mix(histories, rng=rng)
    >>> mix.n_series, round(float(mix.mean_drifts.min()), 1)
    (60, 0.5)
    """
    widest = max(DEFAULT_WIDEST, float(np.quantile(histories.spans[_fit_to_teach(histories)], WITHIN_WIDEST)))
    histories = _calmed(histories, widest)
    held = _held_back(histories, rng)
    base = default_mix()
    processes, scales = candidate_processes(), candidate_scales()
    mean_drifts = _mean_drifts(histories, processes.settling)
    cut = padded(histories.times, histories.values, firsts=held.firsts, counts=held.counts)
    run = filtered(cut, held.times, processes=processes, mean_drifts=mean_drifts)
    rows = np.repeat(np.arange(len(processes)), len(scales))
    scale_rows = np.tile(np.arange(len(scales)), len(processes))
    evidence = log_evidence(run, held.counts, rows=rows, scales=scales[scale_rows])
    scored = _log_density(run, held.values, rows=rows, scales=scales[scale_rows])
    known = np.zeros(len(rows))
    known[base.processes * len(scales) + base.scales] = base.shares
    best = _chosen([_learnt(power, evidence, scored=scored, known=known) for power in EVIDENCE_POWERS])
    kept = np.flatnonzero(best.shares > SMALLEST_SHARE * min(1.0, 10 * float(best.shares.max())))
    shares = best.shares[kept] / best.shares[kept].sum()
    weighed = best.power * evidence[kept] + np.log(shares)[:, None]
    mixtures = predictive(run, weighed, rows=rows[kept], scales=scales[scale_rows[kept]])
    return ProcessMix(
        processes=rows[kept],
        scales=scale_rows[kept],
        shares=shares,
        mean_drifts=mean_drifts[rows[kept]],
        evidence_power=best.power,
        widest=widest,
        n_series=len(held.counts),
        backtest=_backtest(mixtures, held.values),
    )


@dataclass(frozen=True, eq=False)
class _Learnt:
    """Most likely shares under one power of the evidence, and the log score of each last reading."""

    power: float
    shares: FloatArray
    scores: FloatArray


def _chosen(tried: list[_Learnt]) -> _Learnt:
    """The first whose scores are not worse than the best by more than a standard error: Bayes' rule unless it fails."""
    best = max(tried, key=lambda learnt: float(learnt.scores.mean()))
    for learnt in tried:
        behind = best.scores - learnt.scores
        if behind.mean() <= behind.std() / len(behind) ** 0.5:
            return learnt
    return best


def _learnt(power: float, evidence: FloatArray, *, scored: FloatArray, known: FloatArray) -> _Learnt:
    shares = _most_likely_shares(power * evidence + scored, known)
    alive = shares > 0
    weighed = power * evidence[alive] + np.log(shares[alive])[:, None]
    return _Learnt(power, shares, _log_sum(weighed + scored[alive]) - _log_sum(weighed))


def _fit_to_teach(histories: KeyResultHistories) -> IndexArray:
    """Which key results have enough readings and a direction; NotEnoughData where too few have."""
    fit = np.flatnonzero((histories.counts >= FEWEST_READINGS) & ~histories.is_band)
    if len(fit) < FEWEST_HISTORIES:
        raise NotEnoughData(
            f"Only {len(fit)} key results have {FEWEST_READINGS} readings or more; a mix is learnt from at least "
            f"{FEWEST_HISTORIES}. Forecast with the default mix, or wait for more readings."
        )
    return fit


def _calmed(histories: KeyResultHistories, widest: float) -> KeyResultHistories:
    """Histories that roam further than `widest` brought back to it, as the forecast does."""
    unit = np.maximum(histories.spans / widest, 1.0)
    return replace(histories, values=histories.values / np.repeat(unit, histories.counts))


def _held_back(histories: KeyResultHistories, rng: np.random.Generator) -> _HeldBack:
    """Cut histories at the place that is to their last reading what today is to the end."""
    fit = _fit_to_teach(histories)
    if len(fit) > MOST_HISTORIES:
        fit = np.sort(rng.choice(fit, MOST_HISTORIES, replace=False))
    firsts, counts = histories.firsts[fit], histories.counts[fit]
    last = histories.times[firsts + counts - 1]
    begun = histories.times[firsts]
    ahead = 1.0 - last
    anywhere = np.exp(rng.uniform(np.log(0.2), np.log(2.0), len(fit)))
    wanted = np.where(ahead > 0, ahead / (last - begun), anywhere)
    chosen = np.full(len(fit), FEWEST_READINGS - 1)
    distance = np.full(len(fit), np.inf)
    for count in range(FEWEST_READINGS - 1, int(counts.max())):
        able = counts > count
        cut = histories.times[firsts + np.minimum(count, counts) - 1]
        with np.errstate(divide="ignore", invalid="ignore"):
            away = np.abs(np.log((last - cut) / (cut - begun) / wanted))
        better = able & (away < distance)
        chosen[better], distance[better] = count, away[better]
    order = np.argsort(-chosen, kind="stable")
    return _HeldBack(
        firsts=firsts[order],
        counts=chosen[order],
        times=last[order],
        values=histories.values[firsts + counts - 1][order],
    )


def _mean_drifts(histories: KeyResultHistories, settling: FloatArray) -> FloatArray:
    """Average drift at the start for each settling time, longer histories counting more, the default as a few."""
    several = np.flatnonzero((histories.counts >= 2) & ~histories.is_band)
    firsts, lasts = histories.firsts[several], histories.firsts[several + 1] - 1
    begun, ended = histories.times[firsts], histories.times[lasts]
    # A drift dies down from the start on, or from the first reading where that came earlier: as in the filter.
    origin, span = np.minimum(begun, 0.0), ended - begun
    moved = np.clip((histories.values[lasts] - histories.values[firsts]) / span, -STEEPEST_DRIFT, STEEPEST_DRIFT) * span
    share = len(several) / (len(several) + DEFAULT_WORTH)
    kinds, which = np.unique(settling, return_inverse=True)
    drifts = np.empty(len(kinds))
    for row, kind in enumerate(kinds):
        reach = reached(ended - origin, kind) - reached(begun - origin, kind)
        drifts[row] = share * moved.sum() / max(reach.sum(), 1e-9)
        drifts[row] += (1 - share) * DEFAULT_MEAN_DRIFT / reached(np.ones(1), kind)[0]
    return drifts[which]


def _log_density(run: Filtered, values: FloatArray, *, rows: IndexArray, scales: FloatArray) -> FloatArray:
    deviation = np.sqrt(run.variance[rows]) * scales[:, None]
    density: FloatArray = -0.5 * ((values - run.mean[rows]) / deviation) ** 2 - np.log(deviation)
    return density


def _most_likely_shares(log_likelihood: FloatArray, known: FloatArray) -> FloatArray:
    """Shares of the parts by expectation-maximisation; parts that have become impossible are dropped on the way.

    Each round takes two plain steps and one leap along their direction (squared extrapolation), which plain steps
    would need dozens for.
    """
    likelihood = np.exp(log_likelihood - log_likelihood.max(axis=0)).astype(np.float32)
    # Every part can come back from nothing: a tenth of the default's worth is spread evenly.
    prior = 0.9 * known + 0.1 / len(known)
    alive, shares = np.arange(len(prior)), prior
    for number in range(ROUNDS):
        once = _stepped(shares, likelihood, worth=DEFAULT_WORTH * prior[alive])
        twice = _stepped(once, likelihood, worth=DEFAULT_WORTH * prior[alive])
        first, change = once - shares, twice - 2 * once + shares
        length = max(1.0, float(np.sqrt((first**2).sum() / max((change**2).sum(), 1e-300))))
        leap = shares + 2 * length * first + length**2 * change
        # A leap below zero has gone too far for that part; the plain step that follows sets it right.
        leap = np.where(leap > 0, leap, twice)
        after = _stepped(leap / leap.sum(), likelihood, worth=DEFAULT_WORTH * prior[alive])
        moved = float(np.abs(after - shares).max())
        kept = after > (RAREST if number >= 6 else RAREST / 10)
        if number >= 2 and not kept.all():
            alive, likelihood = alive[kept], likelihood[kept]
            after = after[kept] / after[kept].sum()
        shares = after
        if moved < SETTLED:
            break
    everywhere = np.zeros(len(prior))
    everywhere[alive] = shares
    return everywhere


def _stepped(shares: FloatArray, likelihood: NDArray[np.float32], *, worth: FloatArray) -> FloatArray:
    """One step of expectation-maximisation; `worth` is what the prior counts for, in histories."""
    explained: NDArray[np.float32] = shares.astype(np.float32) @ likelihood
    # A history that only dropped parts could explain must not divide by zero.
    expected = shares * (likelihood @ (1 / np.maximum(explained, np.float32(1e-30))))
    after: FloatArray = expected + worth
    after /= after.sum()
    return after


def _log_sum(values: FloatArray) -> FloatArray:
    top = values.max(axis=0)
    total: FloatArray = top + np.log(np.exp(values - top).sum(axis=0))
    return total


def _backtest(mixtures: NormalMixtures, values: FloatArray) -> Backtest:
    tail = (1 - TESTED_LEVEL) / 2
    inside = (mixtures.quantile(tail) <= values) & (values <= mixtures.quantile(1 - tail))
    n, n_inside = len(inside), int(inside.sum())
    return Backtest(n_inside / n, share_interval(n_inside, n, level=0.95), TESTED_LEVEL, n)
