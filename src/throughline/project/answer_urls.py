"""The answer host's few addresses: nothing here knows a session, a cookie or a person."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("", include("throughline.meetings.answer_urls"))]
