"""The API's description, `/api/v1/openapi.json`: what ninja derives, with what the middleware adds to every operation."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from throughline.access.rest import Problem

DESCRIPTION = """\
What the pages can do, through the same services. Send `Authorization: Bearer <token>` (made under Settings, Tokens), or
call from the signed-in page with its CSRF token.

Refusals are problem details (RFC 9457, `application/problem+json`): `detail` is a sentence, `errors` says it per field.
Lists are paged by key: send `next_cursor` back as `cursor` until it is empty.
Writes take an `Idempotency-Key`: the same request sent again with the same key has one effect and gets the same answer,
marked `Idempotent-Replayed: true`; another request with that key is refused with 409. Keys are kept for a day. An answer
that holds a secret (a token, an invitation's link) is kept nowhere: its repetition is refused with 409, and `Location`
says what was made."""
WRITES = frozenset({"post", "put", "patch", "delete"})
REFUSALS = {
    400: "The body is not JSON.",
    401: "No token, or one that is unknown, ended or of another organisation.",
    403: "Known, but not allowed: the reason is in `detail`.",
    404: "Nothing there, or nothing the caller may know of.",
    409: "Somebody changed it first, its state forbids this, or the idempotency key was used for another request.",
    422: "The input cannot be taken as it is; `errors` names the fields.",
}
_REF = "#/components/schemas/"
_ORG = {
    "in": "path",
    "name": "org",
    "required": True,
    "description": "The organisation, as in the address of its pages.",
    "schema": {"type": "string", "pattern": "^[a-z0-9-]{1,50}$", "examples": ["meridian"]},
}
_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "description": "Names this write, so that sending it again has no second effect.",
    "schema": {"type": "string", "pattern": "^[ -~]{1,80}$", "examples": ["3f1c9d2e-checkin-41"]},
}
_REPLAYED = {
    "description": "`true` when this is the answer of an earlier request with the same key.",
    "schema": {"type": "string", "enum": ["true"]},
}
_LOCATION = {"description": "Where the new thing is read.", "schema": {"type": "string"}}


class ThroughlineSchema(OpenAPISchema):
    """Keeps shapes of the same name in two apps apart, and words operations by their docstrings."""

    def operation_details(self, operation: Operation) -> Any:
        """One operation, its shapes named `<app>.<name>` until `described` knows which names need it."""
        gathered, self.schemas = self.schemas, {}
        details = super().operation_details(operation)
        app = app_of(operation)
        here, self.schemas = self.schemas, gathered
        self.schemas.update({f"{app}.{name}": _moved(shape, app) for name, shape in here.items()})
        title = operation.view_func.__name__.title().replace("_", " ")
        sentence, _, rest = (operation.description or "").partition("\n\n")
        if operation.summary == title and sentence:
            details["summary"] = " ".join(sentence.split()).rstrip(".")
            details.pop("description", None)
            if rest:
                details["description"] = rest
        return _moved(details, app)


def app_of(operation: Operation) -> str:
    """The app an operation belongs to: `goals` of `throughline.goals.api`."""
    return str(operation.view_func.__module__.split(".")[1])


def described(api: NinjaAPI, path_prefix: str) -> dict[str, Any]:
    """The whole description."""
    schema: dict[str, Any] = dict(ThroughlineSchema(api, path_prefix))
    shapes: dict[str, Any] = schema["components"]["schemas"]
    times = Counter(name.partition(".")[2] for name in shapes)
    names = {name: _plain(name, times) for name in shapes}
    schema = _renamed(schema, names)
    schema["components"]["schemas"] = {names[name]: _renamed(shape, names) for name, shape in shapes.items()}
    problem = Problem.model_json_schema(ref_template=_REF + "{model}")
    schema["components"]["schemas"] |= problem.pop("$defs") | {"Problem": problem}
    schema["components"]["securitySchemes"]["TokenAuth"]["description"] = "A token made under Settings, Tokens."
    schema["components"]["securitySchemes"]["SessionAuth"]["description"] = (
        "The signed-in browser; writes send its CSRF token as `X-CSRFToken`."
    )
    for method, operation in _operations(schema):
        _complete(method, operation)
    # Shapes of query strings are taken apart into parameters and named nowhere else.
    used = _named(schema["paths"])
    kept = schema["components"]["schemas"]
    while more := {name for name in used for name in _named(kept[name])} - used:
        used |= more
    schema["components"]["schemas"] = {name: kept[name] for name in sorted(used)}
    return schema


def _plain(name: str, times: Counter[str]) -> str:
    app, _, rest = name.partition(".")
    return rest if times[rest] == 1 else app.title() + rest


def _operations(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for methods in schema["paths"].values():
        yield from methods.items()


def _complete(method: str, operation: dict[str, Any]) -> None:
    """Add what is the same everywhere: organisation, idempotency key, refusals."""
    is_write = method in WRITES
    operation["parameters"] = [_ORG, *operation.get("parameters", []), *([_KEY] if is_write else [])]
    for status, response in operation["responses"].items():
        if is_write:
            response.setdefault("headers", {})["Idempotent-Replayed"] = _REPLAYED
        if int(status) == 201:
            response["headers"]["Location"] = _LOCATION
    content = {"application/problem+json": {"schema": {"$ref": f"{_REF}Problem"}}}
    for status, words in REFUSALS.items():
        if (status != 400 or "requestBody" in operation) and (status != 409 or is_write):
            operation["responses"].setdefault(status, {"description": words, "content": content})


def _named(value: Any) -> set[str]:
    if isinstance(value, dict):
        ref = value.get("$ref")
        own = {ref.removeprefix(_REF)} if isinstance(ref, str) else set()
        return own.union(*(_named(inner) for inner in value.values()))
    return set().union(*(_named(inner) for inner in value)) if isinstance(value, list) else set()


def _moved(value: Any, app: str) -> Any:
    return _rewritten(value, lambda name: f"{app}.{name}")


def _renamed(value: Any, names: dict[str, str]) -> Any:
    return _rewritten(value, lambda name: names.get(name, name))


def _rewritten(value: Any, rename: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: _REF + rename(inner.removeprefix(_REF))
            if key == "$ref" and isinstance(inner, str)
            else _rewritten(inner, rename)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [_rewritten(inner, rename) for inner in value]
    return value


def json_body_of(operation: dict[str, Any]) -> dict[str, Any]:
    """The schema of the JSON an operation takes, {} when it takes none."""
    content: dict[str, Any] = operation.get("requestBody", {}).get("content", {})
    found: dict[str, Any] = content.get("application/json", {}).get("schema", {})
    return found


def route_shape(route: str) -> str:
    """A route or documented path with every parameter as `{}`, to compare the two."""
    return re.sub(r"<[^>]*>|\{[^}]*\}", "{}", route).strip("/")
