"""The command line says what is wrong in one sentence, and what it prints can be read by machines."""

from __future__ import annotations

import json
import os
import runpy
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def environment_of(home: Path, **extra: str) -> dict[str, str]:
    """This process's environment without settings of ours, with a home of its own."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("THROUGHLINE_", "DJANGO_"))}
    return {**inherited, "THROUGHLINE_HOME": str(home), **extra}


def run(*arguments: str, home: Path, **extra: str) -> subprocess.CompletedProcess[str]:
    """`throughline …` in a home of its own."""
    return subprocess.run(
        [sys.executable, "-m", "throughline.project.cli", *arguments],
        env=environment_of(home, **extra),
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one organisation."""
    folder = tmp_path_factory.mktemp("home")
    made = run(
        "createorg", "Small Works", "--slug", "small", "--email", "rhea@small.example", "--person", "Rhea Roth",
        home=folder, THROUGHLINE_PASSWORD="a long enough password",
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    return folder


@contextmanager
def served(home: Path) -> Iterator[tuple[subprocess.Popen[bytes], int, int]]:
    """`throughline serve`, ready, in a session of its own; with its two ports."""
    with socket.socket() as web, socket.socket() as live:
        web.bind(("127.0.0.1", 0))
        live.bind(("127.0.0.1", 0))
        port, live_port = web.getsockname()[1], live.getsockname()[1]
    environment = environment_of(
        home, PORT=str(port), THROUGHLINE_LIVE_PORT=str(live_port), THROUGHLINE_WEB_WORKERS="2"
    )
    log = home / "serve.log"
    with log.open("wb") as file:
        server = subprocess.Popen(
            [sys.executable, "-m", "throughline.project.cli", "serve"],
            env=environment, stdout=file, stderr=file, start_new_session=True,
        )  # fmt: skip
    try:
        until(lambda: "Throughline is at" in log.read_text() or server.poll() is not None)
        assert server.poll() is None, log.read_text()
        yield server, port, live_port
    finally:
        server.terminate()
        server.wait(timeout=60)
        for pid, _ in processes_of(server):
            os.kill(pid, signal.SIGKILL)


def processes_of(server: subprocess.Popen[bytes]) -> list[tuple[int, int]]:
    """Number and parent's number of each process of the server's session that runs."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # Number (name) state parent group session …; a name may hold anything.
            state, parent, _, session = stat.read_text().rpartition(")")[2].split()[:4]
            if int(session) == server.pid and state != "Z":
                found.append((int(stat.parent.name), int(parent)))
    return found


def until(is_so: Callable[[], bool], *, seconds: float = 120) -> None:
    """Wait for something that happens in another process."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "It did not happen in time."
        time.sleep(0.05)


def test_help_names_every_command(tmp_path: Path) -> None:
    shown = run("--help", home=tmp_path).stdout
    for command in ("serve", "demo", "import", "export", "createorg", "doctor", "worker", "attack", "migrate"):
        assert command in shown


def test_a_second_organisation_of_the_same_slug_is_refused_in_a_sentence(home: Path) -> None:
    again = run(
        "createorg", "Other", "--slug", "small", "--email", "ivo@small.example", "--person", "Ivo Ikeda",
        home=home, THROUGHLINE_PASSWORD="a long enough password",
    )  # fmt: skip
    assert again.returncode == 1
    assert "Not done." in again.stderr
    assert "Traceback" not in again.stderr


def test_serve_runs_every_part_and_ends_every_part(home: Path) -> None:
    with served(home) as (server, port, live_port):
        with urllib.request.urlopen(f"http://localhost:{port}/accounts/login/", timeout=10) as page:
            assert b"<form" in page.read()
        with urllib.request.urlopen(f"http://127.0.0.1:{live_port}/healthz", timeout=10) as health:
            assert health.read() == b"0 open"
        # Itself; pages with two processes and live with one, each under one that watches them; the worker.
        assert len(processes_of(server)) == 1 + (1 + 2) + (1 + 1) + 1
        server.terminate()
        assert server.wait(timeout=60) == 0
        assert processes_of(server) == []
    assert "Traceback" not in (home / "serve.log").read_text()


def test_serve_replaces_a_web_process_that_died_and_ends_when_a_part_did(home: Path) -> None:
    with served(home) as (server, port, _):
        watched = {pid: parent for pid, parent in processes_of(server) if parent not in (os.getpid(), server.pid)}
        web = next(parent for parent in watched.values() if list(watched.values()).count(parent) == 2)
        killed = next(pid for pid, parent in watched.items() if parent == web)
        os.kill(killed, signal.SIGKILL)
        until(lambda: killed not in dict(processes_of(server)) and len(processes_of(server)) == 7)
        with urllib.request.urlopen(f"http://localhost:{port}/accounts/login/", timeout=10) as page:
            assert page.status == 200
        parents = {parent for _, parent in processes_of(server)}
        worker = next(pid for pid, parent in processes_of(server) if parent == server.pid and pid not in parents)
        os.kill(worker, signal.SIGKILL)
        assert server.wait(timeout=60) == 1
        assert processes_of(server) == []
    assert "A part of the server ended by itself" in (home / "serve.log").read_text()


def test_a_taken_port_is_named_with_a_way_out(home: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        refused = run("serve", home=home, HOST="localhost", PORT=str(port))
    assert refused.returncode == 1
    assert f"Port {port} on 127.0.0.1 is taken" in " ".join(refused.stderr.split())
    assert "PORT=" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_home_that_cannot_be_written_is_named_with_a_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    refused = run("migrate", home=tmp_path / "file" / "home")
    assert refused.returncode == 1
    assert "cannot be written" in " ".join(refused.stderr.split())
    assert "THROUGHLINE_HOME" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_database_that_is_not_there_is_named(tmp_path: Path) -> None:
    refused = run("migrate", home=tmp_path, THROUGHLINE_DATABASE_URL="sqlite:////nowhere/at/all.sqlite3")
    assert refused.returncode == 1
    assert "THROUGHLINE_DATABASE_URL" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_python_that_is_too_old_gets_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(ROOT / "tools" / "bootstrap.py"))
    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert "Python 3.11 or later is needed" in said
    assert "3.9.2" in said
    assert said.count("\n") == 1


def test_people_import_lists_refused_lines_and_repeats_safely(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "hr.csv"
    file.write_text(
        "Employee ID,Name,E-mail,Department,Manager ID\n"
        "1,Ona Olsen,ona@small.example,Works,\n2,Pia Park,pia@small.example,Works,1\n3,,nobody@small.example,Works,1\n"
    )
    first = json.loads(run("import", "people", str(file), "--json", home=home).stdout)
    assert (first["added"], [item["line"] for item in first["refused"]]) == (2, [4])
    second = json.loads(run("import", "people", str(file), "--json", home=home).stdout)
    assert (second["added"], second["changed"], second["unchanged"]) == (0, 0, 2)


def test_goals_leave_and_come_back_unchanged(home: Path, tmp_path: Path) -> None:
    source = tmp_path / "plan.md"
    source.write_text("# Plan 2026 Q1\n\n## Ship the thing\n\n- [x] Write it\n- [ ] Test it\n")
    read = run("import", "okrs", str(source), "--org", "small", "--json", home=home)
    assert read.returncode == 0, read.stderr
    out = tmp_path / "goals.json"
    assert run("export", "goals", str(out), "--json", home=home).returncode == 0
    again = json.loads(run("import", "okrs", str(out), "--json", home=home).stdout)
    after = tmp_path / "after.json"
    run("export", "goals", str(after), "--json", home=home)
    assert out.read_bytes() == after.read_bytes()
    assert again


def test_doctor_finds_a_sound_installation_and_says_so_to_machines(home: Path) -> None:
    told = run("doctor", "--json", home=home)
    findings = {item["check"]: item["is_sound"] for item in json.loads(told.stdout)["findings"]}
    assert findings["Database"]
    assert findings["Append-only ledger"]
    assert findings["Secret"]


def test_doctor_notices_missing_triggers(home: Path, tmp_path: Path) -> None:
    copy = tmp_path / "throughline.sqlite3"
    with closing(sqlite3.connect(home / "throughline.sqlite3")) as database:
        database.execute("VACUUM INTO ?", [str(copy)])
    with closing(sqlite3.connect(copy)) as database:
        database.execute("DROP TRIGGER ledger_event_no_delete")
        database.commit()
    told = run("doctor", "--json", home=tmp_path)
    findings = {item["check"]: item["is_sound"] for item in json.loads(told.stdout)["findings"]}
    assert told.returncode == 1
    assert not findings["Append-only ledger"]
