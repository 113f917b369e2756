"""Where key results will end: a middle, an interval, and the chance of reaching the target."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from throughline_analysis.errors import NotEnoughData
from throughline_analysis.forecasting.filtering import Padded, filtered, padded
from throughline_analysis.forecasting.histories import FloatArray, IndexArray, KeyResultHistories
from throughline_analysis.forecasting.mixes import (
    ProcessMix,
    candidate_processes,
    candidate_scales,
    default_mix,
    log_evidence,
    predictive,
)
from throughline_analysis.forecasting.mixtures import NormalMixtures
from throughline_analysis.intervals import check_level

# The default mix knows no one's habits: a process shows in three readings at the earliest.
FEWEST_WITH_DEFAULT = 3
FEWEST_WITH_LEARNT = 1
# Numbers worked on at once: small enough to stay in the processor's cache.
MOST_AT_ONCE = 24_000


@dataclass(frozen=True, eq=False)
class EndingForecast:
    """One entry per forecast key result in every field, in ascending order of `series`.

    `median`, `low` and `high` are readings at the end in the key result's own unit; `chance` is the probability of
    ending at the target or beyond it (inside the band for a band). `n_readings` went in. `unanswered` lists the key
    results with too few readings, which have no entry.
    """

    series: IndexArray
    median: FloatArray
    low: FloatArray
    high: FloatArray
    chance: FloatArray
    n_readings: IndexArray
    unanswered: IndexArray
    level: float
    method: str


def forecast_endings(
    histories: KeyResultHistories, mix: ProcessMix | None = None, *, level: float = 0.9
) -> EndingForecast:
    """Where each key result will be read at its end, with an interval, and its chance of reaching the target.

    Readings may be few, irregular and missing. The interval is for the reading itself, noise included.

    Parameters
    ----------
    histories : KeyResultHistories
        Of `key_result_histories`.
    mix : ProcessMix, optional
        Of `learn_process_mix`, from the same key results or comparable ones; then one reading is enough. The default
        mix unless given; then three are needed.
    level : float in (0, 1)
        Coverage of the interval.

    Returns
    -------
    EndingForecast
        `series`, `median`, `low`, `high`, `chance`, `n_readings`: each (n_answered,).

    Raises
    ------
    InputError
        The level is out of range.
    NotEnoughData
        No key result has enough readings.

    Notes
    -----
    Every candidate process (a line with noise, deviations that fade, a random walk with drift, a changing drift, one
    that settles; on many scales) is run over the history by the Kalman filter and on to the end. The forecast
    distribution is their mixture, weighed by share in the mix times likelihood of the history raised to the mix's
    evidence power. Readings that span more than the mix knows (`ProcessMix.widest`) are put on a smaller scale, and
    then no direction is expected of them. What cannot be (`lowest`, `highest`) is cut off: the mass beyond a bound
    stands at the bound. A key result that has ended already, with a reading on its last day, is forecast as one more
    reading of that day. The interval assumes that the rest of the time resembles the time before; nobody's plans are
    in it. Its coverage holds on average over key results like those of the mix, not for each of them; with the
    default mix it is a belief (see the methods page for measured coverage by kind). Cost O(n_readings * processes in
    the mix): about 0.1 ms a key result with a learnt mix, ten times as much with the default, which has more parts.

    Source
    ------
    Harvey (1989), Forecasting, Structural Time Series Models and the Kalman Filter, ch. 3,
    doi:10.1017/CBO9781107049994; Hoeting et al. (1999), Statistical Science 14:382-417, doi:10.1214/ss/1009212519.

    Examples
    --------
    >>> histories = key_result_histories(
    ...     [0] * 5, [0, 10, 25, 40, 55], values=[40, 45, 50, 58, 63], starts=[0], ends=[90], baselines=[40],
    ...     targets=[80], lowest=[0], highest=[100])
    >>> forecast = forecast_endings(histories)
    >>> bool(forecast.low[0] < 75 < forecast.high[0]), forecast.n_readings.tolist()
    (True, [5])
    """
    check_level(level)
    used = default_mix() if mix is None else mix
    fewest = FEWEST_WITH_LEARNT if used.n_series else FEWEST_WITH_DEFAULT
    counts = histories.counts
    series = np.flatnonzero(counts >= fewest)
    if not len(series):
        raise NotEnoughData(f"No key result has {fewest} readings yet, and so many are needed; wait for more readings.")
    found = np.empty((4, histories.n_series))
    at_once = max(1, MOST_AT_ONCE // len(used.shares))
    # Neither a band nor what roams far beyond its way has a direction to drift in on average.
    unit = np.maximum(histories.spans / used.widest, 1.0)
    unmoved = replace(used, mean_drifts=np.zeros(len(used.shares)))
    is_aimless = (histories.is_band | (unit > 1.0))[series]
    for alike, its_mix in ((series[~is_aimless], used), (series[is_aimless], unmoved)):
        longest_first = alike[np.argsort(-counts[alike], kind="stable")]
        for begin in range(0, len(alike), at_once):
            some = longest_first[begin : begin + at_once]
            found[:, some] = _forecast_some(histories, some, unit=unit[some], mix=its_mix, level=level)
    median, low, high, chance = found[:, series]
    learnt = f"learnt from {used.n_series} histories" if used.n_series else "default mix"
    return EndingForecast(
        series=series,
        median=median,
        low=low,
        high=high,
        chance=chance,
        n_readings=counts[series],
        unanswered=np.flatnonzero(counts < fewest),
        level=level,
        method=f"mixture of state-space models, {learnt}",
    )


def ending_distributions(histories: Padded, ends: FloatArray, mix: ProcessMix) -> NormalMixtures:
    """Distribution of the reading at the end of each history, on the common scale, before bounds."""
    scales = candidate_scales()[mix.scales]
    used, first_of, rows = np.unique(mix.processes, return_index=True, return_inverse=True)
    processes = candidate_processes().kept(used)
    run = filtered(histories, ends, processes=processes, mean_drifts=mix.mean_drifts[first_of])
    weighed = log_evidence(run, histories.counts, rows=rows, scales=scales)
    if mix.evidence_power != 1:
        weighed *= mix.evidence_power
    weighed += np.log(mix.shares)[:, None]
    return predictive(run, weighed, rows=rows, scales=scales)


def _forecast_some(
    histories: KeyResultHistories, series: IndexArray, *, unit: FloatArray, mix: ProcessMix, level: float
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    cut = padded(histories.times, histories.values, firsts=histories.firsts[series], counts=histories.counts[series])
    mixtures = ending_distributions(replace(cut, values=cut.values / unit), np.ones(len(series)), mix)
    low, high = histories.low[series], histories.high[series]
    tail = (1 - level) / 2
    base, way = histories.baselines[series], histories.ways[series]
    lowest, highest = histories.lowest[series], histories.highest[series]
    # Held to the bounds in the key result's own unit: on the common scale a bound is off by its last digit.
    ends = [np.clip(base + way * unit * mixtures.quantile(share), lowest, highest) for share in (0.5, tail, 1 - tail)]
    short = np.where(high >= 1, mixtures.below(1 / unit), 1.0)
    beyond_start = np.where(low < 0, mixtures.below(np.zeros(len(series))), 0.0)
    chance = np.where(histories.is_band[series], np.where(high <= 1, 1.0, short) - beyond_start, 1.0 - short)
    # On a falling key result the larger reading is the lower end of the common scale.
    return ends[0], np.minimum(ends[1], ends[2]), np.maximum(ends[1], ends[2]), np.clip(chance, 0.0, 1.0)
