"""The API: every app's router below `/api/v1/o/<org>/`, refusals as problem details."""

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.docs import DocsBase

from throughline.access.api import router as access_router
from throughline.access.middleware import status_of
from throughline.access.problems import problem_response
from throughline.decisions.api import router as decisions_router
from throughline.goals.api import router as goals_router
from throughline.integrations.api import router as integrations_router
from throughline.kernel.errors import Invalid, ThroughlineError
from throughline.meetings.api import router as meetings_router
from throughline.notify.api import router as notify_router
from throughline.people.api import router as people_router
from throughline.purpose.api import router as purpose_router
from throughline.shell.api import router as shell_router


class NoDocs(DocsBase):
    """The schema is served as JSON; a viewer would need scripts from elsewhere."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        return HttpResponse(status=404)


class ThroughlineAPI(NinjaAPI):
    """Adds the organisation's slug, which the middleware consumes, to every documented path."""

    def get_openapi_schema(self, **kwargs: Any) -> Any:
        schema = super().get_openapi_schema(**kwargs)
        org = {
            "in": "path",
            "name": "org",
            "required": True,
            "schema": {"type": "string", "pattern": "^[a-z0-9-]{1,50}$"},
        }
        problem = {"application/problem+json": {"schema": {"type": "object"}}}
        for methods in schema["paths"].values():
            for operation in methods.values():
                operation["parameters"] = [org, *operation.get("parameters", [])]
                for status in ("401", "403", "404", "409", "422"):
                    operation["responses"].setdefault(
                        int(status), {"description": "Refused", "content": problem}
                    )
        return schema


api = ThroughlineAPI(
    title="Throughline", version="1", docs=NoDocs(), openapi_url="openapi.json", urls_namespace="api"
)
for _router in (
    access_router,
    people_router,
    notify_router,
    purpose_router,
    decisions_router,
    meetings_router,
    goals_router,
    integrations_router,
    shell_router,
):
    api.add_router("/o/{org}/", _router)


@api.exception_handler(ThroughlineError)
def _refused(request: HttpRequest, error: ThroughlineError) -> HttpResponse:
    problems = error.problems if isinstance(error, Invalid) else None
    return problem_response(status_of(error), str(error), problems=problems)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    problems: dict[str, list[str]] = {}
    for item in error.errors:
        field = ".".join(str(part) for part in item["loc"] if part not in ("body", "payload"))
        problems.setdefault(field, []).append(str(item["msg"]))
    fields = ", ".join(sorted(field for field in problems if field)) or "the request"
    return problem_response(422, f"Not taken: {fields} cannot be read as sent.", problems=problems)


@api.exception_handler(Http404)
def _missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem_response(404, "There is nothing here that you can open.")


@api.exception_handler(AuthenticationError)
def _unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return problem_response(401, "Sign in, or send a token: Authorization: Bearer …")


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem_response(error.status_code, str(error))


@api.exception_handler(json.JSONDecodeError)
def _not_json(request: HttpRequest, error: json.JSONDecodeError) -> HttpResponse:
    return problem_response(400, "The body is not JSON; send application/json in UTF-8.")
