"""Whom to tell about purposes and suggestions."""

from __future__ import annotations

from throughline.kernel.actor import Actor
from throughline.purpose.models import Statement, Suggestion


def suggestion_to_tell(actor: Actor, suggestion_id: int) -> Suggestion | None:
    """The suggestion behind an event with its statement, or None when it is gone."""
    return Suggestion.objects.filter(pk=suggestion_id).select_related("statement").first()


def statement_to_tell(actor: Actor, statement_id: int) -> Statement | None:
    """The statement behind an event, or None when it is gone."""
    return Statement.objects.filter(pk=statement_id).first()


def taken_up_until(actor: Actor, statement_id: int, version: int) -> list[Suggestion]:
    """Suggestions that are part of a version or of one before it."""
    return list(Suggestion.objects.filter(statement_id=statement_id, taken_up_version__lte=version))
