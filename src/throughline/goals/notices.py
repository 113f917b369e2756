"""How notifications about goals read."""

from __future__ import annotations

from throughline.notify.notices import NoticeKind, notice_register

notice_register(
    NoticeKind("goals.signatures_reopened", "“{title}” changed and needs signatures again.", "told"),
    NoticeKind("goals.started", "“{title}” is active now.", "told"),
    NoticeKind("goals.closed", "“{title}” was closed.", "told"),
    NoticeKind("goals.dropped", "“{title}” was dropped.", "told"),
    NoticeKind("goals.reopened", "“{title}” was taken up again.", "told"),
    NoticeKind("goals.checkin", "{by} checked in on “{title}”.", "told"),
    NoticeKind("goals.commented", "{by} commented on “{title}”.", "told"),
    NoticeKind("goals.mentioned", "{by} mentioned you in a comment on “{title}”.", "asked"),
    NoticeKind("goals.owner", "{by} made you owner of “{title}”.", "told"),
    NoticeKind("goals.aligned", "“{about}” was aligned to your goal “{title}”.", "told"),
    NoticeKind("goals.dependency_asked", "{by} asks you for something “{title}” depends on.", "asked"),
    NoticeKind("goals.dependency_answered", "{by} answered what “{title}” depends on.", "told"),
    NoticeKind("goals.checkin_due", "A check-in on “{title}” is due.", "reminder"),
    NoticeKind("goals.checkin_late", "The check-in on “{title}” is {days} days late.", "reminder"),
    NoticeKind(
        "goals.checkin_lead", "The check-in on “{title}” is {days} days late; its owner was reminded twice.", "reminder"
    ),
)
