"""Who gets what answer at every address of notify."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.architecture.route_table import (
    ADMINISTRATORS_ONLY,
    MEMBERS_ONLY,
    RouteRow,
    allowed,
    expecting,
)
from tests.worlds import World
from throughline.kernel.clock import now
from throughline.notify.models import Notification


def _notification(world: World) -> Mapping[str, Any]:
    row = Notification.objects.create(
        org=world.org,
        person=world.ben,
        kind="notify.route",
        subject_kind="people.person",
        subject_id=world.ada.pk,
        once="route",
        created_at=now(),
    )
    return {"notification_id": row.pk}


EVERYBODY = expecting(MEMBERS_ONLY, guest=200)
BENS = {**allowed(EVERYBODY, 404), "member": 302}

ROUTES = [
    RouteRow("notify:inbox", EVERYBODY),
    RouteRow("notify:read_all", allowed(EVERYBODY, 302), method="post"),
    RouteRow("notify:open", BENS, kwargs=_notification, note="addressed to Ben"),
    RouteRow("notify:read", BENS, kwargs=_notification, method="post", note="addressed to Ben"),
    RouteRow("settings:mail", ADMINISTRATORS_ONLY),
    RouteRow(
        "settings:mail_test",
        allowed(ADMINISTRATORS_ONLY, 422),
        method="post",
        data=lambda world: {"to": "ada@meridian.example"},
        note="nothing to test before a server is saved",
    ),
    RouteRow("settings:mail_remove", allowed(ADMINISTRATORS_ONLY, 302), method="post"),
    RouteRow("settings:notifications", EVERYBODY),
]
