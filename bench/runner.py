"""Finds the benchmarks, runs them, prints one JSON object per figure.

A benchmark is a module in this folder with `def run() -> Iterator[Figure | Skipped]`. It yields each figure
as soon as it is measured. One that cannot run here (no large demo, no PostgreSQL) yields `Skipped` with the
reason and goes on or returns. The runner's exit code: 0 all measured within their limits or skipped, 1 a
limit was missed or a benchmark failed, 2 an unknown name.
"""

import importlib
import json
import os
import pkgutil
import resource
import statistics
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TextIO

import bench

NOT_BENCHMARKS = {"__main__", "runner", "large_demo"}


@dataclass(frozen=True)
class Figure:
    """One measured number. `limit` is the most it may be, `at_least` the least; `peer` is measured in the same run."""

    bench: str
    case: str
    value: float
    unit: str
    limit: float | None = None
    peer: str | None = None
    peer_value: float | None = None
    at_least: float | None = None

    @property
    def missed(self) -> str:
        """Which limit the value misses, in words; "" when none."""
        if self.limit is not None and self.value > self.limit:
            return f"{self.value:g} is above {self.limit:g}"
        if self.at_least is not None and self.value < self.at_least:
            return f"{self.value:g} is below {self.at_least:g}"
        return ""


@dataclass(frozen=True)
class Skipped:
    """A case that could not be measured here, and what it needs."""

    bench: str
    case: str
    skipped: str


Run = Callable[[], Iterator[Figure | Skipped]]


def names() -> list[str]:
    """Names of all benchmarks, in alphabetical order."""
    return sorted(found.name for found in pkgutil.iter_modules(bench.__path__) if found.name not in NOT_BENCHMARKS)


def json_line(result: Figure | Skipped) -> str:
    """One line of JSON; fields that do not apply are left out."""
    return json.dumps({key: value for key, value in asdict(result).items() if value is not None}, ensure_ascii=False)


def main(wanted: Sequence[str]) -> int:
    """Run the named benchmarks, or all; returns the exit code."""
    known = names()
    unknown = [name for name in wanted if name not in known]
    if unknown:
        print(f"No benchmark is called {', '.join(unknown)}. There are: {', '.join(known)}.", file=sys.stderr)
        return 2
    runs = ((name, _run_of(name)) for name in (wanted or known))
    return run_all(runs, out=sys.stdout, err=sys.stderr)


def run_all(runs: Iterable[tuple[str, Run]], *, out: TextIO, err: TextIO) -> int:
    """Run benchmarks one after another; one that fails is reported and does not stop the next."""
    is_good = True
    for name, run in runs:
        try:
            for result in run():
                print(json_line(result), file=out, flush=True)
                if isinstance(result, Figure) and result.missed:
                    print(f"{name}, {result.case}: {result.missed}.", file=err, flush=True)
                    is_good = False
        # Whatever a benchmark raises, the others still run; the exit code and the trace keep it from being
        # missed.
        except Exception:
            print(f"The benchmark {name} failed:\n{traceback.format_exc()}", file=err, flush=True)
            is_good = False
    return 0 if is_good else 1


def peak_mb_of(module: str, *arguments: str) -> float:
    """Megabytes that `python -m module` prints: measured in a process of its own, free of what this one holds."""
    root = Path(__file__).resolve().parent.parent
    paths = os.pathsep.join([str(root / "src"), str(root), *(path for path in sys.path if path)])
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": paths},
    )
    return float(done.stdout.splitlines()[-1])


def own_peak_mb() -> float:
    """High-water mark of this process.

    Linux lets a started process inherit the mark of its parent in getrusage, so the kernel's own line comes
    first.
    """
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def median_ms(work: Callable[[], object], runs: int) -> float:
    """Median wall time in milliseconds; of several runs, after one that is not counted."""
    if runs > 1:
        work()
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        work()
        times.append((time.perf_counter() - started) * 1000)
    return round(statistics.median(times), 3)


def median_s(work: Callable[[], object], runs: int) -> float:
    """The same in seconds."""
    return round(median_ms(work, runs) / 1000, 4)


def _run_of(name: str) -> Run:
    def run() -> Iterator[Figure | Skipped]:
        yield from importlib.import_module(f"bench.{name}").run()

    return run
