"""A PostgreSQL server of our own in a temporary folder, for as long as a command runs.

`python -m tests.postgres pytest …` sets THROUGHLINE_DATABASE_URL for the command. The server refuses to run as root, so
as root it runs as the system's `postgres` user.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def binaries() -> Path | None:
    """The folder of the newest installed server's programs, or None."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return versions[-1].parent if versions else None


@contextmanager
def server() -> Iterator[str]:
    """Start a server and give its address; it ends, and its folder goes, with the block."""
    programs = binaries()
    if programs is None:
        raise FileNotFoundError("No PostgreSQL server is installed (initdb was not found).")
    folder = Path(tempfile.mkdtemp(prefix="throughline-pg-"))
    as_other = ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups"] if os.geteuid() == 0 else []
    if as_other:
        shutil.chown(folder, "postgres", "postgres")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = folder / "data"
    quiet = {"stdout": subprocess.DEVNULL, "cwd": folder}
    initdb = [
        programs / "initdb",
        "-D",
        data,
        "-U",
        "throughline",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--no-sync",
        "--locale=C.UTF-8",
    ]
    subprocess.run([*as_other, *initdb], check=True, **quiet)
    settings = ["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=60"]
    process = subprocess.Popen(
        [
            *as_other,
            programs / "postgres",
            "-D",
            data,
            "-p",
            str(port),
            "-h",
            "127.0.0.1",
            "-k",
            folder,
            *settings,
        ],
        stderr=subprocess.DEVNULL,
        **quiet,
    )
    try:
        _await(programs, port)
        yield f"postgresql://throughline@127.0.0.1:{port}/postgres"
    finally:
        process.terminate()
        process.wait(timeout=30)
        shutil.rmtree(folder, ignore_errors=True)


def _await(programs: Path, port: int) -> None:
    for _ in range(200):
        ready = subprocess.run([programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)], check=False)
        if ready.returncode == 0:
            return
        time.sleep(0.05)
    raise TimeoutError("The PostgreSQL server did not answer within ten seconds.")


if __name__ == "__main__":
    with server() as address:
        environment = {**os.environ, "THROUGHLINE_DATABASE_URL": address}
        sys.exit(subprocess.run(sys.argv[1:], env=environment, check=False).returncode)
