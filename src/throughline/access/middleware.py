"""One place where a request meets an organisation: actor, scope, time zone, refusals, and writes that happen
once.

Every address below `/o/<slug>/` and `/api/v1/o/<slug>/` passes here, so a view that forgets a decorator is
still closed: strangers get 404, guests get 403 unless the view says `@guests_welcome`, and no query runs
without a scope.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db import IntegrityError, OperationalError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

from throughline.access.actors import actor_of_account, actor_of_token
from throughline.access.models import OnceKey
from throughline.access.problems import problem_response, problem_worded
from throughline.access.readable import fields_problems, is_beyond, request_fingerprint
from throughline.access.requests import OrgRequest
from throughline.kernel.actor import Actor
from throughline.kernel.clock import now
from throughline.kernel.errors import Busy, Conflict, Invalid, NotFound, Refused, ThroughlineError
from throughline.kernel.scoping import in_org

_API_PATH = "/api/v1/"
_ORG_PATH = re.compile(r"^/(api/v1/)?o/(?P<slug>[a-z0-9-]{1,50})/")
_TOLD_ONCE = "This was done before. Its answer held a secret that is told once and kept nowhere; make a new one."
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
STATUS_OF = {NotFound: 404, Refused: 403, Conflict: 409, Invalid: 422, Busy: 503}

GetResponse = Callable[[HttpRequest], HttpResponse]
ViewT = TypeVar("ViewT", bound=Callable[..., HttpResponseBase])


def guests_welcome(view: ViewT) -> ViewT:
    """Mark a page that guests may open; what it shows them is still decided by policies."""
    # On the function itself: decorators above this one copy what lies there.
    vars(view)["guests_welcome"] = True
    return view


def status_of(error: ThroughlineError) -> int:
    """The HTTP status of a refusal."""
    return next((status for kind, status in STATUS_OF.items() if isinstance(error, kind)), 400)


class OrgMiddleware:
    """Resolves `request.actor`, enters the organisation's scope and answers refusals with pages or
    problem details.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: OrgRequest) -> HttpResponse:
        match = _ORG_PATH.match(request.path_info)
        request.is_api = request.path_info.startswith(_API_PATH)
        response = self.get_response(request) if match is None else self._answer(request, match["slug"])
        # What the framework refuses itself (no such address, method or CSRF token) comes as a page.
        return problem_worded(response) if request.is_api else response

    def _answer(self, request: OrgRequest, slug: str) -> HttpResponse:
        found = self._actor(request, slug)
        if isinstance(found, HttpResponse):
            return found
        request.actor = found
        with in_org(found.org_id), timezone.override(found.time_zone):
            problems = fields_problems(request.GET)
            if not problems and not request.is_api and request.method not in _SAFE:
                problems = fields_problems(request.POST)
            if problems:
                return refusal_response(request, Invalid(problems))
            if request.method in _SAFE:
                return _rendered(self.get_response(request))
            try:
                return self._write(request, found)
            except OperationalError as error:
                # Two writes that wait for each other, or one that waited too long for its turn: nothing was saved.
                if not any(word in str(error) for word in ("locked", "deadlock")):
                    raise
                refusal = refusal_response(request, Busy())
                refusal["Retry-After"] = "2"
                return refusal

    def process_view(
        self, request: OrgRequest, view: Callable[..., HttpResponse], args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        actor: Actor | None = getattr(request, "actor", None)
        if actor is None:
            return None
        # Views know the organisation from the actor; the resolver's own record keeps the slug for the frame.
        if request.resolver_match is not None:
            request.resolver_match.kwargs = dict(kwargs)
        kwargs.pop("org", None)
        if is_beyond(kwargs):
            return refusal_response(request, NotFound())
        if actor.is_guest and not request.is_api and not getattr(view, "guests_welcome", False):
            return refusal_response(
                request, Refused("This page is for members. Guests open what was shared with them.")
            )
        return None

    def process_exception(self, request: OrgRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, ThroughlineError):
            return refusal_response(request, error)
        return None

    def _actor(self, request: OrgRequest, slug: str) -> Actor | HttpResponse:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if request.is_api and scheme.lower() == "bearer":
            found = actor_of_token(token.strip(), slug)
            if found is None:
                return problem_response(401, "This token is unknown, ended or belongs to another organisation.")
            actor, can_write = found
            if request.method not in _SAFE and not can_write:
                return problem_response(403, "This token may only read; make one that may write.")
            # A token cannot be sent by a foreign page, so no CSRF token is asked for.
            request._dont_enforce_csrf_checks = True
            request.is_by_token = True
            return actor
        if not request.user.is_authenticated:
            if request.is_api:
                return problem_response(401, "Sign in, or send a token: Authorization: Bearer …")
            return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
        signed_in = actor_of_account(request.user.pk, slug)
        if signed_in is None:
            return refusal_response(request, NotFound())
        return signed_in

    def _write(self, request: OrgRequest, actor: Actor) -> HttpResponse:
        key = request.headers.get("Idempotency-Key") if request.is_api else request.POST.get("once")
        if key is not None and not (1 <= len(key) <= 80 and key.isascii() and key.isprintable()):
            return refusal_response(request, Invalid("An idempotency key has 1 to 80 printable ASCII characters."))
        with transaction.atomic():
            row: OnceKey | None = None
            if key and actor.person_id is not None:
                row = _once_claim(request, actor.org_id, actor.person_id, key=key)
                if row.status:
                    return _once_replay(request, row)
            response = _rendered(self.get_response(request))
            if response.status_code >= 400:
                transaction.set_rollback(True)
            elif row is not None:
                row.status, row.location = response.status_code, response.get("Location", "")[:500]
                is_kept = request.is_api and "no-store" not in response.get("Cache-Control", "")
                row.body = response.content.decode() if is_kept else ""
                row.save()
        return response


def _rendered(response: HttpResponse) -> HttpResponse:
    if hasattr(response, "render") and callable(response.render):
        response.render()
    return response


def _once_claim(request: OrgRequest, org_id: int, person_id: int, *, key: str) -> OnceKey:
    fingerprint = request_fingerprint(request)
    if not request.is_api:
        # A form sent again with other content (back, change, send) is another write, not a repetition.
        key = f"{key[:40]}:{fingerprint[:32]}"
    try:
        with transaction.atomic():
            return OnceKey.objects.create(
                org_id=org_id,
                person_id=person_id,
                key=key,
                fingerprint=fingerprint,
                created_at=now(),
            )
    except IntegrityError:
        row = OnceKey.objects.get(person_id=person_id, key=key)
    if row.fingerprint != fingerprint:
        raise_for = "This was sent before with other content. Reload the page, or use a new idempotency key."
        row.status, row.body, row.location = 409, raise_for, ""
    return row


def _once_replay(request: OrgRequest, row: OnceKey) -> HttpResponse:
    if row.status == 409:
        return refusal_response(request, Conflict(row.body))
    if request.is_api:
        if not row.body and row.status != 204:
            refusal = refusal_response(request, Conflict(_TOLD_ONCE))
            if row.location:
                refusal["Location"] = row.location
            return refusal
        response = HttpResponse(row.body, status=row.status, content_type="application/json")
        response["Idempotent-Replayed"] = "true"
        if row.location:
            response["Location"] = row.location
        return response
    return HttpResponseRedirect(row.location or request.path)


def refusal_response(request: HttpRequest, error: ThroughlineError) -> HttpResponse:
    """A page, or problem details for the API, with the refusal's sentence and status."""
    status = status_of(error)
    if getattr(request, "is_api", False):
        problems = error.problems if isinstance(error, Invalid) else None
        return problem_response(status, str(error), problems=problems)
    return render(request, "access/refusal.html", {"sentence": str(error), "status": status}, status=status)
