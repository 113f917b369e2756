"""`serve`, `worker` and `migrate`: running the product."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
import urllib.error
import urllib.request
from multiprocessing.process import BaseProcess
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
    children = _start_parts(address, env)
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


def _start_parts(address: str, env: Environment) -> list[BaseProcess]:
    """Start the parts side by side: web, live stream, worker.

    Everything is loaded here once; on Linux the parts are copies of this process, which start at once and share its memory.
    """
    from django.db import connections

    import throughline.project.wsgi  # noqa: F401 - loading it is the point

    connections.close_all()
    multiprocessing.set_start_method("fork" if sys.platform == "linux" else "spawn")
    parts = [
        multiprocessing.Process(target=_web, args=(address, env.port, env.web_workers)),
        multiprocessing.Process(target=_live, args=(address, env.live_port)),
        multiprocessing.Process(target=worker),
    ]
    for part in parts:
        part.start()
    return list(parts)


def _web(address: str, port: int, workers: int) -> None:
    """Pages and API. One request at a time in a process: threads that compute would wait for each other (decision 0013)."""
    _granian("throughline.project.wsgi:application", "wsgi", address, port, workers)


def _live(address: str, port: int) -> None:
    _granian("throughline.project.live:application", "asginl", address, port, 1)


def _granian(target: str, interface: str, address: str, port: int, workers: int) -> None:
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    Server(
        target,
        address=address,
        port=port,
        interface=Interfaces(interface),
        workers=workers,
        blocking_threads=1,
        websockets=False,
        respawn_failed_workers=True,
        log_level=LogLevels.error,
        # Open streams would keep a worker from ending.
        workers_kill_timeout=3,
    ).serve()


def _supervise(children: list[BaseProcess], env: Environment, *, shows_sign_ins: bool) -> None:
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
            if any(not child.is_alive() for child in children):
                raise Failure("A part of the server ended by itself; its message is above.")
            time.sleep(0.2)
    finally:
        for child in children:
            if child.is_alive():
                child.terminate()
        for child in children:
            child.join(timeout=15)
            if child.is_alive():
                child.kill()


def _await_ready(children: list[BaseProcess], env: Environment) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    request = urllib.request.Request(
        f"http://{_bind_address(env)}:{env.port}/accounts/login/",
        headers={"Host": env.public_url.partition("://")[2], "X-Forwarded-Proto": "https"},
    )
    while time.monotonic() < deadline:
        if any(not child.is_alive() for child in children):
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
