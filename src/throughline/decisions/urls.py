"""Addresses of this app's pages, below `/o/<org>/decisions/`."""

from __future__ import annotations

from django.urls import URLPattern, path

from throughline.decisions.views import deciding, log, proposals

app_name = "decisions"
urlpatterns: list[URLPattern] = [
    path("", log.log_page, name="log"),
    path("export.<slug:form>", log.log_export, name="export"),
    path("new/", deciding.decision_new, name="new"),
    path("<int:proposal_id>/", proposals.proposal, name="proposal"),
    path("<int:proposal_id>/position/", proposals.position, name="position"),
    path("<int:proposal_id>/revise/", deciding.revise, name="revise"),
    path("<int:proposal_id>/decide/", deciding.decide, name="decide"),
    path("<int:proposal_id>/withdraw/", deciding.withdraw, name="withdraw"),
    path("<int:proposal_id>/contest/", proposals.contest, name="contest"),
    path("<int:proposal_id>/versions/<int:version>/", proposals.version, name="version"),
    path(
        "<int:proposal_id>/objections/<int:objection_id>/<slug:action>/",
        proposals.objection,
        name="objection",
    ),
]
