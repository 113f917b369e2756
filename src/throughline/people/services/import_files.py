"""Uploaded HR exports on disk: below THROUGHLINE_HOME/imports, unreadable to others, only until the import
ends.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from throughline.kernel.errors import Conflict, Invalid

LARGEST_MB = 200
SMALL_BYTES = 256 * 1024


def import_path(stored_name: str) -> Path:
    """Where an upload lies; raises Conflict when it is gone."""
    path = _folder() / stored_name
    if not stored_name or not path.is_file():
        raise Conflict("The uploaded file is no longer here. Upload it again.")
    return path


def import_store(chunks: Iterable[bytes]) -> str:
    """Keep the bytes under a random name and return it; raises Invalid for a file that is empty or too large."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = secrets.token_hex(24)
    size = 0
    try:
        with os.fdopen(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for chunk in chunks:
                size += len(chunk)
                if size > LARGEST_MB * 1024 * 1024:
                    raise Invalid({"file": f"The file is larger than {LARGEST_MB} MB. Leave out what is not needed."})
                file.write(chunk)
        if size == 0:
            raise Invalid({"file": "The file is empty. Export it again with a first line of column names."})
    except Invalid:
        import_forget(name)
        raise
    return name


def import_forget(stored_name: str) -> None:
    """Delete an upload; one that is gone already is no trouble."""
    if stored_name:
        (_folder() / stored_name).unlink(missing_ok=True)


def _folder() -> Path:
    return Path(settings.HOME) / "imports"


def is_small(stored_name: str) -> bool:
    """Whether a preview is ready at once (some thousand lines), so that nobody waits for a worker."""
    return import_path(stored_name).stat().st_size <= SMALL_BYTES
