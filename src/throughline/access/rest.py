"""What every `api.py` is built from: router, request type, pages of rows.

An app's `api.py` makes one `router = api_router("goals")` and takes `request: ApiRequest` first. Paths are
below `/api/v1/o/<org>/`; actor, scope, idempotency and refusals come from `OrgMiddleware`, so an endpoint
only calls a selector or a service. `api.py` modules do not use postponed annotations: ninja reads them from
the wrapped function.
"""

from typing import Annotated, Generic, TypeVar

from django.http import HttpRequest
from ninja import Field, P, QueryEx, Router, Schema
from ninja.security import HttpBearer, django_auth
from pydantic import ConfigDict

from throughline.access.readable import MAX_ID
from throughline.kernel.actor import Actor

ItemT = TypeVar("ItemT")
# Where a list goes on, and how much of it: `cursor: Cursor = "", size: Size = 50`.
Cursor = QueryEx[str, P(max_length=500, description="`next_cursor` of the page before.")]
Size = QueryEx[int, P(ge=1, le=200)]
# A row's number. The middleware answers 404 to an address beyond; in a body it is 422.
Id = Annotated[int, Field(ge=1, le=MAX_ID)]
# The version an edit was made from.
Version = Annotated[int, Field(ge=0, lt=2**31)]
# Words to look for, or the key of a role or state.
Words = QueryEx[str, P(max_length=200)]


class ApiRequest(HttpRequest):
    """A request whose actor is resolved; only a type, never instantiated."""

    actor: Actor


class ApiBody(Schema):
    """What is sent to a write. A field it does not know is refused by name: dropped in silence, it would be lost."""

    model_config = ConfigDict(extra="forbid")


class ApiPage(Schema, Generic[ItemT]):
    """Some items and the cursor of the next page, "" at the end. Send it back as `?cursor=`."""

    items: list[ItemT]
    next_cursor: str


class ProblemField(Schema):
    """What is wrong with one field; `field` is "" when it is the whole request."""

    field: str
    detail: str


class Problem(Schema):
    """Problem details, RFC 9457. `detail` is a sentence fit to show; `errors` says it per field."""

    type: str = Field(examples=["about:blank"])
    title: str = Field(examples=["Unprocessable Entity"])
    status: int = Field(ge=400, le=599, examples=[422])
    detail: str
    errors: list[ProblemField] | None = None


class TokenAuth(HttpBearer):
    """A bearer token; `OrgMiddleware` has checked it and set the actor before this runs."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        # Only what the middleware took for a token: a session under another scheme's name owes a CSRF token.
        return getattr(request, "actor", None) if getattr(request, "is_by_token", False) else None


def api_router(tag: str) -> Router:
    """A router for one app's endpoints, open to tokens and to the signed-in browser session (with CSRF)."""
    return Router(tags=[tag], auth=[TokenAuth(), django_auth])
