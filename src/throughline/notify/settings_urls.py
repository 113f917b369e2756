"""Settings pages of notify, below `/o/<org>/settings/` in the namespace `settings`."""

from __future__ import annotations

from django.urls import path

from throughline.notify.views import mail_server, preferences

urlpatterns = [
    path("mail/", mail_server.mail, name="mail"),
    path("mail/test/", mail_server.mail_test, name="mail_test"),
    path("mail/remove/", mail_server.mail_remove, name="mail_remove"),
    path("notifications/", preferences.notifications, name="notifications"),
]
