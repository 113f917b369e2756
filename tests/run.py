"""`make test`: the whole suite on the embedded database, then the browser, and beside it PostgreSQL.

What cannot run here is said in a sentence; with CI=true it is a failure instead.
"""

from __future__ import annotations

import os
import subprocess
import sys

from tests.browser.product import chromium
from tests.postgres import binaries

# The second pass is for what a database can answer differently: services, policies, selectors, migrations, triggers.
NOT_AGAIN = (
    "--ignore=src/throughline_analysis",
    "--ignore=src/throughline/components",
    "--ignore=src/throughline/integrations/okr_formats",
    "--ignore=tests/api",
    "--ignore=tests/architecture/test_routes.py",
    "--ignore=tests/test_command_line.py",
    "--ignore=tests/test_docs.py",
    "--ignore=tests/test_wheel.py",
    "--ignore-glob=*/tests/test_pages*.py",
    "--ignore-glob=*/tests/test_real_files.py",
    "--deselect=src/throughline/meetings/tests/test_attack.py",
)


def main() -> int:
    """Run both passes; the status is the worse of the two."""
    is_ci = os.environ.get("CI") == "true"
    missing = [
        words
        for words, found in (
            ("Chromium is not installed: browser tests do not run.", chromium()),
            ("PostgreSQL is not installed: its pass does not run.", binaries()),
        )
        if found is None
    ]
    for words in missing:
        print(f"{'Failure' if is_ci else 'Note'}: {words} (Debian packages chromium and postgresql)", flush=True)
    if missing and is_ci:
        return 1
    # Several processes run beside each other; threads of the linear algebra inside each would only wait for each other.
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    pytest = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--durations=8"]
    parallel = ["-n", "2", "--dist", "loadscope"]
    print("— Embedded database: everything but the browser", flush=True)
    status = subprocess.run([*pytest, *parallel, "-m", "not browser"], check=False).returncode
    postgres = None
    if binaries() is not None:
        # Beside the browser, with what that leaves of the cores; what it says comes when it is done.
        command = [sys.executable, "-m", "tests.postgres", *pytest, "-m", "not browser and not slow", *NOT_AGAIN]
        postgres = subprocess.Popen(
            ["nice", "-n", "15", *command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
    if chromium() is not None:
        print("— Browser, on the running product", flush=True)
        # Two runs: each has a browser of its own, and one process can drive only one.
        for place in ("tests/browser", "src"):
            status = max(status, subprocess.run([*pytest, "-m", "browser", place], check=False).returncode)
    if postgres is not None:
        said, _ = postgres.communicate()
        print(f"— PostgreSQL\n{said}", flush=True)
        status = max(status, postgres.returncode)
    return status


if __name__ == "__main__":
    sys.exit(main())
