"""Home, Team, search, the trace, and the cycle's guided line."""

from __future__ import annotations

from django.urls import path

from throughline.shell.pages import cycles, home, searching, team, tracing

app_name = "shell"
urlpatterns = [
    path("", home.home_page, name="home"),
    path("waiting/", home.waiting_page, name="waiting"),
    path("team/", team.team_page, name="team"),
    path("team/<int:unit_id>/", team.team_page, name="team_of"),
    path("search/", searching.search_page, name="search"),
    path("trace/<str:kind>/<int:subject_id>/", tracing.trace_page, name="trace"),
    path("cycles/<int:cycle_id>/", cycles.cycle_page_view, name="cycle"),
    path("cycles/<int:cycle_id>/meetings/", cycles.cycle_meeting_add, name="cycle_meetings"),
    path("cycles/<int:cycle_id>/voices/", cycles.cycle_voices, name="cycle_voices"),
]
