"""Formats in which organisations write goals down. One module of this folder adds one format.

A module that holds a `FORMAT` (see `model.OkrFormat`) is found by itself; `read_okr_file` picks the format
that is surest of a file. The readers know no database: they return a `ParsedFile` in which every line of
the input is accounted for exactly once.
"""

import importlib
import pkgutil
from functools import cache

from throughline.integrations.okr_formats.model import OkrFormat, ParsedFile, UnreadableFile

__all__ = [
    "OkrFormat",
    "ParsedFile",
    "UnreadableFile",
    "format_named",
    "okr_formats",
    "read_okr_file",
    "sniff_format",
]

SURE_ENOUGH = 0.2


@cache
def okr_formats() -> tuple[OkrFormat, ...]:
    """Every format of this folder, by key."""
    found: list[OkrFormat] = []
    for module_info in pkgutil.iter_modules(__path__):
        if module_info.ispkg:
            continue
        module = importlib.import_module(f"{__name__}.{module_info.name}")
        if hasattr(module, "FORMAT"):
            found.append(module.FORMAT)
    return tuple(sorted(found, key=lambda okr_format: okr_format.key))


def format_named(key: str) -> OkrFormat:
    for okr_format in okr_formats():
        if okr_format.key == key:
            return okr_format
    known = ", ".join(okr_format.key for okr_format in okr_formats())
    raise UnreadableFile(f"There is no goal format called “{key}”. Choose one of: {known}.")


def sniff_format(data: bytes, name: str) -> OkrFormat | None:
    """The format that is surest it can read the file, or None when none is."""
    ranked = sorted(okr_formats(), key=lambda okr_format: okr_format.sniff(data, name), reverse=True)
    return ranked[0] if ranked[0].sniff(data, name) >= SURE_ENOUGH else None


def read_okr_file(data: bytes, name: str, *, format_key: str | None = None) -> ParsedFile:
    """The goals of a file in the format named, or else in the one that fits best. Raises UnreadableFile."""
    if not data.strip():
        raise UnreadableFile(f"{name} is empty. Choose a file that holds goals.")
    if format_key is not None:
        return format_named(format_key).read(data, name)
    okr_format = sniff_format(data, name)
    if okr_format is None:
        labels = "; ".join(okr_format.label for okr_format in okr_formats())
        raise UnreadableFile(f"{name} looks like none of the goal formats known here. Known are: {labels}.")
    return okr_format.read(data, name)
