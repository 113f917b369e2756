"""Whom learners get, by three rules, when wishes are made from the attributes of 1,470 employees."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from throughline_analysis.matching import (
    Matching,
    MentoringWishes,
    blocking_pairs,
    match_best_total,
    match_most_pairs,
    match_stable,
    mentoring_wishes,
)

N_LEARNERS, N_MENTORS, N_WISHES, PLACES = 120, 60, 8, 2
LAST_RANK = 8


def draw(data: Path) -> Figure:
    """Left: which of their wishes learners got. Right: learners without a mentor and pairs that would rather swap."""
    wishes = _wishes(data / "hr" / "attrition.csv")
    rules = (
        ("stable", match_stable(wishes), "#12355b"),
        ("highest total", match_best_total(wishes), "#3b6ea5"),
        ("most pairs", match_most_pairs(wishes), "#b5651d"),
    )
    figure = Figure(figsize=(7.2, 3.3))
    left, right = figure.subplots(1, 2, width_ratios=(3, 2))
    place = np.arange(1, LAST_RANK + 1)
    for number, (name, matching, colour) in enumerate(rules):
        left.bar(place + 0.27 * (number - 1), _by_rank(wishes, matching), 0.25, color=colour, label=name)
    left.set_xticks(place)
    left.set_xlabel("place of the mentor in the learner's wishes")
    left.set_ylabel("learners")
    left.legend(frameon=False, fontsize=8.5)
    row = np.arange(len(rules))
    without = [wishes.n_learners - matching.n_pairs for _, matching, _ in rules]
    blocked = [len(blocking_pairs(wishes, matching)) for _, matching, _ in rules]
    right.barh(row + 0.2, without, 0.35, color="#8a8a8a", label="learners without a mentor")
    right.barh(row - 0.2, blocked, 0.35, color="#d9a066", label="pairs who would rather swap")
    right.set_yticks(row, [name for name, _, _ in rules])
    right.invert_yaxis()
    right.legend(frameon=False, fontsize=8, loc="lower center", bbox_to_anchor=(0.4, 1.0))
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    return figure


def _wishes(path: Path) -> MentoringWishes:
    """Learners of level one wish for people of level three and up, nearest in field, department and distance."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    rng = np.random.default_rng(1)
    learners = [row for row in rows if int(row["JobLevel"]) == 1][:N_LEARNERS]
    mentors = [row for row in rows if int(row["JobLevel"]) >= 3][:N_MENTORS]
    likeness = np.array([[_likeness(one, other) for other in mentors] for one in learners])
    first = _nearest(likeness + rng.normal(0, 0.15, likeness.shape), N_WISHES)
    back = _nearest((likeness + rng.normal(0, 0.15, likeness.shape)).T, N_LEARNERS * 2 // 3)
    return mentoring_wishes(first, back, capacities=[PLACES] * len(mentors), fit=np.clip(likeness, 0, 1))


def _likeness(one: dict[str, str], other: dict[str, str]) -> float:
    same = (one["EducationField"] == other["EducationField"]) + (one["Department"] == other["Department"])
    return 0.4 * same + 0.2 * (1 - abs(int(one["DistanceFromHome"]) - int(other["DistanceFromHome"])) / 29)


def _nearest(likeness: NDArray[np.float64], n_named: int) -> list[list[int]]:
    return [order.tolist() for order in np.argsort(-likeness, axis=1)[:, :n_named]]


def _by_rank(wishes: MentoringWishes, matching: Matching) -> list[int]:
    has = np.flatnonzero(matching.mentor_of >= 0)
    ranks = wishes.learner_ranks[has, matching.mentor_of[has]] + 1
    return [int(np.count_nonzero(ranks == rank)) for rank in range(1, LAST_RANK + 1)]
