"""What each candidate process makes of a history: how well it fits, and where it sees the key result at its end.

Internal to `forecasting`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from throughline_analysis.forecasting.histories import BoolArray, FloatArray, IndexArray

# A process without noise knows a reading of the same moment exactly, and rounding would make its variance negative.
LEAST_VARIANCE = 1e-6


@dataclass(frozen=True, eq=False)
class Processes:
    """Candidate processes, one per row of each field; variances are in units of the scale squared.

    The value is a level that drifts, plus a deviation that fades over `memory`, plus the noise of reading it.
    `noise` and `deviation` are variances, `wander` and `bend` the variance that level and drift gain per unit of
    time, `settling` the time over which the drift dies down (inf: never), `drift` the standard deviation of the
    drift between key results.
    """

    noise: FloatArray
    deviation: FloatArray
    memory: FloatArray
    wander: FloatArray
    bend: FloatArray
    settling: FloatArray
    drift: FloatArray

    def __len__(self) -> int:
        return len(self.noise)

    def kept(self, rows: IndexArray | BoolArray) -> Processes:
        """Only these rows."""
        return Processes(
            *(
                column[rows]
                for column in (
                    self.noise,
                    self.deviation,
                    self.memory,
                    self.wander,
                    self.bend,
                    self.settling,
                    self.drift,
                )
            )
        )


@dataclass(frozen=True, eq=False)
class Padded:
    """Histories side by side, longest first: `times` and `values` are (longest, n_series), `counts` (n_series,)."""

    times: FloatArray
    values: FloatArray
    counts: IndexArray

    @property
    def last(self) -> FloatArray:
        """Time of the last reading of each history."""
        last: FloatArray = self.times[self.counts - 1, np.arange(len(self.counts))]
        return last


@dataclass(frozen=True, eq=False)
class Filtered:
    """For each process and history, (n_processes, n_series).

    `squares` is the sum of squared surprises and `log_spread` the sum of their log variances; `mean` and `variance`
    are of a reading at the end. Variances are to be multiplied by the scale squared.
    """

    squares: FloatArray
    log_spread: FloatArray
    mean: FloatArray
    variance: FloatArray


@dataclass(eq=False)
class _State:
    """Mean and covariance of level, drift and deviation; l, d, r in the names of the covariances."""

    level: FloatArray
    drift: FloatArray
    deviation: FloatArray
    ll: FloatArray
    ld: FloatArray
    lr: FloatArray
    dd: FloatArray
    dr: FloatArray
    rr: FloatArray

    def columns(self) -> tuple[FloatArray, ...]:
        return (self.level, self.drift, self.deviation, self.ll, self.ld, self.lr, self.dd, self.dr, self.rr)


def padded(times: FloatArray, values: FloatArray, *, firsts: IndexArray, counts: IndexArray) -> Padded:
    """Histories as columns; `counts` must not increase."""
    longest = int(counts.max(initial=1))
    rows = firsts[None, :] + np.minimum(np.arange(longest)[:, None], counts[None, :] - 1)
    return Padded(times=times[rows], values=values[rows], counts=counts)


def filtered(histories: Padded, ends: FloatArray, *, processes: Processes, mean_drifts: FloatArray) -> Filtered:
    """Run every process over every history (Kalman filter), and on to the ends.

    The level before the first reading is unknown, which is treated exactly: the first reading only places it.
    `mean_drifts`, (n_processes,), are those at time 0; a drift that settles has become smaller by the first reading.
    Cost O(n_processes * n_readings).
    """
    state = _first_state(histories, processes, mean_drifts)
    shape = state.level.shape
    squares, log_spread = np.zeros(shape), np.zeros(shape)
    noise = processes.noise[:, None]
    for step in range(1, len(histories.times)):
        # Longest first: those that have this reading stand in front.
        running = int(np.searchsorted(-histories.counts, -step, side="left"))
        if running == 0:
            break
        gap = histories.times[step, :running] - histories.times[step - 1, :running]
        ahead = _moved(_State(*(column[:, :running] for column in state.columns())), gap, processes)
        towards_level, towards_deviation = ahead.ll + ahead.lr, ahead.lr + ahead.rr
        towards_drift = ahead.ld + ahead.dr
        spread = np.maximum(towards_level + towards_deviation + noise, LEAST_VARIANCE)
        surprise = histories.values[step, :running] - ahead.level - ahead.deviation
        gain = surprise / spread
        squares[:, :running] += surprise * gain
        log_spread[:, :running] += np.log(spread)
        after = (
            ahead.level + towards_level * gain,
            ahead.drift + towards_drift * gain,
            ahead.deviation + towards_deviation * gain,
            ahead.ll - towards_level * towards_level / spread,
            ahead.ld - towards_level * towards_drift / spread,
            ahead.lr - towards_level * towards_deviation / spread,
            ahead.dd - towards_drift * towards_drift / spread,
            ahead.dr - towards_drift * towards_deviation / spread,
            ahead.rr - towards_deviation * towards_deviation / spread,
        )
        for column, new in zip(state.columns(), after, strict=True):
            column[:, :running] = new
    final = _moved(state, ends - histories.last, processes)
    return Filtered(
        squares=squares,
        log_spread=log_spread,
        mean=final.level + final.deviation,
        variance=np.maximum(final.ll + 2 * final.lr + final.rr + noise, LEAST_VARIANCE),
    )


def reached(time: FloatArray, settling: FloatArray) -> FloatArray:
    """How far a drift of one has led by `time`; `settling` inf: just as far as `time`."""
    with np.errstate(invalid="ignore"):
        reach: FloatArray = np.where(np.isfinite(settling), -settling * np.expm1(-time / settling), time)
    return reach


def _first_state(histories: Padded, processes: Processes, mean_drifts: FloatArray) -> _State:
    """After the first reading: level = reading - deviation - noise, so level and deviation hang together."""
    shape = (len(processes), len(histories.counts))
    noise, deviation = processes.noise[:, None], processes.deviation[:, None]
    lasting = np.exp(-np.maximum(histories.times[0], 0.0) / processes.settling[:, None])

    def filled(values: FloatArray | float) -> FloatArray:
        return np.array(np.broadcast_to(values, shape), dtype=np.float64)

    return _State(
        level=filled(histories.values[0]),
        drift=filled(lasting * mean_drifts[:, None]),
        deviation=filled(0.0),
        ll=filled(noise + deviation),
        ld=filled(0.0),
        lr=filled(-deviation),
        dd=filled((lasting * processes.drift[:, None]) ** 2),
        dr=filled(0.0),
        rr=filled(deviation),
    )


def _moved(state: _State, gap: FloatArray, processes: Processes) -> _State:
    """The state a gap later."""
    settling, memory = processes.settling[:, None], processes.memory[:, None]
    lasting = np.exp(-gap / settling)
    reach = reached(gap, settling)
    fading = np.exp(-gap / memory)
    bend, wander, deviation = processes.bend[:, None], processes.wander[:, None], processes.deviation[:, None]
    carried = state.ld + reach * state.dd
    return _State(
        level=state.level + reach * state.drift,
        drift=lasting * state.drift,
        deviation=fading * state.deviation,
        ll=state.ll + reach * (state.ld + carried) + gap * (wander + bend * gap * gap / 3),
        ld=lasting * carried + bend * gap * gap / 2,
        lr=fading * (state.lr + reach * state.dr),
        dd=lasting * lasting * state.dd + bend * gap,
        dr=lasting * fading * state.dr,
        rr=fading * fading * state.rr + deviation * (1 - fading * fading),
    )
