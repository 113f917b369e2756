"""How the shell's notifications read."""

from __future__ import annotations

from throughline.notify.notices import NoticeKind, notice_register

notice_register(
    NoticeKind(
        key="shell.input_signed",
        sentence="Your input counted: “{title}” shaped “{about}”, which is signed now.",
    ),
    NoticeKind(key="shell.input_changed", sentence="“{about}”, which your input “{title}” shaped, has changed."),
    NoticeKind(
        key="shell.input_dropped",
        sentence="“{about}”, which your input “{title}” shaped, was dropped; its page says why.",
    ),
    NoticeKind(
        key="shell.input_reached",
        sentence="“{about}”, which your input “{title}” shaped, has ended; see how far it came.",
    ),
    NoticeKind(
        key="shell.input_decided",
        sentence="Your input counted: “{title}” shaped “{about}”, which is adopted now.",
    ),
)
