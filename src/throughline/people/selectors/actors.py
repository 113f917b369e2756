"""Completing an actor with units and stakeholder entries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.db import connection
from django.db.backends.utils import CursorWrapper

from throughline.kernel.actor import Actor
from throughline.kernel.clock import today

# Plain SQL: every request begins with this, and putting it together as lookups takes longer than running it.
_OWN = """
    SELECT unit.id, unit.path, belongs.is_lead FROM people_unitmembership belongs
    JOIN people_unit unit ON unit.id = belongs.unit_id
    WHERE belongs.org_id = %s AND belongs.person_id = %s AND belongs.starts_on <= %s
    AND (belongs.ends_on IS NULL OR belongs.ends_on >= %s)"""
_STAKES = "SELECT id FROM people_stakeholder WHERE org_id = %s AND person_id = %s AND ended_on IS NULL"
_BELOW = "SELECT id FROM people_unit WHERE org_id = %s AND "


def actor_with_units(actor: Actor) -> Actor:
    """The same actor with units, led subtrees and stakeholder entries of today; at most three queries."""
    if actor.person_id is None:
        return actor
    day = today(actor.time_zone)
    with connection.cursor() as cursor:
        cursor.execute(_OWN, [actor.org_id, actor.person_id, day, day])
        rows = cursor.fetchall()
        cursor.execute(_STAKES, [actor.org_id, actor.person_id])
        stakes = [row[0] for row in cursor.fetchall()]
        led = _led(cursor, actor, [path for _, path, is_lead in rows if is_lead])
    return replace(
        actor,
        unit_ids=frozenset(int(part) for _, path, _ in rows for part in path.split(".") if part),
        own_unit_ids=frozenset(unit_id for unit_id, _, _ in rows),
        led_unit_ids=frozenset(led),
        stakeholder_ids=frozenset(stakes),
    )


def _led(cursor: CursorWrapper, actor: Actor, paths: Sequence[str]) -> list[int]:
    if not paths:
        return []
    # A path is numbers and dots, none of which means anything to LIKE.
    subtree = " OR ".join(["path = %s OR path LIKE %s"] * len(paths))
    bounds = [bound for path in paths for bound in (path, f"{path}.%")]
    cursor.execute(f"{_BELOW}({subtree})", [actor.org_id, *bounds])
    return [row[0] for row in cursor.fetchall()]
