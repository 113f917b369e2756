"""Who may import and export goals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from throughline.goals import policies as goal_policies
from throughline.kernel.actor import Actor
from throughline.kernel.verdict import Verdict, allow_if

if TYPE_CHECKING:
    from throughline.integrations.models import OkrImport


def can_import_goals(actor: Actor) -> Verdict:
    """Whoever may write many goals at once, in other people's names; the rule is the goals' own."""
    return goal_policies.can_import_goals(actor)


def can_see_import(actor: Actor, okr_import: OkrImport) -> Verdict:
    """An upload is private to whoever made it, while they may import."""
    is_own = (
        actor.person_id is not None and okr_import.started_by_id == actor.person_id and can_import_goals(actor).allowed
    )
    return allow_if(
        okr_import.org_id == actor.org_id and (actor.is_system or is_own),
        "Only the person who uploaded these files can open them.",
    )


def visible_imports(actor: Actor) -> Q:
    """The query twin of `can_see_import`."""
    if actor.is_system:
        return Q(org_id=actor.org_id)
    if actor.person_id is None or not can_import_goals(actor).allowed:
        return Q(pk__in=())
    return Q(org_id=actor.org_id, started_by_id=actor.person_id)


def can_export_goals(actor: Actor) -> Verdict:
    """Every member takes along what they may read."""
    return allow_if(actor.is_member, "Members export goals; ask the person who shared something with you for a file.")
