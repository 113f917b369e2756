"""The shape of a row of the route × role table. Each app lists its rows in `<app>/tests/routes.py` as `ROUTES`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.worlds import World

# Who asks. "anonymous" is signed out; "stranger" belongs to another organisation; "elsewhere" is a member of another unit.
WHO = (
    "anonymous",
    "stranger",
    "guest",
    "member",
    "elsewhere",
    "team_lead",
    "leader",
    "facilitator",
    "administrator",
)
# What most pages of an organisation answer.
MEMBERS_ONLY: Mapping[str, int] = {
    "anonymous": 302,
    "stranger": 404,
    "guest": 403,
    "member": 200,
    "elsewhere": 200,
    "team_lead": 200,
    "leader": 200,
    "facilitator": 200,
    "administrator": 200,
}
ADMINISTRATORS_ONLY: Mapping[str, int] = {
    **MEMBERS_ONLY,
    "member": 403,
    "elsewhere": 403,
    "team_lead": 403,
    "leader": 403,
    "facilitator": 403,
}


@dataclass(frozen=True)
class RouteRow:
    """One route: its name, what a request for it needs, and the status each asker gets.

    `kwargs` builds what the address takes besides the organisation, from the world (create what is needed through
    services there). `method` and `data` make the request; a write that is allowed usually answers 302. A status may be a
    tuple of acceptable ones where the answer depends on content, with the reason in `note`.
    """

    name: str
    expected: Mapping[str, int | tuple[int, ...]]
    kwargs: Callable[[World], Mapping[str, Any]] = field(default=lambda world: {})
    method: str = "get"
    data: Callable[[World], Mapping[str, Any]] = field(default=lambda world: {})
    note: str = ""


def expecting(
    base: Mapping[str, int | tuple[int, ...]], **changes: int | tuple[int, ...]
) -> dict[str, int | tuple[int, ...]]:
    """A table row's expectation that differs from a usual one in a few places."""
    return {**base, **changes}


def allowed(base: Mapping[str, int | tuple[int, ...]], status: int) -> dict[str, int | tuple[int, ...]]:
    """The same permissions with another answer where the request is allowed (302 after a write)."""
    return {who: status if code == 200 else code for who, code in base.items()}
