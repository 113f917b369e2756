"""Addresses of this app's pages, below `/o/<org>/people/`."""

from __future__ import annotations

from django.urls import URLPattern, path

from throughline.people.views import imports, members, people, stakeholders, strengths, units

app_name = "people"
urlpatterns: list[URLPattern] = [
    path("", people.people, name="people"),
    path("export.csv", people.export, name="export"),
    path("new/", people.person_new, name="person_new"),
    path("<int:person_id>/", people.person, name="person"),
    path("<int:person_id>/edit/", people.person_edit_page, name="person_edit"),
    path("<int:person_id>/end/", people.person_end_now, name="person_end"),
    path("<int:person_id>/return/", people.person_return_now, name="person_return"),
    path("<int:person_id>/strengths/", people.person_strength_add, name="person_strength_add"),
    path("units/", units.units, name="units"),
    path("units/new/", units.unit_new, name="unit_new"),
    path("units/<int:unit_id>/", units.unit, name="unit"),
    path("units/<int:unit_id>/edit/", units.unit_edit, name="unit_edit"),
    path("units/<int:unit_id>/move/", units.unit_move_page, name="unit_move"),
    path("units/<int:unit_id>/end/", units.unit_end_now, name="unit_end"),
    path("units/<int:unit_id>/reopen/", units.unit_reopen_now, name="unit_reopen"),
    path("units/<int:unit_id>/members/", units.member_add, name="member_add"),
    path("units/<int:unit_id>/strengths/", units.unit_strength_add, name="unit_strength_add"),
    path("units/memberships/<int:membership_id>/end/", members.member_end, name="member_end"),
    path("units/memberships/<int:membership_id>/resume/", members.member_resume, name="member_resume"),
    path("units/memberships/<int:membership_id>/lead/", members.member_lead, name="member_lead"),
    path("units/memberships/<int:membership_id>/move/", members.member_move, name="member_move"),
    path("strengths/", strengths.strengths, name="strengths"),
    path("strengths/<int:strength_id>/remove/", strengths.strength_remove_now, name="strength_remove"),
    path("stakeholders/", stakeholders.stakeholders, name="stakeholders"),
    path("stakeholders/export.csv", stakeholders.export, name="stakeholders_export"),
    path("stakeholders/new/", stakeholders.stakeholder_new, name="stakeholder_new"),
    path("stakeholders/<int:stakeholder_id>/", stakeholders.stakeholder, name="stakeholder"),
    path("stakeholders/<int:stakeholder_id>/edit/", stakeholders.stakeholder_edit_page, name="stakeholder_edit"),
    path("stakeholders/<int:stakeholder_id>/end/", stakeholders.stakeholder_end_now, name="stakeholder_end"),
    path(
        "stakeholders/<int:stakeholder_id>/return/",
        stakeholders.stakeholder_return_now,
        name="stakeholder_return",
    ),
    path("imports/", imports.imports, name="imports"),
    path("imports/<int:import_id>/", imports.import_page, name="import"),
    path("imports/<int:import_id>/columns/", imports.import_columns, name="import_columns"),
    path("imports/<int:import_id>/progress/", imports.import_progress, name="import_progress"),
    path("imports/<int:import_id>/not-taken.csv", imports.import_refused, name="import_refused"),
    path("imports/<int:import_id>/start/", imports.import_start, name="import_start"),
    path("imports/<int:import_id>/discard/", imports.import_discard, name="import_discard"),
]
