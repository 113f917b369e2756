"""How this app's notifications read."""

from throughline.notify.notices import NoticeKind, notice_register

notice_register(
    NoticeKind(key="meetings.invited", sentence="{by} invites you to “{title}”.", group="asked"),
    NoticeKind(key="meetings.theme_answered", sentence="{by} answered the theme “{about}”, to which you contributed."),
    NoticeKind(key="meetings.contribution_answered", sentence="{by} answered what you said: “{title}”."),
)
