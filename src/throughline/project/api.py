"""The API: every app's router below `/api/v1/o/<org>/`, refusals as problem details."""

import json
from functools import cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.docs import DocsBase
from ninja.operation import Operation
from ninja.parser import Parser

from throughline.access.api import router as access_router
from throughline.access.middleware import status_of
from throughline.access.problems import problem_response
from throughline.access.readable import json_problems
from throughline.decisions.api import router as decisions_router
from throughline.goals.api import router as goals_router
from throughline.integrations.api import router as integrations_router
from throughline.kernel.errors import Invalid, ThroughlineError
from throughline.meetings.api import router as meetings_router
from throughline.notify.api import router as notify_router
from throughline.people.api import router as people_router
from throughline.project.openapi import DESCRIPTION, app_of, described, json_body_of, route_shape
from throughline.purpose.api import router as purpose_router
from throughline.shell.api import router as shell_router


class NoDocs(DocsBase):
    """The schema is served as JSON; a viewer would need scripts from elsewhere."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        return HttpResponse(status=404)


class StrictParser(Parser):
    """JSON as the standard has it, of what a database keeps."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body; ninja words any refusal but `Invalid` as unreadable."""
        data = json.loads(request.body, parse_constant=_no_constant)
        problems = json_problems(data)
        if problems:
            raise Invalid(problems)
        match = request.resolver_match
        takes_list = match is not None and (request.method, route_shape(match.route)) in _routes_with_lists()
        if not isinstance(data, list if takes_list else dict):
            # ninja would read attributes off anything, and take a bare 5 for a body whose fields all have defaults.
            raise Invalid(f"The body is {'a list' if takes_list else 'an object'}; see /api/v1/openapi.json.")
        return data


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON.")


class ThroughlineAPI(NinjaAPI):
    """One description for all apps, and the address of what was made."""

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> Any:
        return described(self, self.get_root_path(path_params or {}) if path_prefix is None else path_prefix)

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return f"{app_of(operation)}_{operation.view_func.__name__}"

    def create_response(
        self,
        request: HttpRequest,
        data: Any,
        *,
        status: int | None = None,
        temporal_response: HttpResponse | None = None,
    ) -> HttpResponse:
        response = super().create_response(request, data, status=status, temporal_response=temporal_response)
        if response.status_code == 201 and "Location" not in response and isinstance(data, dict) and "id" in data:
            match = request.resolver_match
            if match is not None and f"{route_shape(match.route)}/{{}}" in _readable_routes():
                end = "/" if request.path.endswith("/") else ""
                response["Location"] = f"{request.path.rstrip('/')}/{data['id']}{end}"
        return response


@cache
def _routes_with_lists() -> frozenset[tuple[str, str]]:
    return frozenset(
        (method.upper(), route_shape(path))
        for path, methods in api.get_openapi_schema()["paths"].items()
        for method, operation in methods.items()
        if json_body_of(operation).get("type") == "array"
    )


@cache
def _readable_routes() -> frozenset[str]:
    return frozenset(
        route_shape(path) for path, methods in api.get_openapi_schema()["paths"].items() if "get" in methods
    )


api = ThroughlineAPI(
    title="Throughline",
    version="1",
    description=DESCRIPTION,
    docs=NoDocs(),
    openapi_url="openapi.json",
    urls_namespace="api",
    parser=StrictParser(),
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
    if isinstance(error.__cause__, Invalid):
        return _refused(request, error.__cause__)
    words = {
        400: "The body is not JSON; send application/json in UTF-8.",
        403: "This request carries no valid CSRF token. Send X-CSRFToken, or use an API token instead of the session.",
    }
    return problem_response(error.status_code, words.get(error.status_code, str(error)))
