"""Organisation scope that fails closed: a query outside `in_org` raises instead of reading everybody's rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.db import models

from throughline.kernel.errors import ScopeError

_EVERY = object()
_scope: ContextVar[object | None] = ContextVar("org_scope", default=None)

ModelT_co = TypeVar("ModelT_co", bound=models.Model, covariant=True)


@contextmanager
def in_org(org_id: int) -> Iterator[None]:
    """Limit every query in the block to one organisation. Entering another one inside is refused."""
    current = _scope.get()
    if current is not None and current is not _EVERY and current != org_id:
        raise ScopeError(f"Already in organisation {current}; it cannot change to {org_id} half-way.")
    token = _scope.set(org_id)
    try:
        yield
    finally:
        _scope.reset(token)


@contextmanager
def across_orgs(*, reason: str) -> Iterator[None]:
    """Lift the scope for the block. `reason` is for the reader; a test lists every use in the code."""
    if not reason.strip():
        raise ScopeError("Lifting the organisation scope needs a reason.")
    token = _scope.set(_EVERY)
    try:
        yield
    finally:
        _scope.reset(token)


def current_org_id() -> int:
    """The organisation in scope; raises `ScopeError` when there is none or the scope is lifted."""
    scope = _scope.get()
    if not isinstance(scope, int):
        raise ScopeError("No organisation in scope. Enter one with in_org(…), or say why not with across_orgs(…).")
    return scope


def scope_filter() -> dict[str, Any]:
    """Filter arguments for the scope in force: one organisation, or none when lifted for a reason."""
    scope = _scope.get()
    if scope is None:
        raise ScopeError("No organisation in scope. Enter one with in_org(…), or say why not with across_orgs(…).")
    return {} if scope is _EVERY else {"org_id": scope}


class OrgManager(models.Manager[ModelT_co]):
    """Manager of every model that belongs to an organisation: filters by the scope, or raises without one."""

    def get_queryset(self) -> models.QuerySet[ModelT_co, ModelT_co]:
        return super().get_queryset().filter(**scope_filter())
