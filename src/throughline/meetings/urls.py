"""Addresses of this app's pages, below `/o/<org>/`."""

from __future__ import annotations

from django.urls import URLPattern, path

from throughline.meetings.views import board, contributions, meetings, running, themes

app_name = "meetings"
urlpatterns: list[URLPattern] = [
    path("", meetings.meeting_list, name="list"),
    path("new/", meetings.format_choice, name="new"),
    path("new/<slug:format_key>/", meetings.meeting_create, name="create"),
    path("heard/", contributions.heard, name="heard"),
    path("<int:meeting_id>/", meetings.meeting_detail, name="meeting"),
    path("<int:meeting_id>/edit/", meetings.meeting_edit, name="edit"),
    path("<int:meeting_id>/people/", meetings.invite, name="invite"),
    path("<int:meeting_id>/people/<int:person_id>/remove/", meetings.uninvite, name="uninvite"),
    path("<int:meeting_id>/guests/", meetings.invite_guest, name="invite_guest"),
    path("<int:meeting_id>/agenda/<int:item_id>/", running.agenda_item, name="agenda_item"),
    path("<int:meeting_id>/state/", running.move, name="move"),
    path("<int:meeting_id>/close/", running.close, name="close"),
    path("<int:meeting_id>/outcome/", running.outcome, name="outcome"),
    path("<int:meeting_id>/board/", board.board_page, name="board"),
    path("<int:meeting_id>/board/post/", board.post, name="post"),
    path("<int:meeting_id>/board/cards/", board.cards, name="cards"),
    path("<int:meeting_id>/board/undo/", board.undo, name="undo"),
    path("<int:meeting_id>/changes/", board.changes, name="changes"),
    path("themes/<int:theme_id>/", themes.theme_page, name="theme"),
    path("themes/<int:theme_id>/edit/", themes.theme_edit_page, name="theme_edit"),
    path("themes/<int:theme_id>/merge/", themes.theme_merge, name="theme_merge"),
    path("themes/<int:theme_id>/remove/", themes.theme_remove_view, name="theme_remove"),
    path("themes/<int:theme_id>/answer/", themes.theme_answer, name="theme_answer"),
    path("contributions/<int:contribution_id>/", contributions.contribution_page, name="contribution"),
    path("contributions/<int:contribution_id>/edit/", contributions.contribution_edit_page, name="contribution_edit"),
    path("contributions/<int:contribution_id>/withdraw/", contributions.withdraw, name="contribution_withdraw"),
    path("contributions/<int:contribution_id>/answer/", contributions.answer, name="contribution_answer"),
    path("voices/<int:number>/", contributions.voice_page, name="voice"),
    path("voices/<int:number>/answer/", contributions.voice_answer, name="voice_answer"),
    path("voices/<int:number>/message/", contributions.voice_message, name="voice_message"),
]
