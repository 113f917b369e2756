"""`serve`, `worker` and `migrate`: running the product."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from types import FrameType
from typing import Annotated

import typer

from throughline.project.cli.demo import demo_ready, sign_ins
from throughline.project.cli.output import Failure, console
from throughline.project.cli.setup import django_ready, port_free, schema_ready, static_ready
from throughline.project.env import Environment, environment

READY_WITHIN_S = 60.0


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(serve)
    app.command()(worker)
    app.command()(migrate)


def serve(
    demo: Annotated[bool, typer.Option("--demo", help="Load the demo organisation first if there is none.")] = False,
) -> None:
    """Serve pages, live streams and background work until Ctrl-C. HOST, PORT and THROUGHLINE_HOME are honoured."""
    if demo:
        # Whoever tries the product may begin an organisation of their own beside the demo, from the first page.
        os.environ.setdefault("THROUGHLINE_OPEN_START", "1")
    env = environment()
    address = _bind_address(env)
    port_free(address, env.port, variable="PORT")
    port_free(address, env.live_port, variable="THROUGHLINE_LIVE_PORT")
    schema_ready()
    static_ready()
    if demo:
        demo_ready()
    _close_connections()
    children = [
        # One request at a time in a process: threads that compute would wait for each other at every query (decision 0013).
        _granian(
            *("throughline.project.wsgi:application", "wsgi", address, env.port),
            *("--workers", str(env.web_workers), "--blocking-threads", "1"),
        ),
        _granian("throughline.project.live:application", "asginl", address, env.live_port, "--workers", "1"),
        subprocess.Popen([sys.executable, "-m", "throughline.project.cli", "worker"]),
    ]
    _supervise(children, env, shows_sign_ins=demo)


def worker() -> None:
    """Run reactions, background jobs and periodic work only; for installations with several hosts."""
    django_ready()
    from throughline.project.worker import WorkerProcess

    WorkerProcess().run()


def migrate() -> None:
    """Bring the database to this version's schema."""
    schema_ready()
    console.print("The database has this version's schema.")


def _bind_address(env: Environment) -> str:
    return "127.0.0.1" if env.host == "localhost" else env.host


def _close_connections() -> None:
    from django.db import connections

    connections.close_all()


def _granian(target: str, interface: str, address: str, port: int, *extra: str) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        interface,
        "--host",
        address,
        "--port",
        str(port),
    ]
    command += ["--no-ws", "--log-level", "error", "--no-access-log"]
    # Open streams would keep a worker from ending.
    command += ["--workers-kill-timeout", "3", *extra, target]
    return subprocess.Popen(command)  # noqa: S603 - our own words only


def _supervise(children: list[subprocess.Popen[bytes]], env: Environment, *, shows_sign_ins: bool) -> None:
    """Wait for readiness, print the address, then wait for the end of any child or a signal, and end all."""
    stopping = False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        _await_ready(children, env)
        console.print(f"\n  Throughline is at [bold]{env.public_url}/[/bold]   (Ctrl-C ends it)\n", highlight=False)
        if shows_sign_ins:
            console.print(sign_ins(), highlight=False)
        while not stopping:
            if any(child.poll() is not None for child in children):
                raise Failure("A part of the server ended by itself; its message is above.")
            time.sleep(0.2)
    finally:
        for child in children:
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        for child in children:
            try:
                child.wait(timeout=15)
            except subprocess.TimeoutExpired:
                child.kill()


def _await_ready(children: list[subprocess.Popen[bytes]], env: Environment) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    request = urllib.request.Request(
        f"http://{_bind_address(env)}:{env.port}/accounts/login/",
        headers={"Host": env.public_url.partition("://")[2], "X-Forwarded-Proto": "https"},
    )
    while time.monotonic() < deadline:
        if any(child.poll() is not None for child in children):
            raise Failure("The server ended while starting; its message is above.")
        try:
            with urllib.request.urlopen(request, timeout=5):  # noqa: S310 - our own address
                return
        except urllib.error.HTTPError as error:
            raise Failure(f"The server answers with {error.code}; run `throughline doctor`.") from error
        except OSError:
            time.sleep(0.1)
    raise Failure(f"The server was not ready within {READY_WITHIN_S:.0f} s; run `throughline doctor`.")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "throughline.project.settings")
