"""Addresses of the inbox, below `/o/<org>/inbox/`."""

from __future__ import annotations

from django.urls import path

from throughline.notify.views import inbox

app_name = "notify"
urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("read/", inbox.read_all, name="read_all"),
    path("<int:notification_id>/open/", inbox.open_notification, name="open"),
    path("<int:notification_id>/read/", inbox.read_one, name="read"),
]
