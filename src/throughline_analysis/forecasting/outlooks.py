"""What forecasts say about the key results of a graph, on the scale of its roll-up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from throughline_analysis.errors import InputError
from throughline_analysis.forecasting.endings import EndingForecast
from throughline_analysis.forecasting.histories import KeyResultHistories


@dataclass(frozen=True, eq=False)
class LeafOutlook:
    """Where each key result will end as raw progress (0 baseline, 1 target), one entry per node of the graph.

    `low` and `high` are ends of an interval of coverage `level` around `median`. Nan where the node is no leaf, or
    where there is no forecast: such a leaf stays at its reading in the graph, for certain.
    """

    median: ArrayLike
    low: ArrayLike
    high: ArrayLike
    level: float


def leaf_outlook(
    forecast: EndingForecast, histories: KeyResultHistories, *, nodes: ArrayLike, n_nodes: int
) -> LeafOutlook:
    """What `forecast_endings` found, as raw progress at the nodes of a graph: the input of `simulate_chances`.

    Parameters
    ----------
    forecast : EndingForecast
        Of `forecast_endings`.
    histories : KeyResultHistories
        That it was made from.
    nodes : (n_series,) of int
        Node of each key result, a leaf of the graph; each once.
    n_nodes : int
        How many nodes the graph has.

    Returns
    -------
    LeafOutlook
        Nan at every other node, and at key results without an answer.

    Raises
    ------
    InputError
        Shapes differ, a node is out of range or given twice, or a key result that wants to stay within a band was
        forecast: its progress falls on both sides, so no interval around a median describes it.

    Notes
    -----
    Progress runs from 0 at the baseline to 1 at the target, so low and high change places where a key result is to
    fall. Cost O(n_series + n_nodes).

    Source
    ------
    Definition of Throughline (design: roll-up).

    Examples
    --------
    >>> histories = key_result_histories(
    ...     [0] * 3, [0, 20, 60], values=[12, 10, 7], starts=[0], ends=[90], baselines=[12], targets=[2])
    >>> outlook = leaf_outlook(forecast_endings(histories), histories, nodes=[1], n_nodes=2)
    >>> bool(outlook.low[1] < outlook.median[1] < outlook.high[1]), outlook.median.shape
    (True, (2,))
    """
    place = np.array(nodes)
    if place.shape != (histories.n_series,) or (place.size and place.dtype.kind not in "iu"):
        raise InputError("`nodes` must hold one node number per key result.")
    if len(np.unique(place)) < len(place) or (len(place) and not 0 <= place.min() <= place.max() < n_nodes):
        raise InputError(f"`nodes` must name each node once, from 0 to {n_nodes - 1}.")
    series = forecast.series
    for one in series[histories.is_band[series]].tolist():
        raise InputError(f"Series {one} wants to stay within a band; give its progress as an outlook of your own.")
    base, way = histories.baselines[series], histories.ways[series]
    progress = np.full((3, n_nodes), np.nan)
    columns = np.stack([(value - base) / way for value in (forecast.low, forecast.median, forecast.high)])
    progress[:, place[series].astype(np.intp)] = np.sort(columns, axis=0)
    return LeafOutlook(median=progress[1], low=progress[0], high=progress[2], level=forecast.level)
