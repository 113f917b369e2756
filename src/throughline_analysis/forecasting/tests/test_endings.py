"""Endings: recovery from ten kinds of key result, symmetries, bounds, kinds, and what is refused."""

import datetime
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from throughline_analysis import InputError, NotEnoughData
from throughline_analysis.forecasting import (
    KeyResultHistories,
    ProcessMix,
    default_mix,
    forecast_endings,
    key_result_histories,
    learn_process_mix,
    learning,
    mixes,
)
from throughline_analysis.forecasting.made_up import KINDS, MadeUp, made_up

N_SERIES = 1_000
# Three standard errors of a share of 0.9 among 1,000 are 0.028, and half as much again for the mix that is learnt.
# "S-shaped" is none of the candidates and its course before today is not its course after: its intervals are too wide.
EXPECTED = dict.fromkeys(KINDS, (0.855, 0.95)) | {"S-shaped": (0.855, 0.985)}


def histories_of(made: MadeUp) -> KeyResultHistories:
    n_series = len(made.endings)
    return key_result_histories(
        made.series,
        made.times,
        values=made.values,
        starts=np.zeros(n_series),
        ends=np.ones(n_series),
        baselines=np.zeros(n_series),
        targets=np.ones(n_series),
    )


def one(times: list[float], values: list[float], **terms: object) -> KeyResultHistories:
    given = {"starts": [0.0], "ends": [100.0], "baselines": [0.0], "targets": [100.0], **terms}
    return key_result_histories([0] * len(times), times, values=values, **given)


@pytest.mark.parametrize("kind", KINDS)
def test_intervals_hold_as_often_as_they_say_when_the_mix_was_learnt(kind: str) -> None:
    rng = np.random.default_rng(6)
    made = made_up(kind, N_SERIES, rng)
    histories = histories_of(made)
    forecast = forecast_endings(histories, learn_process_mix(histories, rng=rng))
    ends = made.endings[forecast.series]
    covered = float(((forecast.low <= ends) & (ends <= forecast.high)).mean())
    least, most = EXPECTED[kind]
    assert least <= covered <= most


def test_the_default_mix_holds_on_average_over_the_kinds_and_chances_say_more_than_the_overall_share() -> None:
    rng = np.random.default_rng(8)
    covered, chances, reached = [], [], []
    for kind in KINDS:
        made = made_up(kind, 300, rng)
        forecast = forecast_endings(histories_of(made))
        ends = made.endings[forecast.series]
        covered.append((forecast.low <= ends) & (ends <= forecast.high))
        chances.append(forecast.chance)
        reached.append(ends >= 1)
    # Mean over 3,000 key results: three standard errors are 0.017; the default is a belief, so 0.03 more.
    assert 0.85 <= np.concatenate(covered).mean() <= 0.95
    said, happened = np.concatenate(chances), np.concatenate(reached)
    assert ((said - happened) ** 2).mean() < 0.8 * happened.mean() * (1 - happened.mean())


@given(st.floats(0.01, 1e4), st.floats(-1e4, 1e4), st.sampled_from([1.0, -1.0]))
@settings(max_examples=20)
def test_units_and_direction_do_not_matter(unit: float, origin: float, sign: float) -> None:
    times, values = [0.0, 20.0, 35.0, 60.0], np.array([0.0, 10.0, 30.0, 45.0])
    plain = forecast_endings(one(times, values.tolist()))
    way = sign * unit
    other = forecast_endings(
        one(times, (origin + way * values).tolist(), baselines=[origin], targets=[origin + 100 * way])
    )
    low, high = sorted([origin + way * plain.low[0], origin + way * plain.high[0]])
    # Quantiles are found to a millionth of probability, and an offset costs digits.
    room = unit * 0.01 + abs(origin) * 1e-9
    assert other.low[0] == pytest.approx(low, abs=room)
    assert other.high[0] == pytest.approx(high, abs=room)
    assert other.median[0] == pytest.approx(origin + way * plain.median[0], abs=room)
    assert other.chance[0] == pytest.approx(plain.chance[0], abs=1e-4)


def test_order_of_rows_missing_readings_and_dates_instead_of_numbers_change_nothing() -> None:
    plain = forecast_endings(one([0.0, 20.0, 60.0], [0.0, 10.0, 45.0]))
    mixed = forecast_endings(one([60.0, 30.0, 0.0, 20.0], [45.0, np.nan, 0.0, 10.0]))
    start = np.datetime64("2026-01-01")
    dated = forecast_endings(
        one(
            start + np.array([0, 20, 60]).astype("timedelta64[D]"),
            [0.0, 10.0, 45.0],
            starts=np.array([start]),
            ends=np.array([start + np.timedelta64(100, "D")]),
        )
    )
    for name in ("median", "low", "high", "chance"):
        assert getattr(mixed, name)[0] == getattr(plain, name)[0]
        assert getattr(dated, name)[0] == pytest.approx(getattr(plain, name)[0], abs=1e-9)


def test_the_last_of_several_readings_at_one_moment_counts() -> None:
    corrected = forecast_endings(one([0.0, 20.0, 60.0, 60.0], [0.0, 10.0, 99.0, 45.0]))
    assert corrected.median[0] == forecast_endings(one([0.0, 20.0, 60.0], [0.0, 10.0, 45.0])).median[0]
    assert corrected.n_readings.tolist() == [3]


def test_no_forecast_leaves_what_a_reading_can_be() -> None:
    bounded = forecast_endings(one([0.0, 30.0, 60.0], [80.0, 90.0, 97.0], lowest=[0.0], highest=[100.0]))
    free = forecast_endings(one([0.0, 30.0, 60.0], [80.0, 90.0, 97.0]))
    assert bounded.high[0] == 100.0 < free.high[0]
    assert bounded.low[0] == pytest.approx(free.low[0])
    falling = forecast_endings(one([0.0, 30.0, 60.0], [20.0, 10.0, 3.0], baselines=[25.0], targets=[5.0], lowest=[0.0]))
    assert falling.low[0] == 0.0


def test_a_target_beyond_the_bound_has_no_chance_and_one_at_the_bound_has_what_piles_up_there() -> None:
    times, values = [0.0, 30.0, 60.0], [80.0, 90.0, 97.0]
    beyond = forecast_endings(one(times, values, targets=[101.0], highest=[100.0]))
    assert beyond.chance[0] == 0.0
    at_bound = forecast_endings(one(times, values, targets=[100.0], highest=[100.0]))
    assert at_bound.chance[0] == pytest.approx(forecast_endings(one(times, values)).chance[0])


def test_a_band_has_no_direction_and_is_kept_for_certain_when_nothing_else_can_be_read() -> None:
    times, values = [0.0, 20.0, 40.0, 60.0], [50.0, 58.0, 45.0, 52.0]
    band = forecast_endings(one(times, values, is_band=[True]))
    mirrored = forecast_endings(one(times, [100 - value for value in values], is_band=[True]))
    assert 0 < band.chance[0] < 1
    assert mirrored.chance[0] == pytest.approx(band.chance[0], abs=1e-9)
    assert mirrored.median[0] == pytest.approx(100 - band.median[0], abs=1e-2)
    certain = forecast_endings(one(times, values, is_band=[True], lowest=[0.0], highest=[100.0]))
    assert certain.chance[0] == 1.0


def test_more_time_ahead_widens_and_a_finished_key_result_is_known_but_for_noise() -> None:
    near = forecast_endings(one([0.0, 30.0, 60.0], [0.0, 30.0, 60.0], ends=[70.0]))
    far = forecast_endings(one([0.0, 30.0, 60.0], [0.0, 30.0, 60.0], ends=[160.0]))
    assert near.high[0] - near.low[0] < far.high[0] - far.low[0]
    done = forecast_endings(one([0.0, 50.0, 100.0], [0.0, 50.0, 100.0]))
    assert done.low[0] <= 100 <= done.high[0]
    assert done.high[0] - done.low[0] < 40


def test_key_results_with_too_few_readings_are_listed_and_the_others_answered() -> None:
    histories = key_result_histories(
        [1, 1, 1, 2],
        [0, 10, 20, 5],
        values=[0, 1, 2, 3],
        starts=[0, 0, 0],
        ends=[90, 90, 90],
        baselines=[0, 0, 0],
        targets=[9, 9, 9],
    )
    forecast = forecast_endings(histories)
    assert forecast.series.tolist() == [1]
    assert forecast.unanswered.tolist() == [0, 2]
    assert len(forecast.median) == len(forecast.chance) == 1
    learnt = ProcessMix(**{**vars_of(default_mix()), "n_series": 60})
    assert forecast_endings(histories, learnt).series.tolist() == [1, 2]


def vars_of(mix: ProcessMix) -> dict[str, object]:
    return {name: getattr(mix, name) for name in mix.__dataclass_fields__}


def test_no_answer_where_nobody_has_enough_readings() -> None:
    with pytest.raises(NotEnoughData, match="3 readings"):
        forecast_endings(one([0.0, 10.0], [1.0, 2.0]))
    with pytest.raises(NotEnoughData, match="at least 50"):
        learn_process_mix(one([0.0, 10.0, 20.0, 30.0], [1.0, 2.0, 3.0, 4.0]), rng=np.random.default_rng(1))


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        ({"targets": [0.0]}, "another target"),
        ({"ends": [-1.0]}, "does not end after"),
        ({"ends": [50.0]}, "after its end"),
        ({"highest": [5.0]}, "lies outside"),
        ({"lowest": [5.0], "highest": [4.0]}, "below `highest`"),
        ({"baselines": [np.nan]}, "not finite"),
        ({"is_band": [1]}, "True or False"),
        ({"targets": [1e-9]}, "check its unit"),
        ({"starts": [0.0, 0.0]}, "one entry per key result"),
    ],
)
def test_terms_that_cannot_be_are_refused(terms: dict[str, object], words: str) -> None:
    with pytest.raises(InputError, match=words):
        one([0.0, 20.0, 60.0], [0.0, 10.0, 45.0], **terms)


def test_a_level_out_of_range_is_refused() -> None:
    with pytest.raises(InputError, match="coverage"):
        forecast_endings(one([0.0, 20.0, 60.0], [0.0, 10.0, 45.0]), level=1.0)


def test_inputs_stay_unchanged_and_learning_is_the_same_every_time() -> None:
    made = made_up("steady", 80, np.random.default_rng(3), fewest=4)
    values, times = made.values.copy(), made.times.copy()
    histories = histories_of(made)
    first = learn_process_mix(histories, rng=np.random.default_rng(5))
    again = learn_process_mix(histories, rng=np.random.default_rng(5))
    assert np.array_equal(first.shares, again.shares)
    assert np.array_equal(made.values, values)
    assert np.array_equal(made.times, times)
    assert first.shares.sum() == pytest.approx(1)
    assert first.backtest is not None
    assert first.backtest.n == first.n_series == int((histories.counts >= 4).sum())


@pytest.fixture
def fresh_default_mix() -> Iterator[None]:
    """The default mix is made once; tests that change what it is made of need it made anew, before and after."""
    mixes.default_mix.cache_clear()
    yield
    mixes.default_mix.cache_clear()


# Three standard errors of 0.9 among 600, twice.
HARDLY_CHANGED = (0.83, 0.97)


@pytest.mark.usefixtures("fresh_default_mix")
@pytest.mark.parametrize("factor", [0.5, 2.0])
@pytest.mark.parametrize(
    ("module", "name"),
    [
        (mixes, "SMALLEST_SCALE"),
        (learning, "DEFAULT_WORTH"),
        (learning, "STEEPEST_DRIFT"),
        (learning, "SMALLEST_SHARE"),
    ],
)
def test_half_and_double_what_learning_is_tuned_by_changes_no_coverage_that_matters(
    module: object, name: str, factor: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = made_up("random walk", 600, np.random.default_rng(9))
    histories = histories_of(made)
    monkeypatch.setattr(module, name, getattr(module, name) * factor)
    forecast = forecast_endings(histories, learn_process_mix(histories, rng=np.random.default_rng(1)))
    assert HARDLY_CHANGED[0] <= held(forecast.low, forecast.high, made.endings[forecast.series]) <= HARDLY_CHANGED[1]


@pytest.mark.usefixtures("fresh_default_mix")
@pytest.mark.parametrize("factor", [0.5, 2.0])
@pytest.mark.parametrize("name", ["DEFAULT_TAIL", "DEFAULT_TAIL_SPREAD", "DEFAULT_DRIFT_TAIL_SPREAD", "DEFAULT_WIDEST"])
def test_half_and_double_the_tails_of_the_default_mix_change_no_coverage_that_matters(
    name: str, factor: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mixes, name, getattr(mixes, name) * factor)
    made = [made_up(kind, 60, np.random.default_rng(12)) for kind in KINDS]
    found = [(forecast_endings(histories_of(one)), one.endings) for one in made]
    covered = np.mean([held(forecast.low, forecast.high, ends[forecast.series]) for forecast, ends in found])
    assert HARDLY_CHANGED[0] <= covered <= HARDLY_CHANGED[1]


def held(low: np.ndarray, high: np.ndarray, ends: np.ndarray) -> float:
    return float(((low <= ends) & (ends <= high)).mean())


def roaming(kind: str, ways: float, rng: np.random.Generator) -> tuple[KeyResultHistories, np.ndarray]:
    """300 key results whose readings roam or grow over many times the way from baseline to target; and their ends."""
    n, n_readings = 300, 6
    times = np.hstack([np.sort(rng.uniform(0, 0.6, (n, n_readings)), axis=1), np.ones((n, 1))])
    noise = rng.normal(size=times.shape)
    values = ways * (noise if kind == "noise" else times * rng.normal(1, 0.3, (n, 1)) + 0.05 * noise)
    histories = key_result_histories(
        np.repeat(np.arange(n), n_readings),
        times[:, :-1].ravel(),
        values=values[:, :-1].ravel(),
        starts=np.zeros(n),
        ends=np.ones(n),
        baselines=np.zeros(n),
        targets=np.ones(n),
    )
    return histories, values[:, -1]


@pytest.mark.parametrize("kind", ["noise", "growth"])
@pytest.mark.parametrize("ways", [3.0, 20.0, 1000.0])
def test_a_target_too_near_for_its_readings_makes_no_narrow_interval(kind: str, ways: float) -> None:
    histories, ends = roaming(kind, ways, np.random.default_rng(14))
    forecast = forecast_endings(histories)
    # Before the readings were put on their own scale, twenty ways of noise were covered one time in ten.
    assert 0.84 <= held(forecast.low, forecast.high, ends) <= 0.97


def test_one_wild_key_result_changes_no_mix_and_gets_an_interval_as_wide_as_itself() -> None:
    made = made_up("steady", 200, np.random.default_rng(15), fewest=5)
    wild = made.values.copy()
    wild[made.series == 0] *= 1e5
    histories = histories_of(MadeUp(made.series, made.times, wild, made.endings))
    mix = learn_process_mix(histories, rng=np.random.default_rng(1))
    forecast = forecast_endings(histories, mix)
    assert mix.widest < 3
    covered = held(forecast.low[1:], forecast.high[1:], made.endings[1:])
    assert 0.84 <= covered <= 1
    assert forecast.high[0] - forecast.low[0] > 0.1 * np.ptp(wild[made.series == 0])


def test_readings_before_the_start_continue_and_do_not_explode() -> None:
    # A quarter begins today, and everything known is from the quarter before: rising by a third of the way per length.
    rng, n = np.random.default_rng(16), 60
    times = np.tile([-0.9, -0.6, -0.3, 0.0], n)
    values = times / 3 + 0.3 + rng.normal(0, 0.02, 4 * n)
    histories = histories_of(MadeUp(np.repeat(np.arange(n), 4), times, values, np.zeros(n)))
    mix = learn_process_mix(histories, rng=rng)
    assert np.abs(mix.mean_drifts).max() < 3
    forecast = forecast_endings(histories, mix)
    assert forecast.median == pytest.approx(0.63, abs=0.15)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=25)
def test_no_end_leaves_the_bounds_by_its_last_digit(seed: int) -> None:
    rng = np.random.default_rng(seed)
    base, target = rng.normal(size=2).tolist()
    low, high = min(base, target) - rng.random() / 9, max(base, target) + rng.random() / 9
    values = rng.uniform(low, high, 4).tolist()
    bounds = {"baselines": [base], "targets": [target], "lowest": [low], "highest": [high]}
    forecast = forecast_endings(one([0.0, 20.0, 35.0, 60.0], values, **bounds), level=0.99)
    assert low <= forecast.low[0] <= forecast.median[0] <= forecast.high[0] <= high


def test_plain_dates_are_dates_and_dates_beside_numbers_are_refused() -> None:
    days = [datetime.date(2026, 1, 1) + datetime.timedelta(days=day) for day in (0, 20, 60, 100)]
    dated = forecast_endings(one(days[:3], [0.0, 10.0, 45.0], starts=days[:1], ends=days[3:]))
    assert dated.median[0] == pytest.approx(forecast_endings(one([0, 20, 60], [0.0, 10.0, 45.0])).median[0], abs=1e-9)
    with pytest.raises(InputError, match="mix dates and numbers"):
        one([0.0, 20.0, 60.0], [0.0, 10.0, 45.0], starts=days[:1], ends=days[3:])
    with pytest.raises(InputError, match="one row of dates or finite numbers"):
        one(["2026-01-01"], [0.0])
