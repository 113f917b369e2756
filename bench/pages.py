"""The ten most used pages on the large demo: query counts, and times alone and under the load the design asks for.

The large demo is made once in THROUGHLINE_BENCH_HOME (default: a folder below the system's temporary one) and kept there.
Load: 1,000 people signed in, one request each per 30 s, a tenth of them check-ins; sent at fixed moments whatever the answers
(open loop), so a slow answer is not hidden by waiting for it. Times are from the first byte sent to the last received on
loopback: what the server needs, plus well under a millisecond of transport.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx

from bench.runner import Figure, Skipped
from tests.browser.product import free_ports

BENCH = "pages"
PEOPLE = int(os.environ.get("THROUGHLINE_BENCH_PEOPLE", "100000"))
HOME = Path(os.environ.get("THROUGHLINE_BENCH_HOME", f"{tempfile.gettempdir()}/throughline-bench-{PEOPLE}"))
SIGNED_IN = 1_000
SECONDS_BETWEEN_REQUESTS = 30.0
LOAD_SECONDS = 90.0
WRITE_SHARE = 0.1
ALONE_REPEATS, FIRST = 30, 8
LIMIT_MS = 100.0


@dataclass(frozen=True, slots=True)
class Target:
    """What the set-up found in the large demo: addresses, sessions, and check-in forms with what they take."""

    pages: dict[str, str]
    queries: dict[str, int]
    sessions: list[str]
    check_ins: list[dict[str, Any]]


def run() -> Iterator[Figure | Skipped]:
    """Figures per page, alone and under load, and for saves under load."""
    environment = {
        **os.environ,
        "THROUGHLINE_HOME": str(HOME),
        "THROUGHLINE_SECRET_KEY": "a-secret-of-measuring",
    }
    ports = free_ports(2)
    environment |= {"HOST": "localhost", "PORT": str(ports[0]), "THROUGHLINE_LIVE_PORT": str(ports[1])}
    if not (HOME / "loaded").exists():
        started = time.monotonic()
        subprocess.run(
            [sys.executable, "-m", "throughline.project.cli", "demo", "--people", str(PEOPLE), "--json"],
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        (HOME / "loaded").write_text("")
        yield Figure(BENCH, f"loading {PEOPLE:,} people", round(time.monotonic() - started, 1), "s", limit=600)
    yield Figure(BENCH, "database file", round((HOME / "throughline.sqlite3").stat().st_size / 2**20), "MiB")
    prepared = subprocess.run(
        [sys.executable, "-m", "bench.pages"], env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    target = Target(**json.loads(prepared.stdout.splitlines()[-1]))
    for page, count in target.queries.items():
        yield Figure(BENCH, f"{page}, queries", count, "queries")
    with (HOME / "serve.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "throughline.project.cli", "serve"],
            env=environment,
            stdout=log,
            stderr=log,
        )
    base = f"http://localhost:{ports[0]}"
    try:
        _await(base, server)
        client = Client("localhost", ports[0])
        yield from asyncio.run(_alone(client, target))
        yield from asyncio.run(_under_load(client, target))
    finally:
        server.terminate()
        server.wait(timeout=30)


def _await(base: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if server.poll() is not None:
            raise RuntimeError(f"The server ended: {(HOME / 'serve.log').read_text()[-2000:]}")
        try:
            httpx.get(f"{base}/accounts/login/", timeout=2)
            return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise TimeoutError("The server was not ready within a minute.")


def _percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@dataclass(frozen=True, slots=True)
class Client:
    """Asks over a connection of its own each time, as people who come by every half minute do; costs little itself."""

    host: str
    port: int

    async def ask(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes = b""
    ) -> tuple[int, bytes, float]:
        """Status, body, and milliseconds from connecting to the last byte."""
        lines = {"Host": f"{self.host}:{self.port}", "Connection": "close", **headers}
        if body:
            lines["Content-Length"] = str(len(body))
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        started = time.perf_counter()
        reader, writer = await asyncio.open_connection(self.host, self.port, limit=2**20)
        writer.write(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body)
        answer = await reader.read()
        spent = (time.perf_counter() - started) * 1000
        writer.close()
        return int(answer[9:12]), answer, spent


async def _alone(client: Client, target: Target) -> list[Figure]:
    figures: list[Figure] = []
    for page, url in target.pages.items():
        times = []
        for index in range(ALONE_REPEATS + FIRST):
            spent = await _get(client, url, target.sessions[0])
            if index >= FIRST:  # the first ones fill the caches of each web process
                times.append(spent)
        figures += _figures(f"{page}, alone", times)
    return figures


def _figures(case: str, times: list[float], *, limit: float | None = None) -> list[Figure]:
    return [
        Figure(BENCH, f"{case}, p50", round(_percentile(times, 0.5), 1), "ms"),
        Figure(BENCH, f"{case}, p95", round(_percentile(times, 0.95), 1), "ms", limit=limit),
    ]


async def _get(client: Client, url: str, session: str) -> float:
    status, answer, spent = await client.ask("GET", url, {"Cookie": f"sessionid={session}"})
    if status != 200:
        raise RuntimeError(f"{url} answered {status}: {answer[:400]!r}")
    return spent


async def _check_in(client: Client, form: Mapping[str, Any], number: int) -> float:
    token = "measuring" * 3 + "abcde"
    fields = {**form["data"], "once": f"bench-{os.getpid()}-{number}", "csrfmiddlewaretoken": token}
    headers = {
        "Cookie": f"sessionid={form['session']}; csrftoken={token}",
        "Origin": f"http://{client.host}:{client.port}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    status, answer, spent = await client.ask("POST", form["url"], headers, urlencode(fields).encode())
    if status not in (302, 303):
        raise RuntimeError(f"{form['url']} answered {status}: {answer[:400]!r}")
    return spent


async def _under_load(client: Client, target: Target) -> list[Figure]:
    chance = random.Random(7)
    times: dict[str, list[float]] = {page: [] for page in target.pages}
    saves: list[float] = []
    interval = SECONDS_BETWEEN_REQUESTS / SIGNED_IN
    count = int(LOAD_SECONDS / interval)
    names = list(target.pages)
    started = time.perf_counter()
    running: list[asyncio.Task[None]] = []

    async def read(page: str, session: str) -> None:
        times[page].append(await _get(client, target.pages[page], session))

    async def write(number: int) -> None:
        saves.append(await _check_in(client, target.check_ins[number % len(target.check_ins)], number))

    for number in range(count):
        delay = started + number * interval - time.perf_counter()
        if delay > 0:
            await asyncio.sleep(delay)
        if chance.random() < WRITE_SHARE:
            running.append(asyncio.create_task(write(number)))
        else:
            session = target.sessions[number % len(target.sessions)]
            running.append(asyncio.create_task(read(chance.choice(names), session)))
    await asyncio.gather(*running)
    figures = [
        Figure(BENCH, "load", round(count / (time.perf_counter() - started), 1), "requests/s"),
        *_figures("all pages, under load", [value for values in times.values() for value in values], limit=LIMIT_MS),
        *_figures("check-in saved, under load", saves, limit=LIMIT_MS),
    ]
    for page, values in times.items():
        figures += _figures(f"{page}, under load", values, limit=LIMIT_MS)
    return figures


def _prepare() -> Target:
    """Runs in the large demo's own process: sessions for people, addresses of pages, forms of check-ins."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "throughline.project.settings")
    import django

    django.setup()
    from bench.large_demo import prepare

    return prepare(SIGNED_IN)


if __name__ == "__main__":
    from dataclasses import asdict

    print(json.dumps(asdict(_prepare())))
