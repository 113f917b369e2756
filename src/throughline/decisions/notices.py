"""How notifications about decisions read."""

from __future__ import annotations

from throughline.notify.notices import NoticeKind, notice_register

notice_register(
    NoticeKind(key="decisions.asked", sentence="{by} asks for your position on “{title}”.", group="asked"),
    NoticeKind(
        key="decisions.asked_again",
        sentence="“{title}” moved on to version {version}, which asks for your position again.",
        group="asked",
    ),
    NoticeKind(key="decisions.objection_raised", sentence="{by} objects to a passage of “{title}”.", group="asked"),
    NoticeKind(
        key="decisions.objection_integrated",
        sentence="Your objection to “{title}” was integrated.",
        group="told",
    ),
    NoticeKind(
        key="decisions.objection_standing",
        sentence="Your objection to “{title}” is recorded as standing, with the reason.",
        group="told",
    ),
    NoticeKind(key="decisions.signed", sentence="“{title}” was signed by everyone asked.", group="told"),
    NoticeKind(key="decisions.adopted", sentence="“{title}” was adopted.", group="told"),
    NoticeKind(key="decisions.rejected", sentence="“{title}” was rejected; the reason is with it.", group="told"),
    NoticeKind(
        key="decisions.editorial_contested",
        sentence="{by} contests that version {version} of “{title}” changed only wording.",
        group="told",
    ),
)
