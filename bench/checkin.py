"""A check-in at the size the product is made for: saving it with the roll-up of everything above.

Builds its own organisation of 100,000 objectives and 150,000 key results with 500,000 edges through the bulk services,
in a home of its own that is kept for the next run (THROUGHLINE_BENCH_HOME, else a folder below the system's temporary
one). Figures: the bulk write, the full roll-up, and p50 and p95 of `checkin_submit` over key results drawn at random.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from bench.runner import Figure, Skipped

NAME = "checkin"
LIMIT_MS = 100.0
N_OBJECTIVES, N_KEY_RESULTS, N_ALIGNMENTS = 100_000, 150_000, 350_000
# Objectives per level from the organisation down; each level is about six times the one above.
LEVELS = (5, 30, 200, 1_500, 12_000, 86_265)
N_CHECKINS = 400


def run() -> Iterator[Figure | Skipped]:
    """Each figure as one JSON line of a process of its own, which has the settings of the bench home."""
    home = Path(os.environ.get("THROUGHLINE_BENCH_HOME", Path(tempfile.gettempdir()) / "throughline-bench-checkin"))
    home.mkdir(parents=True, exist_ok=True)
    root = Path(__file__).resolve().parent.parent
    environment = {
        **os.environ,
        "THROUGHLINE_HOME": str(home),
        "THROUGHLINE_DATABASE_URL": f"sqlite:///{home / 'throughline.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "throughline.project.settings",
        "PYTHONPATH": os.pathsep.join([str(root / "src"), str(root)]),
    }
    done = subprocess.run(
        [sys.executable, "-m", "bench.checkin"], capture_output=True, text=True, check=False, env=environment
    )
    if done.returncode != 0:
        raise RuntimeError(done.stderr[-2000:])
    for line in done.stdout.splitlines():
        case, value, unit, limit = line.split("\t")
        yield Figure(NAME, case, float(value), unit, float(limit) if limit else None)


def report(case: str, value: float, unit: str, limit: float | None = None) -> None:
    """One figure for the parent process."""
    print(case, round(value, 2), unit, "" if limit is None else limit, sep="\t", flush=True)


def measure() -> None:
    """Build what is missing, then time check-ins."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, skip_checks=True)
    from throughline.kernel.scoping import in_org

    org_id = organisation()
    with in_org(org_id):
        fill(org_id)
        time_checkins(org_id)
    report("memory of the process", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB")


def organisation() -> int:
    """The organisation of this benchmark, made at the first run."""
    from throughline.access.models import Organisation
    from throughline.kernel.clock import now

    found, _ = Organisation.objects.get_or_create(slug="bench", defaults={"name": "Bench", "created_at": now()})
    return int(found.pk)


def fill(org_id: int) -> None:
    """Goals, key results, alignments and one reading of nine in ten key results, unless they are there."""
    from throughline.goals.models import Goal
    from throughline.goals.services import checkins_write_bulk, goals_write_bulk, roll_up_everything
    from throughline.kernel.actor import system_actor

    actor = system_actor(org_id, "bench")
    if Goal.objects.filter(has_reading=True).count() > N_KEY_RESULTS // 2:
        return
    started = time.perf_counter()
    written = goals_write_bulk(actor=actor, goals=made_up_goals())
    if written.problems:
        raise RuntimeError(f"The bulk write refused rows: {written.problems[:3]}")
    size = f"{N_OBJECTIVES + N_KEY_RESULTS:,} goals, {written.alignments + N_KEY_RESULTS:,} edges"
    report(f"bulk write of {size}", time.perf_counter() - started, "s")
    started = time.perf_counter()
    result = checkins_write_bulk(actor=actor, check_ins=made_up_readings(written.ids))
    report(f"bulk write of {result.check_ins:,} check-ins", time.perf_counter() - started, "s")
    started = time.perf_counter()
    changed = roll_up_everything(actor=actor)
    report(
        f"full roll-up read, computed and written back, {changed:,} changed",
        time.perf_counter() - started,
        "s",
    )


def made_up_goals() -> list[object]:
    """The same goals on every machine: six levels, three or four parents anywhere above, a quarter only supporting."""
    import numpy as np

    from throughline.goals.rules.records import ParentRecord
    from throughline.goals.services import BulkGoal, GoalFields, KeyResultTerms

    rng = np.random.default_rng(29)
    rows: list[object] = []
    bounds = [0]
    for count in LEVELS:
        bounds.append(bounds[-1] + count)
    per_goal = N_ALIGNMENTS / (N_OBJECTIVES - LEVELS[0])
    for level, (low, high) in enumerate(pairwise(bounds)):
        for number in range(low, high):
            parents: tuple[ParentRecord, ...] = ()
            if level:
                count = int(per_goal) + int(rng.random() < per_goal % 1)
                # Mostly the level above; one in five anywhere above.
                first = 0 if rng.random() < 0.2 else bounds[level - 1]
                above = np.unique(rng.integers(first, low, count * 2))[:count]
                parents = tuple(
                    ParentRecord(f"o{parent}", 1.0, "contributes" if row == 0 or rng.random() < 0.65 else "supports")
                    for row, parent in enumerate(above)
                )
            fields = GoalFields(title=f"Objective {number} of level {level}", level="organisation")
            rows.append(BulkGoal(external_id=f"o{number}", fields=fields, parents=parents, state="active"))
    homes = rng.integers(bounds[3], bounds[-1], N_KEY_RESULTS)
    for number, home in enumerate(homes):
        title = f"Key result {number}"
        terms = KeyResultTerms(title=title, baseline=0, target=100, metric_unit="points")
        rows.append(
            BulkGoal(
                external_id=f"k{number}",
                fields=GoalFields(title=title),
                kind="key_result",
                part_of=f"o{home}",
                terms=terms,
                state="active",
            )
        )
    return rows


def made_up_readings(ids: dict[str, int]) -> Iterator[object]:
    """One reading for nine in ten key results, in order of goal."""
    import numpy as np

    from throughline.goals.services import BulkCheckIn
    from throughline.kernel.clock import today

    rng = np.random.default_rng(30)
    for number in range(N_KEY_RESULTS):
        value, is_read = float(rng.integers(0, 120)), rng.random() < 0.9
        if is_read:
            yield BulkCheckIn(ids[f"k{number}"], today(), value=value, confidence_0_1=0.7, status="on_track")


def time_checkins(org_id: int) -> None:
    """p50 and p95 of saving a check-in, and how much is above the goals it touched."""
    import numpy as np

    from throughline.goals.models import Goal
    from throughline.goals.selectors.graph import ancestors_above
    from throughline.goals.services import checkin_submit
    from throughline.kernel.actor import system_actor

    actor = system_actor(org_id, "bench")
    rng = np.random.default_rng(31)
    first, last = (Goal.objects.filter(kind="key_result").order_by(order)[0].pk for order in ("id", "-id"))
    numbers = [int(number) for number in rng.integers(first, last, N_CHECKINS + 10)]
    found = list(Goal.objects.filter(pk__in=numbers, kind="key_result"))
    goals = [found[row] for row in rng.permutation(len(found))]
    times: list[float] = []
    above: list[int] = []
    for row, goal in enumerate(goals):
        started = time.perf_counter()
        checkin_submit(actor=actor, goal=goal, value=float(rng.integers(0, 120)), confidence_0_1=0.6, status="on_track")
        if row >= 10:
            times.append((time.perf_counter() - started) * 1000)
            above.append(len(ancestors_above(actor, [goal.objective_id])))
    cuts = statistics.quantiles(times, n=20)
    size = f"{N_OBJECTIVES + N_KEY_RESULTS:,} goals"
    report(f"check-in with roll-up, p50, {size}", statistics.median(times), "ms")
    report(f"check-in with roll-up, p95, {size}", cuts[18], "ms", LIMIT_MS)
    report("check-in, slowest", max(times), "ms")
    report("goals above a checked-in key result, median", statistics.median(above), "goals")
    report("goals above a checked-in key result, most", max(above), "goals")


if __name__ == "__main__":
    measure()
