"""The test for groups where it can be done in full: every simulated conversation is analysed from its votes up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from throughline_analysis.opinion.continuum import ItemCurves, SmallFloats, item_curves, simulated_votes
from throughline_analysis.opinion.residuals import top_components
from throughline_analysis.opinion.splitting import TINY, Split, Splits, best_splits
from throughline_analysis.opinion.votes import FloatArray, Votes, votes_of

# Axes looked along: those of the map people see.
MOST_AXES = 2
# Simulations of pure noise that an axis must exceed, and rounds and simulations for matching the spread of axes.
NOISE_SIMULATIONS = 8
MATCHING_ROUNDS = 4
MATCHING_SIMULATIONS = 10
# A simulation stops after this many conversations when at least this share is as extreme as the real one.
FIRST_LOOK = 39
CLEARLY_NOT_EXTREME = 0.25


@dataclass(frozen=True, eq=False)
class Table:
    """A small conversation as full tables of one shape: `votes` in -1, 0, 1, `mask` and `takes_side` 1 or 0.

    `seen` (n_statements,) answers to each statement, at least 1. Small floats: all that is made of them is compared
    with the same of simulated votes, made in the same way.
    """

    votes: SmallFloats
    mask: SmallFloats
    takes_side: SmallFloats
    seen: SmallFloats

    def residuals(self, votes: SmallFloats) -> SmallFloats:
        """Votes minus the mean of their statement, zero where unseen."""
        left: SmallFloats = votes - votes.sum(axis=0) / self.seen
        left *= self.mask
        return left


@dataclass(frozen=True, eq=False)
class Evidence:
    """What the simulations say. `indices` (n_axes,), `null_indices` (n_done, n_axes), lower is more split.

    Both are adjusted for the strength of the axis, so they compare like with like. `best` is the split with the
    smallest chance.
    """

    p_value: float
    n_extreme: int
    indices: FloatArray
    null_indices: FloatArray
    best_axis: int
    best: Split


def table_of(votes: Votes) -> Table:
    """Full tables of the statements that were answered; for small conversations only."""
    full = np.full((votes.n_people, votes.n_statements), np.nan)
    full[votes.people, votes.statements] = votes.values
    mask = ~np.isnan(full)
    filled = np.where(mask, full, 0.0).astype(np.float32)
    return Table(
        votes=filled,
        mask=mask.astype(np.float32),
        takes_side=(filled != 0).astype(np.float32),
        seen=np.maximum(mask.sum(axis=0), 1).astype(np.float32),
    )


def sample_of(votes: Votes, n_people: int, rng: np.random.Generator) -> Votes:
    """Votes of people with at least one vote, at most `n_people` of them, drawn without replacement."""
    people = np.flatnonzero(votes.seen_by_person > 0)
    if len(people) > n_people:
        people = np.sort(rng.choice(people, n_people, replace=False))
    return votes_of(votes, people)


def resimulated_evidence(
    votes: Votes, *, n_simulations: int, min_group_size: int, rng: np.random.Generator
) -> Evidence:
    """Compare the best split with the best splits of simulated continua with the same gaps, passes and axes."""
    table = table_of(votes)
    real = table.residuals(table.votes)
    n_axes = _n_axes(table, real, rng)
    found = best_splits(real, table.mask, n_axes, min_size=min_group_size)
    curves = matched_curves(table, found, rng)
    indices = np.empty((n_simulations, n_axes))
    squares = np.empty((n_simulations, n_axes))
    n_done = 0
    for row in range(n_simulations):
        simulated = table.residuals(simulated_votes(curves, table.takes_side, rng))
        splits = best_splits(simulated, table.mask, n_axes, min_size=min_group_size)
        indices[row], squares[row] = splits.indices, splits.squares
        n_done = row + 1
        if n_done == FIRST_LOOK and is_clearly_not_extreme(found.indices, indices[:n_done]):
            break
    return weighed(found, indices[:n_done], squares[:n_done])


def weighed(found: Splits, null_indices: FloatArray, null_squares: FloatArray) -> Evidence:
    """Chance of a split as clear as the real one, over all axes looked along (Westfall and Young's minimum)."""
    indices, null = _adjusted(found, null_indices, null_squares)
    n_done = len(null)
    chances = ((null <= indices).sum(axis=0) + 1) / (n_done + 1)
    best = int(chances.argmin())
    if len(indices) == 1:
        n_extreme = int((null[:, 0] <= indices[0]).sum())
    else:
        ranks = (null[:, None, :] >= null[None, :, :]).sum(axis=1) / (n_done + 1)
        n_extreme = int((ranks.min(axis=1) <= chances.min()).sum())
    return Evidence(
        p_value=(n_extreme + 1) / (n_done + 1),
        n_extreme=n_extreme,
        indices=indices,
        null_indices=null,
        best_axis=best,
        best=found.splits[best],
    )


def matched_curves(table: Table, found: Splits, rng: np.random.Generator) -> ItemCurves:
    """Item curves of a continuum whose axes are, on average, as strong as those found."""
    agree, disagree = (table.votes > 0).sum(axis=0), (table.votes < 0).sum(axis=0)
    agree_0_1 = (agree + 0.5) / (agree + disagree + 1)
    exposure = np.maximum((table.mask @ found.axes**2).sum(axis=0), TINY)
    noise = float((table.residuals(table.votes) ** 2).sum()) / max(float(table.mask.sum()), 1.0)
    variances = np.maximum(found.squares / exposure - noise, 0.0)
    for _ in range(MATCHING_ROUNDS):
        curves = item_curves(agree_0_1, found.axes * np.sqrt(variances))
        reached = np.mean(
            [
                top_components(table.residuals(simulated_votes(curves, table.takes_side, rng)), len(variances))[1]
                for _ in range(MATCHING_SIMULATIONS)
            ],
            axis=0,
        )
        variances = np.maximum(variances + (found.squares - reached) / exposure, 0.0)
    return item_curves(agree_0_1, found.axes * np.sqrt(variances))


def _n_axes(table: Table, real: SmallFloats, rng: np.random.Generator) -> int:
    """Axes stronger than the strongest of pure noise with the same shares and gaps; at least one."""
    most = min(MOST_AXES, *real.shape)
    agree, disagree = (table.votes > 0).sum(axis=0), (table.votes < 0).sum(axis=0)
    curves = item_curves((agree + 0.5) / (agree + disagree + 1), np.zeros((real.shape[1], 1)))
    edge = max(
        float(top_components(table.residuals(simulated_votes(curves, table.takes_side, rng)), 1)[1][0])
        for _ in range(NOISE_SIMULATIONS)
    )
    return max(1, int((top_components(real, most)[1] > edge).sum()))


def _adjusted(found: Splits, null_indices: FloatArray, null_squares: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Take out of the indices what the strength of their axis predicts: stronger axes look more split.

    An axis stronger than any simulated one counts as the strongest: a line fitted within the simulations says nothing
    beyond them, and no continuum is as strong as two groups that are opposed in everything.
    """
    indices, null = found.indices, null_indices.copy()
    logs = np.log(np.maximum(null_squares, TINY))
    real = np.log(np.maximum(found.squares, TINY))
    for axis in range(len(indices)):
        centred = logs[:, axis] - logs[:, axis].mean()
        variation = float(centred @ centred)
        slope = min(0.0, float(centred @ null[:, axis]) / variation) if variation > TINY else 0.0
        null[:, axis] -= slope * centred
        within = np.clip(real[axis], logs[:, axis].min(), logs[:, axis].max())
        indices[axis] -= slope * (within - logs[:, axis].mean())
    return indices, null


def is_clearly_not_extreme(indices: FloatArray, null_indices: FloatArray) -> bool:
    """Whether so many simulations are as split as the real votes that more of them would not change the answer."""
    return bool(((null_indices <= indices).mean(axis=0) >= CLEARLY_NOT_EXTREME).all())
