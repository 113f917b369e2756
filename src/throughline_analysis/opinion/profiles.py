"""How each group answers each statement, and which group explains a person's own answers best."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from throughline_analysis.opinion.votes import BoolArray, FloatArray, IndexArray, Votes

# A group's answers to a statement are mixed with this many votes at the shares of everybody: one vote in doubt.
PRIOR_VOTES = 1.0
N_ANSWERS = 3
MOST_ROUNDS = 10


@dataclass(frozen=True, eq=False)
class Memberships:
    """`labels` (n_people,), -1 without votes; `chances` (n_people, n_groups), nan without votes; `counts`
    (n_groups, n_statements, 3) of disagree, pass, agree."""

    labels: IndexArray
    chances: FloatArray
    counts: IndexArray


class AnswerTable:
    """The votes as one code per vote, so that sums per group or per person are single passes."""

    def __init__(self, votes: Votes) -> None:
        self.votes = votes
        self.has_votes: BoolArray = votes.seen_by_person > 0
        self.people = votes.people.astype(np.int32)
        self.codes = votes.statements * np.int32(N_ANSWERS) + (votes.values + np.int8(1))
        self.n_codes = votes.n_statements * N_ANSWERS

    def counts(self, labels: IndexArray, n_groups: int) -> IndexArray:
        """(n_groups, n_statements, 3) answers of the people of each group; label -1 belongs to none."""
        # People without a group are counted in an extra group that is then dropped.
        first = np.where(labels < 0, n_groups, labels).astype(np.int64) * self.n_codes
        own = first[self.people]
        own += self.codes
        flat = np.bincount(own, minlength=(n_groups + 1) * self.n_codes)
        return flat.reshape(n_groups + 1, self.votes.n_statements, N_ANSWERS)[:n_groups]

    def counts_of_votes(self, labels: IndexArray, n_groups: int) -> IndexArray:
        """As `counts`, with a label for each vote."""
        own = np.where(labels < 0, n_groups, labels).astype(np.int64) * self.n_codes + self.codes
        flat = np.bincount(own, minlength=(n_groups + 1) * self.n_codes)
        return flat.reshape(n_groups + 1, self.votes.n_statements, N_ANSWERS)[:n_groups]

    def sums(self, per_code: FloatArray) -> FloatArray:
        """(n_people with votes,) sum of `per_code` (n_statements * 3,) over each person's votes."""
        return np.add.reduceat(per_code[self.codes], self.votes.starts[:-1][self.has_votes])

    def chances(self, labels: IndexArray, counts: IndexArray) -> FloatArray:
        """Posterior chance of each group, a person's own votes left out of the profile of the own group."""
        found = np.full((len(labels), len(counts)), np.nan)
        if not self.votes.n_votes:
            return found
        logs = self._logs(labels, counts)
        logs -= logs.max(axis=1, keepdims=True)
        np.exp(logs, out=logs)
        found[self.has_votes] = logs / logs.sum(axis=1, keepdims=True)
        return found

    def nearest(self, counts: IndexArray) -> IndexArray:
        """(n_people,) group whose answers explain each person best, for groups of other people; 0 without votes."""
        usual, _ = _log_shares(counts)
        logs = np.stack([self.sums(of_group) for of_group in usual], axis=1)
        logs += np.log(counts.sum(axis=(1, 2)) + 1.0)
        found = np.zeros(len(self.has_votes), dtype=np.intp)
        found[self.has_votes] = logs.argmax(axis=1)
        return found

    def held_out(self, labels: IndexArray, n_groups: int) -> IndexArray:
        """(n_votes,) most likely group of each vote's person, from the person's other votes."""
        best = np.zeros(self.votes.n_votes, dtype=np.intp)
        best_log = np.full(self.votes.n_votes, -np.inf)
        for group, (others, _) in enumerate(self._left_out(labels, self.counts(labels, n_groups))):
            best = np.where(others > best_log, group, best)
            np.maximum(best_log, others, out=best_log)
        return best

    def predicted(self, labels: IndexArray, counts: IndexArray) -> FloatArray:
        """(n_people with votes,) log chance of each person's votes, each predicted from the person's others."""
        reference = np.full(self.votes.n_votes, -np.inf)
        numerator, denominator = np.zeros(self.votes.n_votes), np.zeros(self.votes.n_votes)
        for others, vote in self._left_out(labels, counts):
            # Sums of exponentials relative to the largest so far, so that nothing underflows.
            higher = np.maximum(reference, others)
            with np.errstate(invalid="ignore"):
                shrink = np.where(np.isfinite(reference), np.exp(reference - higher), 0.0)
            weight = np.exp(others - higher)
            numerator = numerator * shrink + weight * np.exp(vote)
            denominator = denominator * shrink + weight
            reference = higher
        return np.add.reduceat(np.log(numerator / denominator), self.votes.starts[:-1][self.has_votes])

    def _left_out(self, labels: IndexArray, counts: IndexArray) -> Iterator[tuple[FloatArray, FloatArray]]:
        """For each group, per vote: log likelihood of the person's other votes, and of the vote itself."""
        logs = np.zeros((len(labels), len(counts)))
        logs[self.has_votes] = self._logs(labels, counts)
        usual, left_out = _log_shares(counts)
        own = labels[self.people]
        for group in range(len(counts)):
            vote = np.where(own == group, left_out[group][self.codes], usual[group][self.codes])
            yield logs[self.people, group] - vote, vote

    def _logs(self, labels: IndexArray, counts: IndexArray) -> FloatArray:
        """(n_people with votes, n_groups) log of group size times likelihood of the person's votes."""
        n_groups = len(counts)
        usual, left_out = _log_shares(counts)
        own_labels = labels[self.has_votes]
        own = labels.astype(np.int32)[self.people]
        starts = self.votes.starts[:-1][self.has_votes]
        sizes = np.bincount(own_labels[own_labels >= 0], minlength=n_groups)
        logs = np.empty((len(own_labels), n_groups))
        for group in range(n_groups):
            # One table for both, so that each vote is looked up once: its own group's with the vote left out.
            both = np.concatenate([usual[group], left_out[group]])
            rows = self.codes + (own == group) * np.int32(self.n_codes)
            logs[:, group] = np.add.reduceat(both[rows], starts)
            logs[:, group] += np.log((sizes[group] - (own_labels == group) + 1.0) / (int(sizes.sum()) - 1 + n_groups))
        return logs


def _log_shares(counts: IndexArray) -> tuple[FloatArray, FloatArray]:
    """Log share of each answer in each group, as it stands and with one such vote left out; (n_groups, n_codes)."""
    everybody = counts.sum(axis=0)
    prior = PRIOR_VOTES * (everybody + 1.0) / (everybody.sum(axis=-1, keepdims=True) + N_ANSWERS)
    seen = counts.sum(axis=-1, keepdims=True)
    usual = np.log((counts + prior) / (seen + PRIOR_VOTES))
    left_out = np.log((np.maximum(counts - 1, 0) + prior) / (np.maximum(seen - 1, 0) + PRIOR_VOTES))
    return usual.reshape(len(counts), -1), left_out.reshape(len(counts), -1)


def refined(votes: Votes, labels: IndexArray, n_groups: int, *, min_size: int) -> Memberships:
    """Move each person to the group that explains the person best, until nobody moves; groups keep their size floor.

    Groups come back numbered by size, largest first.
    """
    table = AnswerTable(votes)
    labels = np.where(table.has_votes, labels, -1)
    for _ in range(MOST_ROUNDS if n_groups > 1 else 0):
        chances = table.chances(labels, table.counts(labels, n_groups))
        moved = np.full_like(labels, -1)
        moved[table.has_votes] = chances[table.has_votes].argmax(axis=1)
        is_stable = np.array_equal(moved, labels)
        if is_stable or np.bincount(moved[table.has_votes], minlength=n_groups).min() < min_size:
            break
        labels = moved
    return numbered_by_size(table, labels, n_groups)


def numbered_by_size(table: AnswerTable, labels: IndexArray, n_groups: int) -> Memberships:
    """The same groups numbered from the largest, with memberships."""
    sizes = np.bincount(labels[table.has_votes], minlength=n_groups)
    number = np.empty(n_groups + 1, dtype=np.intp)
    number[np.argsort(-sizes, kind="stable")] = np.arange(n_groups)
    number[-1] = -1
    labels = number[labels]
    counts = table.counts(labels, n_groups)
    return Memberships(labels=labels, chances=table.chances(labels, counts), counts=counts)
