"""Addresses of this app's pages, below `/o/<org>/`."""

from __future__ import annotations

from django.urls import URLPattern, path

from throughline.goals.views import (
    checkins,
    cycles,
    editing,
    explaining,
    linking,
    lists,
    parts,
    reading,
    steps,
    themes,
)

app_name = "goals"
urlpatterns: list[URLPattern] = [
    path("", lists.goal_list, name="list"),
    path("export.csv", lists.export, name="export"),
    path("due/", lists.due, name="due"),
    path("new/", editing.new, name="new"),
    path("cycles/", cycles.cycles, name="cycles"),
    path("cycles/new/", cycles.cycle_new, name="cycle_new"),
    path("cycles/<int:cycle_id>/edit/", cycles.cycle_change, name="cycle_edit"),
    path("cycles/<int:cycle_id>/start/", cycles.cycle_begin, name="cycle_start"),
    path("cycles/<int:cycle_id>/close/", cycles.cycle_end, name="cycle_close"),
    path("themes/", themes.themes, name="themes"),
    path("themes/new/", themes.theme_new, name="theme_new"),
    path("themes/<int:theme_id>/", themes.theme, name="theme"),
    path("themes/<int:theme_id>/edit/", themes.theme_edit, name="theme_edit"),
    path("themes/<int:theme_id>/drop/", themes.theme_drop, name="theme_drop"),
    path("alignments/<int:alignment_id>/end/", linking.unalign, name="unalign"),
    path("dependencies/<int:dependency_id>/<slug:answer>/", linking.dependency_answer, name="dependency_answer"),
    path("check-ins/<int:checkin_id>/", checkins.checked_in, name="checked_in"),
    path("check-ins/<int:checkin_id>/correct/", checkins.checkin_correction, name="checkin_correct"),
    path("comments/<int:comment_id>/edit/", checkins.comment_change, name="comment_change"),
    path("comments/<int:comment_id>/withdraw/", checkins.comment_take_back, name="comment_withdraw"),
    path("milestones/<int:milestone_id>/done/", parts.milestone_mark, name="milestone_done"),
    path("<int:goal_id>/", reading.goal, name="goal"),
    path("<int:goal_id>/explain/", explaining.explain, name="explain"),
    path("<int:goal_id>/versions/", explaining.versions, name="versions"),
    path("<int:goal_id>/edit/", editing.edit, name="edit"),
    path("<int:goal_id>/propose/", steps.propose, name="propose"),
    path("<int:goal_id>/stakeholders/", steps.stakeholders, name="stakeholders"),
    path("<int:goal_id>/take-back/", steps.withdraw, name="withdraw"),
    path("<int:goal_id>/start/", steps.start, name="start"),
    path("<int:goal_id>/close/", steps.close, name="close"),
    path("<int:goal_id>/drop/", steps.drop, name="drop"),
    path("<int:goal_id>/reopen/", steps.reopen, name="reopen"),
    path("<int:goal_id>/key-results/new/", parts.key_result_new, name="key_result_new"),
    path("<int:goal_id>/initiatives/new/", parts.initiative_new, name="initiative_new"),
    path("<int:goal_id>/part/edit/", parts.part_edit, name="part_edit"),
    path("<int:goal_id>/part/remove/", parts.part_remove, name="part_remove"),
    path("<int:goal_id>/done/", parts.initiative_mark, name="initiative_done"),
    path("<int:goal_id>/align/", linking.align, name="align"),
    path("<int:goal_id>/depend/", linking.depend, name="depend"),
    path("<int:goal_id>/check-in/", checkins.check_in, name="check_in"),
    path("<int:goal_id>/comments/", checkins.comment, name="comment"),
]
