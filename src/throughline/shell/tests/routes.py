"""Who may open the shell's pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from tests.architecture.route_table import MEMBERS_ONLY, RouteRow, allowed, expecting
from tests.worlds import World, as_actor
from throughline.goals.services import cycle_create

GUESTS_TOO = expecting(MEMBERS_ONLY, guest=200)


def _cycle(world: World) -> Mapping[str, Any]:
    cycle = cycle_create(
        actor=as_actor(world.ada), name="Spring", starts_on=date(2026, 3, 1), ends_on=date(2026, 6, 30)
    )
    return {"cycle_id": cycle.pk}


ROUTES = [
    RouteRow("shell:home", GUESTS_TOO),
    RouteRow("shell:waiting", GUESTS_TOO),
    RouteRow("shell:team", MEMBERS_ONLY),
    RouteRow("shell:team_of", MEMBERS_ONLY, kwargs=lambda world: {"unit_id": world.platform.pk}),
    RouteRow("shell:search", MEMBERS_ONLY),
    RouteRow(
        "shell:trace",
        expecting(MEMBERS_ONLY, guest=404),
        kwargs=lambda world: {"kind": "people.unit", "subject_id": world.platform.pk},
        note="guests may trace what was shared with them; this unit was not",
    ),
    RouteRow("shell:cycle", MEMBERS_ONLY, kwargs=_cycle),
    RouteRow("shell:cycle_voices", MEMBERS_ONLY, kwargs=_cycle),
    RouteRow("shell:cycle_meetings", allowed(MEMBERS_ONLY, 302), kwargs=_cycle, method="get"),
]
