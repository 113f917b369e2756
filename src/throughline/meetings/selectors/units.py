"""Units for which somebody may call a meeting."""

from __future__ import annotations

from throughline.kernel.actor import Actor
from throughline.people.selectors import units_visible_to

MOST = 500


def units_for_meetings(actor: Actor) -> list[tuple[int, str]]:
    """Units the actor belongs to, leads or facilitates for, with their names; at most 500, one query."""
    units = units_visible_to(actor).filter(ended_on=None)
    if not (actor.is_facilitator or actor.is_leader):
        units = units.filter(pk__in=actor.unit_ids | actor.led_unit_ids)
    rows = units.order_by("path").values_list("pk", "name", "depth")[:MOST]
    return [(pk, "\u2003" * depth + name) for pk, name, depth in rows]
