"""Who may open the design system's pages: everybody."""

from __future__ import annotations

from tests.architecture.route_table import WHO, RouteRow

EVERYBODY = dict.fromkeys(WHO, 200)
CHOSEN = dict.fromkeys(WHO, 302)

ROUTES = [
    RouteRow("components:style", EVERYBODY),
    RouteRow("components:style_progress", EVERYBODY),
    RouteRow("components:theme", CHOSEN, method="post", data=lambda world: {"theme": "dark", "next": "/style/"}),
]
