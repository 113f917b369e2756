"""Attacks on releases of made-up organisations, and on four weak rules in the same run: how many answers follow?

Every attacker knows who is in which unit and with which attributes. A finding is an answer that is certain (linear,
integer, temporal) or a size or order that should not be known (linear groups, ordering). The solver writes remarks of
its own to standard output, so the attacks run in a process of their own.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from bench.release import large_records
from bench.runner import Figure, Skipped
from throughline_analysis.disclosure import (
    WEAK_RULES,
    Release,
    Roster,
    SurveyRecords,
    attack_integer,
    attack_linear,
    attack_linear_large,
    attack_ordering,
    attack_sample,
    attack_temporal,
    release_make,
    roster_of,
    survey_records,
    team_organisation,
    weak_release,
)
from throughline_analysis.errors import NotEnoughData

NAME = "attack"
ROOT = Path(__file__).resolve().parent.parent
FEVS = ROOT.parent / "shared" / "data" / "people-survey-fevs" / "hierarchy-2015-2022.csv"
ORGANISATIONS = 100
POINTS = np.array([2, 5])
LEAST_KEPT = 0.85
SAMPLE = 2_000
INDEX_PARTS = ("Leaders Lead", "Supervisors", "Intrinsic Work Experience")


def run() -> Iterator[Figure | Skipped]:
    """Small organisations, a real tree of units, and the large release."""
    small = _told_by("small")
    case = f"{ORGANISATIONS} organisations of about 300 people, up to two filters"
    for kind in ("integer yes/no", "integer five-point", "linear answers", "linear groups", "temporal", "ordering"):
        yield Figure(NAME, f"{case}, ours, {kind}", small[f"ours {kind}"], "certain", limit=0)
        for rule in WEAK_RULES:
            yield Figure(NAME, f"{case}, {rule}, {kind}", small[f"{rule} {kind}"], "certain")
    yield Figure(NAME, f"{case}, one-sided answers, ours", small["ours one-sided"], "answers", limit=0)
    yield Figure(NAME, f"{case}, tree cells of W1 kept", small["kept"], "share", at_least=LEAST_KEPT)
    yield Figure(NAME, f"{case}, filter values of W1 kept", small["filters kept"], "share")
    if FEVS.exists():
        found = _told_by("fevs")
        for name, value in found.items():
            limit = 0 if name.startswith("ours") and not name.endswith("kept") else None
            least = LEAST_KEPT if name.endswith("kept") else None
            yield Figure(NAME, f"people-survey-fevs 2019, {name}", value, "certain", limit=limit, at_least=least)
    else:
        yield Skipped(NAME, "people-survey-fevs", "the real data is not beside the checkout")
    large = _told_by("large")
    for name, value in large.items():
        yield Figure(NAME, f"100,000 people, {name}", value, "certain", limit=0)


def small_organisations(n: int = ORGANISATIONS) -> dict[str, float]:
    """Counts of findings over random organisations, for our release and the weak rules."""
    counts: Counter[str] = Counter()
    for seed in range(n):
        rng = np.random.default_rng([40, seed])
        records = team_organisation(rng, n_filters=seed % 3, points=POINTS, n_questions=len(POINTS))
        roster = roster_of(records)
        outcome = release_make(records, rng=rng)
        ours = outcome.release
        _count(counts, "ours", ours, roster)
        counts["ours one-sided"] += int(attack_integer(ours, roster).is_one_sided.sum())
        later, later_roster = _a_month_later(records, rng)
        try:
            second = release_make(later, rng=rng, earlier=[outcome.ledger]).release
            _count_temporal(counts, "ours", [ours, second], [roster, later_roster])
        except NotEnoughData:
            counts["second releases refused"] += 1
        for rule in WEAK_RULES:
            weak = weak_release(records, rule)
            _count(counts, rule, weak, roster)
            if seed % 5 == 0:
                _count_temporal(counts, rule, [weak, weak_release(later, rule)], [roster, later_roster])
            if rule == "W1":
                counts["W1 tree"] += int(weak.cells.is_tree.sum()) * len(POINTS)
                counts["W1 filters"] += int((~weak.cells.is_tree).sum()) * len(POINTS)
        counts["kept tree"] += int(ours.is_shown[ours.cells.is_tree].sum())
        counts["kept filters"] += int(ours.is_shown[~ours.cells.is_tree].sum())
    share = {
        "kept": counts["kept tree"] / counts["W1 tree"],
        "filters kept": counts["kept filters"] / max(counts["W1 filters"], 1),
    }
    kinds = ("integer yes/no", "integer five-point", "linear answers", "linear groups", "temporal", "ordering")
    return {f"{who} {kind}": counts[f"{who} {kind}"] for who in ("ours", *WEAK_RULES) for kind in kinds} | {
        "ours one-sided": counts["ours one-sided"],
        **{name: round(value, 4) for name, value in share.items()},
    }


def _a_month_later(records: SurveyRecords, rng: np.random.Generator) -> tuple[SurveyRecords, Roster]:
    """The same ballots with seven more and four people moved to another team."""
    unit = np.array(records.unit)
    movers = rng.choice(records.n_people, 4, replace=False)
    unit[movers] = rng.choice(records.unit, 4)
    late = rng.choice(records.n_people, 7, replace=False)
    rows = np.concatenate([np.arange(records.n_people), late])
    later = survey_records(
        records.tree.parents,
        np.concatenate([unit, records.unit[late]]),
        answers=np.where(records.answers[rows] < 0, np.nan, records.answers[rows]),
        points=records.points,
        attributes=records.attributes[rows],
        keys=np.arange(len(rows)),
    )
    return later, roster_of(later)


def _count(counts: Counter[str], who: str, release: Release, roster: Roster) -> None:
    certain = attack_integer(release, roster).is_certain
    counts[f"{who} integer yes/no"] += int(certain[:, release.points == 2].sum())
    counts[f"{who} integer five-point"] += int(certain[:, release.points == 5].sum())
    linear = attack_linear(release, roster)
    counts[f"{who} linear answers"] += linear.n_certain
    counts[f"{who} linear groups"] += len(linear.small_groups)
    counts[f"{who} ordering"] += attack_ordering(release).n_certain


def _count_temporal(counts: Counter[str], who: str, releases: list[Release], rosters: list[Roster]) -> None:
    found = attack_temporal(releases, rosters)
    alone = sum(attack_integer(*one).n_certain for one in zip(releases[:1], rosters[:1], strict=True))
    counts[f"{who} temporal"] += found.integer.n_certain + len(found.linear.small_groups)
    # For a weak rule only what the second release adds to the first is counted.
    counts[f"{who} temporal"] -= alone if who != "ours" else 0


def fevs_records(rng: np.random.Generator, *, with_teams: bool) -> SurveyRecords:
    """People of one administration of 2019, drawn so that counts and index of every lowest unit agree."""
    with FEVS.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["Sorting Code"].startswith("CM09")]
    rows = [row for row in rows if row["Response Count_2019"].strip()]
    codes = [row["Sorting Code"] for row in rows]
    above = [
        max(
            (codes.index(c) for c in codes if c != code and code.startswith(c)), key=lambda i: len(codes[i]), default=-1
        )
        for code in codes
    ]
    n = np.array([int(row["Response Count_2019"].replace(",", "")) for row in rows])
    own = n.copy()
    for unit, parent in enumerate(above):
        if parent >= 0:
            own[parent] -= n[unit]
    own = np.maximum(own, 0)
    index = np.array([[float(row[f"Employee Engagement: {part}_2019"]) for part in INDEX_PARTS] for row in rows])
    parents, units, answers = list(above), [], []
    for unit in range(len(rows)):
        # As many favourable answers as the index says, to the nearest person, on different people by question.
        favourable = np.rint(index[unit] * own[unit]).astype(int)
        block = np.stack([rng.permutation(np.arange(own[unit]) < k) for k in favourable], axis=1).astype(int)
        answers.append(block)
        place = np.full(own[unit], unit)
        start = 0
        while with_teams and start < own[unit]:
            parents.append(unit)
            size = int(rng.integers(2, 16))
            place[start : start + size] = len(parents) - 1
            start += size
        units.append(place)
    return survey_records(parents, np.concatenate(units), answers=np.concatenate(answers), points=2)


def fevs() -> dict[str, float]:
    """Attacks on the real tree, as it is and with teams of 2 to 15 in its lowest units."""
    told: dict[str, float] = {}
    for with_teams in (False, True):
        name = "with teams" if with_teams else "units as published"
        records = fevs_records(np.random.default_rng(41), with_teams=with_teams)
        release = release_make(records, rng=np.random.default_rng(42)).release
        roster = roster_of(records)
        told[f"ours, {name}, integer"] = attack_integer(release, roster).n_certain
        told[f"ours, {name}, linear groups"] = len(attack_linear(release, roster).small_groups)
        told[f"ours, {name}, ordering"] = attack_ordering(release).n_certain
        for rule in WEAK_RULES:
            told[f"{rule}, {name}, integer"] = attack_integer(weak_release(records, rule), roster).n_certain
        plain = int(weak_release(records, "W1").cells.is_tree.sum()) * records.n_questions
        told[f"ours, {name}, share of W1 kept"] = round(float(release.is_shown.sum()) / plain, 4)
    return told


def large() -> dict[str, float]:
    """Linear and ordering on everything, integer on a sample of people and questions."""
    records = large_records(n_questions=4)
    release = release_make(records, rng=np.random.default_rng(43)).release
    roster = roster_of(records)
    return {
        "linear": len(attack_linear_large(release).small_groups),
        "ordering": attack_ordering(release).n_certain,
        f"integer, sample of {SAMPLE:,}": attack_sample(
            release, roster, sample=SAMPLE, rng=np.random.default_rng(44)
        ).n_certain,
    }


def _told_by(part: str) -> dict[str, float]:
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-m", "bench.attack", part],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": paths},
    )
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


if __name__ == "__main__":
    parts = {"small": small_organisations, "fevs": fevs, "large": large}
    print(json.dumps(parts[sys.argv[1]]()))
