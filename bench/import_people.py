"""The HR import at the size the product is designed for: 100,000 people in 2,000 units, into an empty
database.

Runs in a process of its own with its own THROUGHLINE_HOME and database, so memory is the high-water mark of the whole
import and nothing is left behind. The file is read, mapped, checked and saved as the command line does it; then the same
file again, which must change nothing.
"""

import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.runner import Figure

NAME = "import_people"
PEOPLE = 100_000
UNITS = 2_000
# Seconds for the whole import on two cores.
LIMIT_S = 60.0
REPORTS_EACH = 8
HEADER = (
    "Employee ID",
    "Name",
    "Email",
    "Job title",
    "Location",
    "Manager ID",
    "Department",
    "Start date",
    "Team lead",
)
FIRST_NAMES = ("Aki", "Bea", "Cem", "Dana", "Eli", "Fola", "Gita", "Hugo", "Ines", "Jomo", "Kaya", "Liv")
LAST_NAMES = ("Abara", "Brunn", "Castel", "Dorsey", "Ekholm", "Farkas", "Grau", "Hoshi", "Ivarsen", "Jansky")
TITLES = ("Engineer", "Designer", "Analyst", "Nurse", "Planner", "Buyer", "Trainer", "Technician")
PLACES = ("Lisbon", "Oslo", "Nairobi", "Lima", "Osaka", "Tartu")


def file_write(path: Path, people: int, units: int) -> None:
    """The same HR export on every machine: a reporting tree eight wide, units in three levels named by path."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for number in range(people):
            unit = number * units // people
            writer.writerow(
                (
                    f"E{number:06d}",
                    f"{FIRST_NAMES[number % 12]} {LAST_NAMES[number // 12 % 10]} {number}",
                    f"person{number}@example.org",
                    TITLES[number % 8],
                    PLACES[number % 6],
                    f"E{(number - 1) // REPORTS_EACH:06d}" if number else "",
                    f"Division {unit // 200} > Area {unit // 20} > Team {unit}",
                    f"20{10 + number % 15}-0{1 + number % 9}-15",
                    "yes" if number * units // people != (number - 1) * units // people else "",
                )
            )


def run() -> Iterator[Figure]:
    """Seconds, people a second and peak memory of the import and of its repetition."""
    with tempfile.TemporaryDirectory(prefix="throughline-bench-") as folder:
        environment = {
            **os.environ,
            "THROUGHLINE_HOME": folder,
            "DJANGO_SETTINGS_MODULE": "throughline.project.settings",
            "PYTHONPATH": os.pathsep.join(["src", ".", os.environ.get("PYTHONPATH", "")]),
        }
        environment.pop("THROUGHLINE_DATABASE_URL", None)
        done = subprocess.run(
            [sys.executable, "-m", "bench.import_people", folder, str(PEOPLE), str(UNITS)],
            env=environment,
            cwd=Path(__file__).resolve().parents[1],
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
    measured = json.loads(done.stdout.strip().splitlines()[-1])
    yield Figure(NAME, f"{PEOPLE:,} people, {UNITS:,} units", measured["first_s"], "s", limit=LIMIT_S)
    yield Figure(NAME, "people a second", measured["rate"], "people/s")
    yield Figure(NAME, "the same file again, nothing changed", measured["again_s"], "s", limit=LIMIT_S)
    yield Figure(NAME, "peak memory of the process", measured["peak_mb"], "MB", limit=1000.0)


def measure(folder: Path, people: int, units: int) -> dict[str, float]:
    """Import into the database of this process's THROUGHLINE_HOME; raises when a figure would not be of a
    real import.
    """
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from throughline.access.models import Organisation
    from throughline.kernel.actor import system_actor
    from throughline.kernel.scoping import in_org
    from throughline.people.services import people_import_file

    call_command("migrate", verbosity=0, skip_checks=True)
    path = folder / "people.csv"
    file_write(path, people, units)
    org = Organisation.objects.create(name="Bench", slug="bench", created_at=timezone.now())
    actor = system_actor(org.pk, org.slug)
    with in_org(org.pk):
        start = time.perf_counter()
        first = people_import_file(actor=actor, path=path)
        first_s = time.perf_counter() - start
        if first.saved.added != people or first.refusals or first.saved.units_created < units:
            raise RuntimeError(f"The import saved {first.saved.added} people and {first.saved.units_created} units.")
        start = time.perf_counter()
        again = people_import_file(actor=actor, path=path)
        again_s = time.perf_counter() - start
        if again.saved.unchanged != people or again.saved.added or again.saved.changed:
            raise RuntimeError(f"The same file changed {again.saved.changed} people.")
    return {
        "first_s": round(first_s, 2),
        "rate": round(people / first_s),
        "again_s": round(again_s, 2),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
