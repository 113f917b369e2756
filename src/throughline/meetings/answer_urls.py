"""Addresses of the answer host."""

from __future__ import annotations

from django.urls import URLPattern, path

from throughline.meetings.views import answers

app_name = "answers"
urlpatterns: list[URLPattern] = [
    path("", answers.welcome, name="welcome"),
    path("b/<slug:public_id>/", answers.board, name="board"),
    path("r/", answers.receipt, name="receipt"),
    path("r/edit/", answers.receipt_edit, name="receipt_edit"),
    path("r/withdraw/", answers.receipt_withdraw, name="receipt_withdraw"),
]
