"""Reads of notify; the actor first."""

from throughline.notify.selectors.inbox import (
    InboxLine,
    inbox_page,
    notification_for_reading,
    unread_count,
)
from throughline.notify.selectors.mail_server import has_mail_server, mail_server_of
from throughline.notify.selectors.preferences import PreferenceChoice, preferences_of
from throughline.notify.selectors.wording import notification_url, tellings_for

__all__ = [
    "InboxLine",
    "PreferenceChoice",
    "has_mail_server",
    "inbox_page",
    "mail_server_of",
    "notification_for_reading",
    "notification_url",
    "preferences_of",
    "tellings_for",
    "unread_count",
]
