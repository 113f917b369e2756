"""On a real conversation: two halves of the people must give the same scores within their intervals."""

import csv
from pathlib import Path

import numpy as np
import pytest

from throughline_analysis.ranking import bradley_terry, clustered_by_person, comparisons

VOTES = (
    Path(__file__).resolve().parents[5] / "shared" / "data" / "opinion" / "scoop-hivemind.biodiversity" / "votes.csv"
)


def voted_pairs() -> np.ndarray:
    """Rows of person, statement, statement, outcome: each person's votes two by two, none used twice.

    Statements are numbered without the gaps that the conversation's own numbers have.
    """
    if not VOTES.exists():
        pytest.skip("The open conversations of ../shared/data are not here.")
    with VOTES.open(encoding="utf-8-sig", newline="") as lines:
        rows = sorted(csv.DictReader(lines), key=lambda row: int(row["timestamp"]))
    last = {(int(row["voter-id"]), int(row["comment-id"])): int(row["vote"]) for row in rows}
    of_person: dict[int, list[tuple[int, int]]] = {}
    for (person, statement), vote in last.items():
        of_person.setdefault(person, []).append((statement, vote))
    pairs = np.array(
        [
            (person, one[0], two[0], np.sign(one[1] - two[1]))
            for person, votes in of_person.items()
            for one, two in zip(votes[:-1:2], votes[1::2], strict=True)
        ]
    )
    pairs[:, 1:3] = np.unique(pairs[:, 1:3], return_inverse=True)[1].reshape(-1, 2)
    return pairs


def test_two_halves_of_the_people_agree_within_their_intervals() -> None:
    rows = voted_pairs()
    rng = np.random.default_rng(5)
    n_items = int(rows[:, 1:3].max()) + 1
    inside = []
    for _ in range(4):
        side = rng.random(int(rows[:, 0].max()) + 1) < 0.5
        fits = []
        for half in (side[rows[:, 0]], ~side[rows[:, 0]]):
            person, first, second, said = rows[half].T
            plain = bradley_terry(comparisons(first, second, outcomes=said, n_items=n_items))
            fits.append(clustered_by_person(plain, first, second=second, outcomes=said, people=person))
        often = np.minimum(fits[0].n, fits[1].n) >= 30
        apart = fits[0].score - fits[1].score
        error = np.hypot(fits[0].standard_error, fits[1].standard_error)
        inside.append(np.mean(np.abs(apart)[often] <= 1.96 * error[often]))
    # 95 % of about 110 statements, four times on the same people: three standard errors are some six percent.
    assert np.mean(inside) == pytest.approx(0.95, abs=0.06)
