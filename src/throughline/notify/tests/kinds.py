"""Kinds of notifications that exist in tests only."""

from __future__ import annotations

from throughline.notify.notices import NoticeKind, notice_register

ASKED, TOLD = "notify.test_asked", "notify.test_told"

notice_register(
    NoticeKind(ASKED, "{by} asks you to read “{title}”, part {part} of “{about}”.", "asked"),
    NoticeKind(TOLD, "“{title}” was signed.", "told"),
)
