"""What the environment says, read once: home folder, addresses, database, secret."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True, slots=True)
class Environment:
    """Everything that differs between installations. `live_port` and `port` are TCP ports on `host`."""

    home: Path
    host: str
    port: int
    live_port: int
    web_workers: int
    public_url: str
    answer_url: str
    live_url: str
    database_url: str
    is_debug: bool
    is_open_start: bool


def environment() -> Environment:
    """Read the environment. THROUGHLINE_HOME defaults to `.home` in the working folder; nothing is created here."""
    host = os.environ.get("HOST", "localhost")
    port = int(os.environ.get("PORT", "8000"))
    live_port = int(os.environ.get("THROUGHLINE_LIVE_PORT", str(port + 1)))
    home = Path(os.environ.get("THROUGHLINE_HOME", ".home")).resolve()
    shown_host = "localhost" if host in ("0.0.0.0", "127.0.0.1", "::") else host  # noqa: S104 - compared, not bound
    return Environment(
        home=home,
        host=host,
        port=port,
        live_port=live_port,
        web_workers=max(1, int(os.environ.get("THROUGHLINE_WEB_WORKERS", "4"))),
        public_url=os.environ.get("THROUGHLINE_PUBLIC_URL", f"http://{shown_host}:{port}").rstrip("/"),
        answer_url=os.environ.get("THROUGHLINE_ANSWER_URL", f"http://127.0.0.1:{port}").rstrip("/"),
        live_url=os.environ.get("THROUGHLINE_LIVE_URL", f"http://{shown_host}:{live_port}").rstrip("/"),
        database_url=os.environ.get("THROUGHLINE_DATABASE_URL", f"sqlite:///{home / 'throughline.sqlite3'}"),
        is_debug=os.environ.get("THROUGHLINE_DEBUG", "") == "1",
        # Whether anybody who reaches the first page may start an organisation of their own.
        is_open_start=os.environ.get("THROUGHLINE_OPEN_START", "") == "1",
    )


def secret_key(home: Path) -> str:
    """The installation's secret: from THROUGHLINE_SECRET_KEY, else kept in the home folder, made at first use."""
    given = os.environ.get("THROUGHLINE_SECRET_KEY")
    if given:
        return given
    path = home / "secret"
    if path.exists():
        return path.read_text().strip()
    made = secrets.token_urlsafe(48)
    try:
        home.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(made)
    except FileExistsError:
        return path.read_text().strip()
    except OSError:
        # A read-only home is reported by the command line in a sentence; importing settings must not hide it.
        return made
    return made


def database(url: str) -> dict[str, Any]:
    """Django's database entry for `sqlite:///path` or `postgresql://user:password@host:port/name`."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path)
            if parts.path.startswith("//")
            else unquote(parts.path.removeprefix("/")) or ":memory:",
            "CONN_MAX_AGE": 600,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                    "PRAGMA secure_delete=ON; PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456;"
                    "PRAGMA temp_store=MEMORY;"
                ),
            },
        }
    if parts.scheme in ("postgres", "postgresql"):
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
        }
    raise ValueError(f"THROUGHLINE_DATABASE_URL begins with “{parts.scheme}”; use sqlite:/// or postgresql://.")
