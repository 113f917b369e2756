"""How notifications about purpose read."""

from __future__ import annotations

from throughline.notify.notices import NoticeKind, notice_register

notice_register(
    NoticeKind(key="purpose.suggestion_made", sentence="{by} suggests a change to “{about}”.", group="asked"),
    NoticeKind(
        key="purpose.suggestion_taken_up",
        sentence="Your suggestion “{title}” was taken up in version {version} of “{about}”.",
        group="told",
    ),
    NoticeKind(
        key="purpose.suggestion_shaped",
        sentence="“{about}” was adopted in version {version}; your suggestion “{title}” is part of it.",
        group="told",
    ),
    NoticeKind(key="purpose.suggestion_answered", sentence="{by} answered your suggestion “{title}”.", group="told"),
    NoticeKind(
        key="purpose.suggestion_not_taken_up",
        sentence="Your suggestion “{title}” was not taken up; the reason is with it.",
        group="told",
    ),
    NoticeKind(key="purpose.review_due", sentence="“{title}” is due for review.", group="reminder"),
)
