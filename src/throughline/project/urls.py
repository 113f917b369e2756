"""Every address of the product. Pages of an organisation live below `/o/<org>/`, its API below `/api/v1/o/<org>/`."""

from __future__ import annotations

from django.urls import include, path

from throughline.project.api import api

org_pages = [
    path("", include("throughline.shell.urls")),
    path("people/", include("throughline.people.urls")),
    path("settings/", include("throughline.access.org_urls")),
    path("inbox/", include("throughline.notify.urls")),
    path("purpose/", include("throughline.purpose.urls")),
    path("decisions/", include("throughline.decisions.urls")),
    path("meetings/", include("throughline.meetings.urls")),
    path("goals/", include("throughline.goals.urls")),
    path("import/", include("throughline.integrations.urls")),
]

urlpatterns = [
    path("", include("throughline.access.urls")),
    path("", include("throughline.components.urls")),
    path("accounts/", include("allauth.urls")),
    path("o/<slug:org>/", include(org_pages)),
    path("api/v1/", api.urls),
]

handler403 = "throughline.access.views.errors.forbidden"
handler404 = "throughline.access.views.errors.not_found"
handler500 = "throughline.access.views.errors.broken"
