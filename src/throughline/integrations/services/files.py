"""Uploaded goal files on disk: below THROUGHLINE_HOME/imports, unreadable to others, only until the import ends."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.conf import settings

from throughline.kernel.errors import Conflict


def file_store(data: bytes) -> str:
    """Keep the bytes under a random name and return it."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = f"goals-{secrets.token_hex(20)}"
    with os.fdopen(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
    return name


def file_bytes(stored_name: str) -> bytes:
    """What was uploaded; raises Conflict when it is gone."""
    path = _folder() / stored_name
    if not stored_name or not path.is_file():
        raise Conflict("The uploaded files are no longer here. Upload them again.")
    return path.read_bytes()


def file_forget(stored_name: str) -> None:
    """Delete an upload; one that is gone already is no trouble."""
    if stored_name:
        (_folder() / stored_name).unlink(missing_ok=True)


def _folder() -> Path:
    return Path(settings.HOME) / "imports"
