"""`make run`: how long until the product can be used, at first with the demo to load, then again.

The environment is ready; setting it up hangs on the network. Time is counted from the command to the printed address.
"""

import os
import signal
import socket
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.runner import Figure, Skipped

NAME = "start"
ROOT = Path(__file__).resolve().parent.parent
READY = "Throughline is at"
AGAIN = 5


def run() -> Iterator[Figure | Skipped]:
    """The first start, and the median of those after it."""
    with tempfile.TemporaryDirectory() as home:
        yield Figure(NAME, "first start, loads the demo", round(_started(Path(home)), 1), "s", limit=60)
        again = [_started(Path(home)) for _ in range(AGAIN)]
        yield Figure(NAME, "second start", round(statistics.median(again), 2), "s", limit=3)


def _started(home: Path) -> float:
    """Seconds from `make run` to the printed address."""
    with socket.socket() as web, socket.socket() as live:
        web.bind(("127.0.0.1", 0))
        live.bind(("127.0.0.1", 0))
        ports = {"PORT": str(web.getsockname()[1]), "THROUGHLINE_LIVE_PORT": str(live.getsockname()[1])}
    environment = {**os.environ, **ports, "THROUGHLINE_HOME": str(home)}
    log = home / "serve.log"
    with log.open("wb") as file:
        started = time.monotonic()
        # A session of its own, so that ending it ends make and what make started.
        server = subprocess.Popen(
            ["make", "run"], cwd=ROOT, env=environment, stdout=file, stderr=file, start_new_session=True
        )
    try:
        while READY not in log.read_text():
            if server.poll() is not None:
                raise RuntimeError(f"The server ended: {log.read_text()[-2000:]}")
            time.sleep(0.02)
        return time.monotonic() - started
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=30)
