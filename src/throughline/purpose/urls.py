"""Addresses of this app's pages, below `/o/<org>/purpose/`."""

from __future__ import annotations

from django.urls import URLPattern, path

from throughline.purpose.views import overview, statements, values, writing

app_name = "purpose"
urlpatterns: list[URLPattern] = [
    path("", overview.overview, name="overview"),
    path("start/", writing.start_organisation, name="start"),
    path("start/unit/<int:unit_id>/", writing.start_unit, name="start_unit"),
    path("mine/", writing.mine, name="mine"),
    path("mine/share/", writing.share, name="share"),
    path("values/", values.value_list, name="values"),
    path("values/new/", values.value_new, name="value_new"),
    path("values/<int:value_id>/", values.value_page, name="value"),
    path("values/<int:value_id>/edit/", values.value_edit, name="value_edit"),
    path("values/<int:value_id>/end/", values.value_end, name="value_end"),
    path("values/<int:value_id>/endorse/", values.value_endorse, name="value_endorse"),
    path("policies/", values.policy_list, name="policies"),
    path("policies/new/", values.policy_new, name="policy_new"),
    path("policies/<int:policy_id>/", values.policy_page, name="policy"),
    path("policies/<int:policy_id>/edit/", values.policy_edit, name="policy_edit"),
    path("policies/<int:policy_id>/end/", values.policy_end, name="policy_end"),
    path("<int:statement_id>/", statements.statement, name="statement"),
    path("<int:statement_id>/edit/", writing.edit, name="edit"),
    path("<int:statement_id>/propose/", writing.propose, name="propose"),
    path("<int:statement_id>/suggest/", statements.suggest, name="suggest"),
    path("<int:statement_id>/suggestions/<int:suggestion_id>/", statements.fate, name="fate"),
    path("<int:statement_id>/endorse/", statements.endorse, name="endorse"),
    path("<int:statement_id>/review/", statements.review, name="review"),
    path("<int:statement_id>/review-date/", statements.review_date, name="review_date"),
]
