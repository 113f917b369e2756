"""The command line says what is wrong in one sentence, and what it prints can be read by machines."""

from __future__ import annotations

import json
import os
import runpy
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def run(*arguments: str, home: Path, **extra: str) -> subprocess.CompletedProcess[str]:
    """`throughline …` in a home of its own."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("THROUGHLINE_", "DJANGO_"))}
    environment = {**inherited, "THROUGHLINE_HOME": str(home), **extra}
    return subprocess.run(
        [sys.executable, "-m", "throughline.project.cli", *arguments],
        env=environment,
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
