"""The bytes of an SQLite file: commits in its write-ahead log, free pages, and the unused room inside pages."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

_LEAVES_AND_INNER = {2: 12, 5: 12, 10: 8, 13: 8}


def page_size(data: bytes) -> int:
    """The page size in the header of a database file; 0 when it is none."""
    if not data.startswith(b"SQLite format 3\x00"):
        return 0
    size: int = struct.unpack(">H", data[16:18])[0]
    return 65536 if size == 1 else size


@dataclass(frozen=True, slots=True)
class Commit:
    """The pages one transaction wrote, in the order of the log."""

    index: int
    content: bytes


def wal_commits(data: bytes) -> list[Commit]:
    """Every commit whose frames are still in a write-ahead log, also those before its last restart."""
    if len(data) < 32:
        return []
    size = struct.unpack(">I", data[8:12])[0]
    if size not in (512, 1024, 2048, 4096, 8192, 16384, 32768, 65536):
        return []
    commits: list[Commit] = []
    pages: list[bytes] = []
    for start in range(32, len(data) - size - 23, size + 24):
        pages.append(data[start + 24 : start + 24 + size])
        if struct.unpack(">I", data[start + 4 : start + 8])[0] != 0:
            commits.append(Commit(len(commits), b"".join(pages)))
            pages = []
    return commits


def free_pages(data: bytes) -> Iterator[bytes]:
    """What stands in pages that belong to no table: the free list's pages without their own bookkeeping."""
    size = page_size(data)
    if not size:
        return
    trunk = struct.unpack(">I", data[32:36])[0]
    seen: set[int] = set()
    while trunk and trunk not in seen and trunk * size <= len(data):
        seen.add(trunk)
        page = data[(trunk - 1) * size : trunk * size]
        following, count = struct.unpack(">II", page[:8])
        count = min(count, size // 4 - 2)
        yield page[8 + 4 * count :]
        for number in struct.unpack(f">{count}I", page[8 : 8 + 4 * count]):
            yield data[(number - 1) * size : number * size]
        trunk = following


def unused_room(data: bytes) -> Iterator[bytes]:
    """The gap between the cell pointers and the cells of every b-tree page, where deleted cells may still stand."""
    size = page_size(data)
    for number in range(len(data) // size if size else 0):
        page = data[number * size : (number + 1) * size]
        start = 100 if number == 0 else 0
        header = _LEAVES_AND_INNER.get(page[start])
        if header is None:
            continue
        cells, content = struct.unpack(">HH", page[start + 3 : start + 7])
        gap = page[start + header + 2 * cells : (content or 65536)]
        if gap.strip(b"\x00"):
            yield gap
