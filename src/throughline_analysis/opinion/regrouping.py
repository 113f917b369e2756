"""A fixed number of groups from votes alone, without a test: what resampling repeats."""

from __future__ import annotations

import numpy as np

from throughline_analysis.errors import NotEnoughData
from throughline_analysis.opinion.profiles import refined
from throughline_analysis.opinion.projected import AXIS_TOLERANCE
from throughline_analysis.opinion.residuals import leading_directions, profile_sums, residuals_of
from throughline_analysis.opinion.splitting import TINY, best_cut, two_means_directions
from throughline_analysis.opinion.votes import BoolArray, IndexArray, Votes, votes_of

N_AXES = 2


def divided_into(votes: Votes, n_groups: int, *, min_size: int) -> IndexArray:
    """Labels (n_people,) of `n_groups` groups: the part with most to gain is cut, again and again, then all refined.

    People without votes get -1. When a part cannot be cut any more, fewer groups come back.
    """
    parts: list[IndexArray] = [np.flatnonzero(votes.seen_by_person > 0)]
    cuts = [_cut(votes, parts[0], min_size=min_size)]
    while len(parts) < n_groups:
        at = int(np.argmax([gain for gain, _ in cuts]))
        gain, is_high = cuts.pop(at)
        people = parts.pop(at)
        if gain <= 0:
            parts.append(people)
            break
        for half in (people[is_high], people[~is_high]):
            parts.append(half)
            cuts.append(_cut(votes, half, min_size=min_size))
    labels = np.full(votes.n_people, -1, dtype=np.intp)
    for number, people in enumerate(parts):
        labels[people] = number
    return refined(votes, labels, len(parts), min_size=min_size).labels


def _cut(votes: Votes, people: IndexArray, *, min_size: int) -> tuple[float, BoolArray]:
    """What the best cut of these people explains (sum of squares between its sides), and the high side."""
    part = votes_of(votes, people)
    residuals = residuals_of(part)
    nothing = (0.0, np.zeros(len(people), dtype=np.bool_))
    if len(people) < 2 * min_size or len(people) < 2:
        return nothing
    try:
        axes = leading_directions(residuals, N_AXES, tolerance=AXIS_TOLERANCE).loadings
    except NotEnoughData:
        return nothing
    right, information = profile_sums(residuals.matrix, axes)
    best = nothing
    for loadings in two_means_directions(right, information, axes, min_size=min_size):
        unit = loadings / max(float(np.sqrt(loadings @ loadings)), TINY)
        own, weights = profile_sums(residuals.matrix, unit[:, None])
        weight = weights[:, 0, 0]
        scores = np.where(weight > TINY, own[:, 0] / np.maximum(weight, TINY), 0.0)
        cut = best_cut(scores, weight, min_size=min_size)
        gain = (1 - cut.index) * float(weight @ scores**2)
        if gain > best[0]:
            best = (gain, scores > cut.threshold)
    return best
