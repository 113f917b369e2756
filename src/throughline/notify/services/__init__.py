"""Telling people, and what they choose to be told."""

from throughline.notify.services.delivering import deliveries_send, digests_send
from throughline.notify.services.mail_servers import (
    MailServerGiven,
    mail_server_remove,
    mail_server_set,
    mail_server_test,
)
from throughline.notify.services.preferences import preferences_set
from throughline.notify.services.reading import notification_read, notifications_read_all
from throughline.notify.services.telling import notify

__all__ = [
    "MailServerGiven",
    "deliveries_send",
    "digests_send",
    "mail_server_remove",
    "mail_server_set",
    "mail_server_test",
    "notification_read",
    "notifications_read_all",
    "notify",
    "preferences_set",
]
