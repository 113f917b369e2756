"""Groups of people who answer alike: as many as the votes support, and one if they support no more."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from throughline_analysis.errors import InputError, NotEnoughData
from throughline_analysis.opinion.one_cloud import (
    DEFAULT_LEVEL,
    DEFAULT_SIMULATIONS,
    MOST_TESTED,
    SMALLEST_GROUP,
    OneCloudTest,
    split_and_test,
)
from throughline_analysis.opinion.profiles import PRIOR_VOTES, AnswerTable, Memberships, numbered_by_size, refined
from throughline_analysis.opinion.residuals import residuals_of
from throughline_analysis.opinion.votes import BoolArray, FloatArray, IndexArray, Votes, votes_of

MOST_GROUPS = 8
# Parts are tested and groups refined with at most about so many votes, further groups judged with so many people.
MOST_PART_VOTES = 250_000
MOST_REFINED_VOTES = 200_000
MOST_PREDICTED = 3_000
# A part whose scaled level needs more simulations than this is left whole: it is less than a few hundredths of all
# people, and to test it would take millions of conversations in a large one.
MOST_SIMULATIONS = 9_999
# A further group must predict better by this many standard errors.
PREDICTION_ERRORS = 2.0


@dataclass(frozen=True, eq=False)
class OpinionGroups:
    """Groups and how sure each membership is.

    `n_groups` is 1 when the votes show no distinct groups. `labels` (n_people,) numbers from 0, largest group first,
    -1 for people without votes. `membership_0_1` (n_people, n_groups) chance of each group given the person's votes
    and the groups as found, nan for people without votes; `sizes` (n_groups,). `profiles` (n_groups, n_statements)
    mean vote of each group, shrunk towards that of everybody, nan where nobody voted. `tests` are those made, the
    first on everybody; `p_value` is that of the first.
    """

    n_groups: int
    labels: IndexArray
    membership_0_1: FloatArray
    sizes: IndexArray
    profiles: FloatArray
    p_value: float
    tests: tuple[OneCloudTest, ...]
    level: float
    n_people: int
    n_votes: int
    method: str


@dataclass(frozen=True, eq=False)
class _Settings:
    level: float
    max_groups: int
    n_simulations: int
    min_group_size: int


def opinion_groups(
    votes: Votes,
    *,
    rng: np.random.Generator,
    level: float = DEFAULT_LEVEL,
    max_groups: int = MOST_GROUPS,
    n_simulations: int = DEFAULT_SIMULATIONS,
    min_group_size: int = SMALLEST_GROUP,
) -> OpinionGroups:
    """Divide people into groups only as far as a test finds that the votes show groups.

    Parameters
    ----------
    votes : Votes
    rng : numpy.random.Generator
        Draws the simulated conversations of the tests.
    level : float in (0, 1)
        Share of conversations without groups in which groups are reported by mistake.
    max_groups : int >= 1
        Stop at this many.
    n_simulations : int
        Of each test.
    min_group_size : int >= 1
        Smallest group that may be formed.

    Returns
    -------
    OpinionGroups
        With `n_groups` 1 and every membership 1 when no groups are found.

    Raises
    ------
    InputError
        A setting is out of range.
    NotEnoughData
        Too few people or statements for two groups; nothing is said about groups then, not even that there are none.

    Notes
    -----
    `one_cloud_test` on everybody; where it finds groups, people are divided at the split it found and the test is
    repeated inside each part, at a level scaled by the part's size, so that the chance of any false division stays
    at `level` (where a scaled level is finer than the simulations, more are drawn; a part of less than some 1.6 % of
    the people would need more than 9,999 and is left whole). A further group must also predict
    people's votes from their other votes better, by two standard errors: the edge at which a part was cut off can
    look like a gap. In the end all groups are
    refined together: each person joins the group whose answers explain the person's own votes best, the person's
    votes left out of the group's. Membership is the posterior chance under these answers (agree, pass, disagree;
    mixed with one vote at the shares of everybody), groups weighted by size, votes independent given the group.
    People who answered little come out uncertain. It does not include uncertainty about the groups themselves: see
    `group_stability`. Groups describe answers to these statements, not kinds of people; numbers of groups from
    conversations of different length do not compare. Cost: that of the tests, plus O(n_votes * n_groups) per round
    of refinement.

    Source
    ------
    Kimes, Liu, Hayes and Marron (2017), Biometrics 73:811-821, doi:10.1111/biom.12647 (tests down the tree, level
    scaled by size).

    Examples
    --------
    >>> rng = np.random.default_rng(2)
    >>> side = np.repeat([1, -1], 20)[:, None]
    >>> votes = votes_from_matrix(np.where(rng.random((40, 30)) < 0.85, side, -side))
    >>> found = opinion_groups(votes, rng=rng)
    >>> found.n_groups, found.sizes.tolist()
    (2, [20, 20])
    """
    if max_groups < 1:
        raise InputError(f"`max_groups` is {max_groups}; there is at least one group.")
    settings = _Settings(level, max_groups, n_simulations, min_group_size)
    parts, tests = _divided(votes, settings, rng)
    labels = np.full(votes.n_people, -1, dtype=np.intp)
    for number, people in enumerate(parts):
        labels[people] = number
    found = _refined(votes, labels, len(parts), min_group_size=min_group_size, rng=rng)
    return OpinionGroups(
        n_groups=len(parts),
        labels=found.labels,
        membership_0_1=found.chances,
        sizes=np.bincount(found.labels[found.labels >= 0], minlength=len(parts)),
        profiles=_profiles(found),
        p_value=tests[0].p_value,
        tests=tuple(tests),
        level=level,
        n_people=int((votes.seen_by_person > 0).sum()),
        n_votes=votes.n_votes,
        method="hierarchical cluster-index tests against simulated continua",
    )


def _divided(
    votes: Votes, settings: _Settings, rng: np.random.Generator
) -> tuple[list[IndexArray], list[OneCloudTest]]:
    """People of each group, and the tests made; the largest open part is looked at first."""
    voters = np.flatnonzero(votes.seen_by_person > 0)
    tests: list[OneCloudTest] = []
    halves = _tested_part(votes, voters, len(voters), settings=settings, tests=tests, rng=rng)
    if halves is None or settings.max_groups == 1:
        return [voters], tests
    open_parts: list[IndexArray] = [*halves]
    closed: list[IndexArray] = []
    while open_parts and len(open_parts) + len(closed) < settings.max_groups:
        open_parts.sort(key=len)
        people = open_parts.pop()
        try:
            divided = _tested_part(votes, people, len(voters), settings=settings, tests=tests, rng=rng)
        except NotEnoughData:
            divided = None
        others = closed + open_parts
        if divided is None or not _predicts_better(votes, [*others, people], [*others, *divided], settings, rng):
            closed.append(people)
        else:
            open_parts.extend(divided)
    return closed + open_parts, tests


def _tested_part(
    votes: Votes,
    people: IndexArray,
    n_voters: int,
    *,
    settings: _Settings,
    tests: list[OneCloudTest],
    rng: np.random.Generator,
) -> tuple[IndexArray, IndexArray] | None:
    """Both halves of a part when the test finds groups in it; the test is added to `tests`."""
    level = settings.level * max(len(people) - 1, 1) / max(n_voters - 1, 1)
    # Two axes and some room: the smallest chance that can come out must lie below the scaled level.
    n_simulations = max(settings.n_simulations, int(np.ceil(4 / level)))
    if n_simulations > max(MOST_SIMULATIONS, settings.n_simulations):
        return None
    sample = people
    if int(votes.seen_by_person[people].sum()) > MOST_PART_VOTES:
        n_kept = max(int(len(people) * MOST_PART_VOTES / votes.seen_by_person[people].sum()), MOST_TESTED)
        sample = np.sort(rng.choice(people, min(n_kept, len(people)), replace=False))
    part = votes_of(votes, sample)
    tested = split_and_test(
        part,
        residuals_of(part),
        level=level,
        n_simulations=n_simulations,
        min_group_size=settings.min_group_size,
        rng=rng,
    )
    tests.append(tested.test)
    if len(sample) == len(people):
        return _halves(people, tested.is_high, tested.test, settings)
    if not tested.test.has_groups:
        return None
    counts = AnswerTable(part).counts(tested.is_high.astype(np.intp), 2)
    is_high = AnswerTable(votes_of(votes, people)).nearest(counts) == 1
    return _halves(people, is_high, tested.test, settings)


def _halves(
    people: IndexArray, is_high: BoolArray, test: OneCloudTest, settings: _Settings
) -> tuple[IndexArray, IndexArray] | None:
    high, low = people[is_high], people[~is_high]
    if not test.has_groups or min(len(high), len(low)) < settings.min_group_size:
        return None
    return high, low


def _predicts_better(
    votes: Votes, before: list[IndexArray], after: list[IndexArray], settings: _Settings, rng: np.random.Generator
) -> bool:
    """Whether one more group predicts people's votes from their other votes clearly better.

    A part that was cut off has an edge where it was cut, which may look like a gap. It does not help to predict.
    """
    voters = np.sort(np.concatenate(before))
    asked = voters
    if len(voters) > MOST_PREDICTED:
        asked = np.sort(rng.choice(voters, MOST_PREDICTED, replace=False))
    some = votes_of(votes, asked)
    gains = []
    for parts in (before, after):
        labels = np.full(votes.n_people, -1, dtype=np.intp)
        for number, people in enumerate(parts):
            labels[people] = number
        found = refined(some, labels[asked], len(parts), min_size=1)
        gains.append(AnswerTable(some).predicted(found.labels, found.counts))
    gain = gains[1] - gains[0]
    error = float(gain.std()) / np.sqrt(len(gain))
    return bool(float(gain.mean()) > PREDICTION_ERRORS * error)


def _refined(
    votes: Votes, labels: IndexArray, n_groups: int, *, min_group_size: int, rng: np.random.Generator
) -> Memberships:
    """All groups refined together; in very large conversations on a sample of people whom the others then join."""
    if votes.n_votes <= MOST_REFINED_VOTES:
        return refined(votes, labels, n_groups, min_size=min_group_size)
    voters = np.flatnonzero(labels >= 0)
    n_kept = max(int(len(voters) * MOST_REFINED_VOTES / votes.n_votes), MOST_TESTED)
    sample = np.sort(rng.choice(voters, min(n_kept, len(voters)), replace=False))
    found = refined(votes_of(votes, sample), labels[sample], n_groups, min_size=1)
    table = AnswerTable(votes)
    joined = np.where(labels >= 0, table.nearest(found.counts), -1)
    if np.bincount(joined[voters], minlength=n_groups).min() < min_group_size:
        joined = labels
    return numbered_by_size(table, joined, n_groups)


def _profiles(found: Memberships) -> FloatArray:
    counts = found.counts
    seen, net = counts.sum(axis=-1), counts[..., 2] - counts[..., 0]
    everybody = np.maximum(seen.sum(axis=0), 1)
    mixed = (net + PRIOR_VOTES * net.sum(axis=0) / everybody) / (seen + PRIOR_VOTES)
    return np.where(seen.sum(axis=0) > 0, mixed, np.nan)
