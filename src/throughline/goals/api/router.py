"""The one router of this app, and where goals made through it are read."""

from django.http import HttpResponse
from django.urls import reverse

from throughline.access.rest import ApiRequest, api_router
from throughline.goals.models import Goal

router = api_router("goals")


def goal_located(request: ApiRequest, response: HttpResponse, goal: Goal) -> None:
    """Say where a part is read that was made at another address."""
    response["Location"] = reverse("api:goal_get", kwargs={"org": request.actor.org_slug, "goal_id": goal.pk})
