"""From records to one release at the size the product is designed for, and suppression in generated hierarchies.

Time is wall time of one run in a process of its own, which also reports its high-water mark of memory, interpreter,
libraries and records included. The records are made up before the clock starts.
"""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np

from bench.runner import Figure, Skipped, median_ms, own_peak_mb
from throughline_analysis.disclosure import SurveyRecords, release_make, survey_records, visible_units

NAME = "release"
PEOPLE, QUESTIONS = 100_000, 60
# Units on each of six levels below each other; teams of about ten.
LEVELS = (1, 8, 60, 420, 2_500, 10_000)
# Shares of the values of the five attributes, such as gender, age, years of service, grade, place.
ATTRIBUTES = (
    (0.52, 0.45, 0.03),
    (0.1, 0.25, 0.3, 0.2, 0.15),
    (0.2, 0.3, 0.3, 0.2),
    (0.5, 0.3, 0.15, 0.05),
    (0.3, 0.3, 0.2, 0.1, 0.06, 0.04),
)
HIERARCHIES = ((126, (1, 5, 20, 100), 0.05), (2_208, (1, 15, 192, 2_000), 0.8))
SECONDS, MEGABYTES = 120.0, 2_000.0


def level_tree(levels: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Parents of a tree with so many units a level; every unit above the last level has children."""
    parents = [np.array([-1])]
    start = 0
    for above, here in itertools.pairwise(levels):
        spread = np.concatenate([np.arange(above), rng.integers(0, above, here - above)])
        parents.append(start + np.sort(spread))
        start += above
    return np.concatenate(parents)


def large_records(n_people: int = PEOPLE, n_questions: int = QUESTIONS) -> SurveyRecords:
    """The same organisation on every machine; half of the questions have five points, the others yes and no."""
    rng = np.random.default_rng(30)
    parents = level_tree(LEVELS, rng)
    first_team = len(parents) - LEVELS[-1]
    units = first_team + np.sort(rng.integers(0, LEVELS[-1], n_people))
    attributes = np.stack([rng.choice(len(parts), n_people, p=parts) for parts in ATTRIBUTES], axis=1)
    points = np.where(np.arange(n_questions) % 2, 2, 5)
    leaning = np.linspace(-0.5, 2.0, n_questions)
    answers = np.empty((n_people, n_questions), dtype=np.int8)
    for question in range(n_questions):
        level = leaning[question] + rng.normal(0, 0.6, len(parents))[units]
        answers[:, question] = rng.binomial(points[question] - 1, 1 / (1 + np.exp(-level)))
    return survey_records(parents, units, answers=answers, points=points, attributes=attributes)


def run() -> Iterator[Figure | Skipped]:
    """The large release in a process of its own; suppression by size in two hierarchies."""
    yield from large_figures()
    for n_cells, levels, seconds in HIERARCHIES:
        rng = np.random.default_rng(31)
        parents = level_tree(levels, rng)
        units = len(parents) - levels[-1] + rng.integers(0, levels[-1], levels[-1] * 6)
        answers = rng.integers(0, 2, (len(units), 1))
        records = survey_records(parents, units, answers=answers, points=2)
        own = np.bincount(units, minlength=len(parents))
        case = f"generated hierarchy of {n_cells:,} cells"
        choice = median_ms(partial(visible_units, records.tree, own), 5) / 1000
        peer = "Tau-Argus (pytauargus), fewest hidden"
        peer_s, peer_shown = by_tau_argus(parents, units)
        yield Figure(NAME, f"{case}, which to show", round(choice, 4), "s", seconds, peer, round(peer_s, 4))
        chosen = visible_units(records.tree, own)
        shown, peer_share = int(chosen.is_shown.sum()) / chosen.n_candidates, peer_shown / chosen.n_candidates
        yield Figure(
            NAME, f"{case}, shown of the cells with at least five", round(shown, 3), "share",
            peer=peer, peer_value=round(peer_share, 3),
        )  # fmt: skip
        whole = median_ms(partial(release_make, records, rng=np.random.default_rng(1)), 5) / 1000
        yield Figure(NAME, f"{case}, one question, gate included", round(whole, 4), "s", seconds)


def by_tau_argus(parents: np.ndarray, units: np.ndarray) -> tuple[float, int]:
    """Seconds of Tau-Argus for the same counts, files it reads included, and how many cells it shows.

    Its rule: cells below five are unsafe; the fewest others are hidden that keep them between bounds of 10 % (OPT).
    """
    from pytauargus import protect

    below: dict[int, list[int]] = {}
    for unit, parent in enumerate(parents.tolist()):
        below.setdefault(parent, []).append(unit)
    lines: list[str] = []
    waiting = [(unit, 0) for unit in reversed(below[0])]
    while waiting:
        unit, depth = waiting.pop()
        lines.append("@" * depth + f"u{unit:05d}")
        waiting += [(child, depth + 1) for child in reversed(below.get(unit, []))]
    with tempfile.TemporaryDirectory() as folder:
        hierarchy = Path(folder) / "unit.hrc"
        hierarchy.write_text("\n".join(lines) + "\n")
        people = {"Unit": [f"u{unit:05d}" for unit in units.tolist()], "One": [1.0] * len(units)}
        started = time.perf_counter()
        done = protect(
            people, ["Unit"], response="One", safety_rules="FREQ(5,10)", suppress="OPT(1)",
            hrc={"Unit": str(hierarchy)}, hierleadstring="@", workdir=folder,
        )  # fmt: skip
        seconds = time.perf_counter() - started
        return seconds, sum(str(status) == "S" for status in done.tables[0].status())


def large_figures() -> Iterator[Figure]:
    """Time, memory and what is left of the release of 100,000 people."""
    root = Path(__file__).resolve().parent.parent
    paths = os.pathsep.join([str(root / "src"), str(root), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-m", "bench.release"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": paths},
    )
    told = json.loads(done.stdout.splitlines()[-1])
    case = f"{PEOPLE:,} people, {QUESTIONS} questions, six levels, five attributes"
    yield Figure(NAME, case, told["seconds"], "s", SECONDS)
    yield Figure(NAME, f"memory, {case}", told["megabytes"], "MB", MEGABYTES)
    yield Figure(NAME, f"shown values in units, {case}", told["tree_share"], "share of those with at least five people")
    yield Figure(NAME, f"shown values under filters, {case}", told["filter_values"], "values")
    yield Figure(NAME, f"values hidden by the final gate, {case}", told["gated"], "values")


def large_run() -> dict[str, float]:
    """Make the large release once and say how it went."""
    records = large_records()
    started = time.perf_counter()
    outcome = release_make(records, rng=np.random.default_rng(32))
    seconds = time.perf_counter() - started
    release = outcome.release
    in_tree = release.cells.is_tree
    size = records.tree.subtree_sum(np.bincount(records.unit, minlength=records.tree.n_units))
    return {
        "seconds": round(seconds, 2),
        "megabytes": round(own_peak_mb(), 1),
        "tree_share": round(float(release.is_shown[in_tree].sum() / ((size >= 5).sum() * records.n_questions)), 4),
        "filter_values": int(release.is_shown[~in_tree].sum()),
        "gated": outcome.n_gated,
    }


if __name__ == "__main__":
    print(json.dumps(large_run()))
