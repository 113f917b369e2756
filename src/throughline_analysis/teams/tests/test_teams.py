"""Teams: published values, networkx, brute force, properties, and known answers from simulation."""

import itertools

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from throughline_analysis import InputError, NotEnoughData
from throughline_analysis.teams import (
    cross_unit_collaboration,
    degree_centralisation,
    leadership_network,
    load_balance,
    participation_equality,
)
from throughline_analysis.teams.equality import gini


def seeded(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


turns = st.lists(st.integers(0, 30), min_size=3, max_size=8).filter(lambda counts: sum(counts) >= 20)


@given(turns)
def test_gini_is_the_mean_difference_of_all_pairs(counts: list[int]) -> None:
    # The definition: mean absolute difference over pairs, divided by twice the mean (Deltas 2003, equations 1 and 5).
    n = len(counts)
    pairs = sum(abs(one - other) for one, other in itertools.permutations(counts, 2))
    expected = pairs / (n * (n - 1)) / (2 * sum(counts) / n)
    assert gini([counts])[0] == pytest.approx(expected)


def test_one_person_doing_everything_is_one_and_all_alike_is_zero_in_teams_of_any_size() -> None:
    for n_people in (3, 5, 20):
        assert gini([[60] + [0] * (n_people - 1)])[0] == pytest.approx(1)
        assert gini([[4] * n_people])[0] == pytest.approx(0)


def test_evenness_is_the_published_ratio() -> None:
    # Pielou (1966): entropy over its largest value; two of four people alike give log 2 / log 4.
    from throughline_analysis.teams.equality import _evenness

    assert _evenness([[10, 10, 0, 0]])[0] == pytest.approx(0.5)


@settings(max_examples=12)
@given(turns, st.randoms(use_true_random=False))
def test_order_of_people_does_not_matter_and_the_interval_holds_the_estimate(
    counts: list[int], shuffle: object
) -> None:
    mixed = list(counts)
    shuffle.shuffle(mixed)
    one, other = participation_equality(counts, rng=seeded()), participation_equality(mixed, rng=seeded())
    assert one.gini_observed == pytest.approx(other.gini_observed)
    # Only the draws differ: 400 a power leave the estimate some hundredths of play.
    assert one.gini == pytest.approx(other.gini, abs=0.08)
    assert 0 <= one.gini_interval.low <= one.gini <= one.gini_interval.high <= 1
    assert 0 <= one.evenness_interval.low <= one.evenness <= one.evenness_interval.high <= 1


def test_ten_times_the_turns_narrow_the_interval_and_leave_the_observed_value() -> None:
    few, many = (participation_equality(np.array([12, 6, 5, 4, 3]) * times, rng=seeded()) for times in (1, 10))
    assert few.gini_observed == pytest.approx(many.gini_observed)
    assert many.gini_interval.high - many.gini_interval.low < few.gini_interval.high - few.gini_interval.low
    assert many.gini_if_equal < few.gini_if_equal


@pytest.mark.parametrize(
    ("shares", "n_turns"),
    [([0.4, 0.2, 0.15, 0.15, 0.1], 40), ([0.125] * 8, 60), ([0.3, 0.3, 0.2, 0.1, 0.05, 0.05], 120)],
)
def test_intervals_cover_the_long_run_inequality(shares: list[float], n_turns: int) -> None:
    rng = seeded(3)
    truth = float(gini([shares])[0])
    covered = estimates = 0.0
    for _ in range(40):
        found = participation_equality(rng.multinomial(n_turns, shares), rng=rng)
        covered += found.gini_interval.low <= truth <= found.gini_interval.high
        estimates += found.gini / 40
    # 40 draws at 95 %: 38 expected, standard deviation 1.4.
    assert covered >= 34
    # What chance adds to equal shares, about 0.2 with 60 turns of eight people, is mostly taken off.
    assert estimates == pytest.approx(truth, abs=0.1)


@pytest.mark.parametrize("prior", [0.25, 0.5, 1.0])
def test_half_and_double_the_prior_turns_hardly_move_the_estimate(
    prior: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = participation_equality([40, 21, 12, 5, 0], rng=seeded())
    monkeypatch.setattr("throughline_analysis.teams.equality.PRIOR_TURNS", prior)
    found = participation_equality([40, 21, 12, 5, 0], rng=seeded())
    assert found.gini == pytest.approx(usual.gini, abs=0.02)


def test_turns_taken_in_rounds_are_equal_for_certain() -> None:
    found = participation_equality([10, 10, 10], rng=seeded())
    assert (found.gini, found.gini_interval.low, found.gini_interval.high) == (0, 0, 0)
    assert found.gini_if_equal > 0.1


def test_turns_that_hang_together_count_for_fewer() -> None:
    rng = seeded(4)
    shares = rng.dirichlet(np.full(5, 3.0), size=12)
    together = np.array([rng.multinomial(20, row) for row in shares])
    found = participation_equality(together, rng=seeded())
    plain = participation_equality(together.sum(axis=0), rng=seeded())
    assert found.dispersion > 2
    assert plain.dispersion == 1
    assert found.gini_interval.high - found.gini_interval.low > plain.gini_interval.high - plain.gini_interval.low
    assert found.n_occasions == 12


@pytest.mark.parametrize(
    ("given_turns", "error", "message"),
    [
        ([10, 11], NotEnoughData, "among 2 people"),
        ([5, 5, 5], NotEnoughData, "15 turns"),
        ([-1, 20, 20], InputError, "negative"),
        ([1.5, 20, 20], InputError, "whole"),
        ([[[20, 20, 20]]], InputError, "3 dimensions"),
    ],
)
def test_unfit_turns_are_refused(given_turns: object, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        participation_equality(given_turns, rng=seeded())


def test_three_people_with_twenty_turns_are_the_least() -> None:
    given_turns = np.array([10, 6, 4])
    assert participation_equality(given_turns, rng=seeded()).n_turns == 20
    assert given_turns.tolist() == [10, 6, 4]


def test_florentine_marriages_have_their_published_centralisation() -> None:
    # Wasserman and Faust (1994), Social Network Analysis, section 5.2.2: 0.267 for sixteen families, one of them
    # without a marriage.
    ties = np.zeros((16, 16), dtype=bool)
    ties[:15, :15] = nx.to_numpy_array(nx.florentine_families_graph()) > 0
    assert degree_centralisation(ties) == pytest.approx(0.267, abs=0.0005)


@pytest.mark.parametrize(
    ("graph", "expected"), [(nx.star_graph(6), 1.0), (nx.cycle_graph(7), 0.0), (nx.path_graph(5), 1 / 6)]
)
def test_star_circle_and_line_have_freemans_values(graph: nx.Graph, expected: float) -> None:
    # Freeman (1978), figure 1 and table: the star is 1, the circle 0; the line of five has (2 * 1) / 12.
    assert degree_centralisation(nx.to_numpy_array(graph)) == pytest.approx(expected)


def test_a_directed_star_is_wholly_central_and_everybody_naming_everybody_not_at_all() -> None:
    star = leadership_network([1, 2, 3, 4, 5, 6], [0] * 6, n_people=7, rng=seeded())
    assert (star.centralisation, star.decentralisation, star.effective_leaders) == (1, 0, pytest.approx(1))
    pairs = list(itertools.permutations(range(6), 2))
    full = leadership_network(*zip(*pairs, strict=True), n_people=6, rng=seeded())
    assert (full.density, full.centralisation, full.reciprocity) == (1, 0, 1)
    assert full.effective_leaders == pytest.approx(6)


@pytest.mark.parametrize("seed", range(4))
def test_density_and_reciprocity_equal_those_of_networkx(seed: int) -> None:
    graph = nx.gnp_random_graph(9, 0.3, seed=seed, directed=True)
    found = leadership_network(*zip(*graph.edges(), strict=True), n_people=9, rng=seeded())
    assert found.density == pytest.approx(nx.density(graph))
    assert found.reciprocity == pytest.approx(nx.reciprocity(graph))
    degrees = np.array([degree for _, degree in graph.in_degree()])
    assert found.centralisation == pytest.approx((degrees.max() - degrees).sum() / 64)
    assert found.named_share == pytest.approx(degrees / 8)


def test_missing_answers_do_not_change_what_the_others_say() -> None:
    # All who answer name person 0; with half the answers missing the star is still a star.
    answered = [False, True, True, True, True, True, False, False]
    found = leadership_network([1, 2, 3, 4, 5], [0] * 5, n_people=8, rng=seeded(), answered=answered)
    assert found.centralisation == pytest.approx(1)
    assert found.n_answers == 5


def test_naming_somebody_twice_counts_once() -> None:
    once = leadership_network([1, 2, 3], [0, 0, 1], n_people=6, rng=seeded())
    twice = leadership_network([1, 1, 2, 3], [0, 0, 0, 1], n_people=6, rng=seeded())
    assert once.density == twice.density


def test_a_planted_leader_is_above_chance_and_equals_are_not() -> None:
    rng = seeded(5)
    chance = np.full(12, 0.2)
    chance[0] = 0.8
    covered = 0
    for _ in range(60):
        table = rng.random((12, 12)) < chance
        np.fill_diagonal(table, False)
        found = leadership_network(*np.nonzero(table), n_people=12, rng=rng)
        assert found.centralisation > found.centralisation_by_chance
        covered += found.density_interval.low <= 0.25 <= found.density_interval.high
    # 60 draws at 95 %: 57 expected, standard deviation 1.7. Mean density is (0.8 + 11 * 0.2) / 12.
    assert covered >= 51
    even = [leadership_network(*np.nonzero(_even(rng)), n_people=12, rng=rng) for _ in range(20)]
    assert np.mean([one.centralisation - one.centralisation_by_chance for one in even]) == pytest.approx(0, abs=0.05)


def _even(rng: np.random.Generator) -> np.ndarray:
    table = rng.random((12, 12)) < 0.2
    np.fill_diagonal(table, False)
    return table


@pytest.mark.parametrize(
    ("namers", "leaders", "options", "message"),
    [
        ([0], [0], {}, "names themselves"),
        ([0], [6], {}, "outside"),
        ([0, 1], [1], {}, "same length"),
        ([0], [1], {"answered": [False] + [True] * 5}, "not among those who answered"),
        ([0], [1], {"answered": [True]}, "one entry for each"),
        ([0], [1], {"answered": [float("nan")] * 6}, "yes or no"),
        ([0], [1], {"level": 1.5}, "level"),
        ([0.5], [1], {}, "whole"),
    ],
)
def test_unfit_namings_are_refused(namers: list, leaders: list, options: dict, message: str) -> None:
    with pytest.raises(InputError, match=message):
        leadership_network(namers, leaders, n_people=6, rng=seeded(), **options)


def test_four_answers_are_too_few_and_five_without_a_name_are_enough() -> None:
    with pytest.raises(NotEnoughData, match="4 people answered"):
        leadership_network([0], [1], n_people=4, rng=seeded())
    nobody = leadership_network([], [], n_people=5, rng=seeded())
    assert (nobody.density, nobody.centralisation, nobody.effective_leaders) == (0, 0, 0)
    with pytest.raises(InputError, match="symmetric"):
        degree_centralisation([[0, 1], [0, 0]])


def karate() -> tuple[nx.Graph, list[int]]:
    graph = nx.karate_club_graph()
    return graph, [int(graph.nodes[person]["club"] == "Officer") for person in graph]


def test_expected_less_observed_is_the_modularity_of_networkx() -> None:
    graph, units = karate()
    found = cross_unit_collaboration(*zip(*graph.edges(), strict=True), units=units, rng=seeded())
    groups = [{person for person in graph if units[person] == unit} for unit in (0, 1)]
    modularity = nx.community.modularity(graph, groups, weight=None)
    assert found.expected - found.share_across == pytest.approx(modularity)
    # Zachary (1977): 34 members, 78 ties; eleven of them run across the split as it happened.
    assert found.share_across == pytest.approx(11 / 78)
    assert found.external_internal == pytest.approx((11 - 67) / 78)
    assert found.interval.high < 1
    assert found.ratio < found.chance_low
    assert found.chance_share < 0.01


def test_between_units_adds_up_to_the_whole() -> None:
    graph, units = karate()
    found = cross_unit_collaboration(*zip(*graph.edges(), strict=True), units=units, rng=seeded())
    assert found.between[0, 1] == found.between[1, 0] == pytest.approx(found.ratio)
    assert found.between[0, 0] > 1
    assert found.units.tolist() == [0, 1]


def test_the_jackknife_equals_leaving_everybody_out_one_by_one() -> None:
    graph, units = karate()
    found = cross_unit_collaboration(*zip(*graph.edges(), strict=True), units=units, rng=seeded())
    values = []
    for person in graph:
        rest = graph.copy()
        rest.remove_node(person)
        across = sum(units[one] != units[other] for one, other in rest.edges()) / rest.number_of_edges()
        activity = np.bincount([units[v] for v in rest], weights=[degree for _, degree in rest.degree()], minlength=2)
        values.append(across / (1 - np.sum((activity / activity.sum()) ** 2)))
    error = np.sqrt(33 / 34 * np.sum((np.array(values) - np.mean(values)) ** 2))
    assert found.interval.high - found.ratio == pytest.approx(2.0345 * error, rel=1e-4)  # t with 33 degrees, 97.5 %


def test_weights_and_repeated_ties_are_the_same() -> None:
    graph, units = karate()
    edges = list(graph.edges())
    doubled = cross_unit_collaboration(*zip(*edges, *edges, strict=True), units=units, rng=seeded())
    weighted = cross_unit_collaboration(*zip(*edges, strict=True), units=units, weights=[2.0] * 78, rng=seeded())
    assert doubled.ratio == pytest.approx(weighted.ratio)
    assert doubled.interval.low == pytest.approx(weighted.interval.low)


def test_ties_that_know_no_units_are_at_chance_and_planted_silos_are_not() -> None:
    rng = seeded(6)
    units = np.repeat([0, 1, 2], 12)
    shares, below = [], 0
    for _ in range(12):
        pairs = np.array([pair for pair in itertools.combinations(range(36), 2) if rng.random() < 0.12])
        found = cross_unit_collaboration(pairs[:, 0], pairs[:, 1], units=units, rng=rng)
        shares.append(found.chance_share)
        same = units[pairs[:, 0]] == units[pairs[:, 1]]
        kept = pairs[same | (rng.random(len(pairs)) < 0.3)]
        below += cross_unit_collaboration(kept[:, 0], kept[:, 1], units=units, rng=rng).ratio < 0.9
    assert np.mean(shares) == pytest.approx(0.5, abs=0.3)  # uniform in expectation: sd of the mean of 12 is 0.083
    assert below == 12


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"first": [0] * 12, "second": [0] * 12}, InputError, "tied to themselves"),
        ({"second": [99] * 12}, InputError, "outside"),
        ({"weights": [0.0] * 12}, InputError, "above zero"),
        ({"weights": [1.0]}, InputError, "same length"),
        ({"units": [0] * 12}, NotEnoughData, "two units"),
        ({"first": [0], "second": [1]}, NotEnoughData, "too few"),
    ],
)
def test_unfit_ties_are_refused(change: dict, error: type[Exception], message: str) -> None:
    given_ties = {"first": list(range(12)), "second": [*range(1, 12), 0], "units": [0, 1] * 6, **change}
    with pytest.raises(error, match=message):
        cross_unit_collaboration(given_ties.pop("first"), given_ties.pop("second"), rng=seeded(), **given_ties)


def test_share_to_move_is_what_the_best_moves_need() -> None:
    # Loads 8, 2, 2 with equal capacities: four of twelve units must move (Hoover 1936).
    found = load_balance([0] * 8 + [1] * 2 + [2] * 2, [1.0] * 12, capacities=[4, 4, 4], rng=seeded())
    assert found.share_to_move_observed == pytest.approx(1 / 3)
    assert found.surplus.tolist() == [4, -2, -2]
    assert found.over_capacity_share == pytest.approx(4 / 12)
    assert found.utilisation.tolist() == [2, 0.5, 0.5]


@given(st.lists(st.integers(0, 3), min_size=10, max_size=20), st.integers(1, 5))
@settings(max_examples=25)
def test_load_measures_do_not_depend_on_the_unit_of_size(owners: list[int], times: int) -> None:
    sizes = np.arange(1, len(owners) + 1, dtype=float)
    one = load_balance(owners, sizes, capacities=[10, 20, 30, 40], rng=seeded())
    other = load_balance(owners, sizes * times, capacities=np.array([10, 20, 30, 40]) * times, rng=seeded())
    assert one.share_to_move_observed == pytest.approx(other.share_to_move_observed)
    assert one.interval.low == pytest.approx(other.interval.low)
    assert one.surplus.sum() == pytest.approx(0, abs=1e-9)
    assert 0 <= one.interval.low <= one.interval.high <= 1


def test_work_dealt_by_capacity_shows_nothing_to_move_and_planted_overload_shows() -> None:
    rng = seeded(8)
    capacity = np.array([10.0, 20.0, 30.0])
    low = high = 0
    for _ in range(60):
        fair = load_balance(
            rng.choice(3, 60, p=capacity / 60), rng.exponential(1, 60) + 0.1, capacities=capacity, rng=rng
        )
        unfair = load_balance(rng.choice(3, 60, p=[0.5, 0.25, 0.25]), np.ones(60), capacities=capacity, rng=rng)
        low += fair.interval.low <= 0.02
        # The long-run value: |0.5 - 1/6| of the work lies with the first person too much.
        high += unfair.interval.low <= 1 / 3 <= unfair.interval.high
    assert low >= 51  # 57 of 60 expected
    assert high >= 51


def test_work_without_an_owner_is_told_apart() -> None:
    found = load_balance([0, 1, 2] * 4 + [-1], [1.0] * 12 + [4.0], capacities=[5, 5, 5], rng=seeded())
    assert found.unowned_share == pytest.approx(4 / 16)
    assert found.share_to_move_observed == pytest.approx(0)
    assert found.n_items == 12


@pytest.mark.parametrize(
    ("owners", "sizes", "capacities", "error", "message"),
    [
        ([0] * 9, [1] * 9, [1, 1, 1], NotEnoughData, "9 owned items"),
        ([0] * 10, [1] * 10, [1, 1], NotEnoughData, "2 people"),
        ([3] * 10, [1] * 10, [1, 1, 1], InputError, "outside"),
        ([0] * 10, [0] * 10, [1, 1, 1], InputError, "size must be"),
        ([0] * 10, [1] * 10, [1, 1, 0], InputError, "capacity must be"),
        ([0] * 10, [1] * 9, [1, 1, 1], InputError, "same length"),
    ],
)
def test_unfit_work_is_refused(
    owners: list, sizes: list, capacities: list, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        load_balance(owners, sizes, capacities=capacities, rng=seeded())


def test_inputs_stay_as_they_were() -> None:
    graph, units = karate()
    first, second = (np.array(column) for column in zip(*graph.edges(), strict=True))
    owners, sizes = np.array([0, 1, 2] * 4), np.arange(1.0, 13.0)
    copies = [array.copy() for array in (first, second, owners, sizes)]
    cross_unit_collaboration(first, second, units=units, rng=seeded())
    load_balance(owners, sizes, capacities=[5, 5, 5], rng=seeded())
    leadership_network(first, second, n_people=34, rng=seeded())
    assert all(np.array_equal(one, other) for one, other in zip(copies, (first, second, owners, sizes), strict=True))
