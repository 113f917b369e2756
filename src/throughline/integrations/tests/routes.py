"""Who may open what of importing and exporting goals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.architecture.route_table import MEMBERS_ONLY, RouteRow, allowed, expecting
from tests.worlds import World, as_actor
from throughline.integrations.services import (
    import_mapping,
    okr_import_map,
    okr_import_preview,
    okr_import_upload,
)
from throughline.kernel.scoping import in_org

MARKDOWN = b"# OKRs 2027 Q1\n\n## Reliable records\n\n- Fewer lost drafts\n"
# Importing is for whoever facilitates, leads or administers; somebody else's upload is not there for them.
IMPORTERS = expecting(MEMBERS_ONLY, member=403, elsewhere=403, team_lead=403)
OWN = expecting(MEMBERS_ONLY, member=404, elsewhere=404, team_lead=404, leader=404, facilitator=200, administrator=404)


def uploaded(world: World, *, is_previewed: bool = False) -> int:
    """An upload of the facilitator's."""
    with in_org(world.org.pk):
        actor = as_actor(world.fay)
        found = okr_import_upload(actor=actor, files=[("goals.md", MARKDOWN)])
        if is_previewed:
            okr_import_map(actor=actor, okr_import=found, mapping=import_mapping(found))
            okr_import_preview(actor=actor, okr_import=found)
        return found.pk


def upload(*, is_previewed: bool = False) -> Callable[[World], Mapping[str, Any]]:
    return lambda world: {"import_id": uploaded(world, is_previewed=is_previewed)}


ROUTES = [
    RouteRow("integrations:import", IMPORTERS),
    RouteRow("integrations:export", MEMBERS_ONLY),
    RouteRow("integrations:columns", MEMBERS_ONLY),
    RouteRow("integrations:template", MEMBERS_ONLY, kwargs=lambda world: {"name": "goals-template.csv"}),
    RouteRow("integrations:okr_import", OWN, kwargs=upload(is_previewed=True)),
    RouteRow("integrations:mapping", OWN, kwargs=upload()),
    RouteRow("integrations:progress", OWN, kwargs=upload()),
    RouteRow("integrations:lines", OWN, kwargs=upload(is_previewed=True)),
    RouteRow(
        "integrations:formats",
        allowed(OWN, 302),
        kwargs=upload(),
        method="post",
        data=lambda world: {"format_0": "markdown_headings"},
    ),
    RouteRow("integrations:run", allowed(OWN, 302), kwargs=upload(is_previewed=True), method="post"),
    RouteRow("integrations:discard", allowed(OWN, 302), kwargs=upload(), method="post"),
]
