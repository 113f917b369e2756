"""Addresses of this app's pages, below `/o/<org>/import/`."""

from __future__ import annotations

from django.urls import path

from throughline.integrations.views import exporting, importing

app_name = "integrations"
urlpatterns = [
    path("", importing.start, name="import"),
    path("export/", exporting.export, name="export"),
    path("template/", exporting.columns, name="columns"),
    path("template/<str:name>", exporting.template, name="template"),
    path("<int:import_id>/", importing.okr_import, name="okr_import"),
    path("<int:import_id>/formats/", importing.formats, name="formats"),
    path("<int:import_id>/mapping/", importing.mapping, name="mapping"),
    path("<int:import_id>/run/", importing.run, name="run"),
    path("<int:import_id>/drop/", importing.discard, name="discard"),
    path("<int:import_id>/progress/", importing.progress, name="progress"),
    path("<int:import_id>/lines.csv", importing.lines, name="lines"),
]
