"""Cycles and strategic themes."""

from datetime import date

from ninja import Field, Schema, Status

from throughline.access.rest import ApiBody, ApiPage, ApiRequest, Cursor, Id, Size
from throughline.goals import selectors, services
from throughline.goals.api.router import router
from throughline.goals.api.schemas import Cadence, VersionRead
from throughline.goals.models import Cycle, StrategicTheme
from throughline.kernel.paging import page_of


class CycleOut(Schema):
    """A cycle. `version` goes back with an edit."""

    id: int
    name: str
    starts_on: date
    ends_on: date
    state: str
    cadence: str
    step: int
    note: str
    version: int


class CycleIn(ApiBody):
    """A cycle to plan."""

    name: str = Field(max_length=120)
    starts_on: date
    ends_on: date
    cadence: Cadence = "weekly"
    note: str = Field("", max_length=4000)


class CycleEditIn(CycleIn):
    """A cycle to change, with the version it was read at."""

    version: VersionRead


class ThemeOut(Schema):
    """A strategic theme."""

    id: int
    title: str
    text: str
    cycle_id: int | None
    is_sustainability: bool
    dropped_on: date | None
    version: int


class ThemeIn(ApiBody):
    """A strategic theme to set."""

    title: str = Field(max_length=200)
    text: str = Field("", max_length=4000)
    cycle_id: Id | None = None
    is_sustainability: bool = False


class ThemeEditIn(ThemeIn):
    """A strategic theme to change, with the version it was read at."""

    version: VersionRead


@router.get("goals/cycles", response=ApiPage[CycleOut])
def cycles_list(request: ApiRequest, cursor: Cursor = "", size: Size = 50) -> dict[str, object]:
    """Cycles, newest first."""
    rows = selectors.cycles_visible_to(request.actor)
    page = page_of(rows, order=("-starts_on", "-id"), cursor=cursor, size=size)
    return {"items": page.rows, "next_cursor": page.next_cursor}


@router.post("goals/cycles", response={201: CycleOut})
def cycle_new(request: ApiRequest, payload: CycleIn) -> Status[Cycle]:
    """Plan a cycle."""
    return Status(201, services.cycle_create(actor=request.actor, **payload.model_dump()))


@router.put("goals/cycles/{cycle_id}", response=CycleOut)
def cycle_change(request: ApiRequest, cycle_id: Id, payload: CycleEditIn) -> Cycle:
    """Change a cycle."""
    cycle = selectors.cycle_for_edit(request.actor, cycle_id)
    return services.cycle_edit(actor=request.actor, cycle=cycle, **payload.model_dump())


@router.post("goals/cycles/{cycle_id}/start", response=CycleOut)
def cycle_begin(request: ApiRequest, cycle_id: Id) -> Cycle:
    """Start a cycle; its signed goals become active."""
    return services.cycle_start(actor=request.actor, cycle=selectors.cycle_for_edit(request.actor, cycle_id))


@router.post("goals/cycles/{cycle_id}/close", response=CycleOut)
def cycle_end(request: ApiRequest, cycle_id: Id) -> Cycle:
    """Close a cycle none of whose goals is active."""
    return services.cycle_close(actor=request.actor, cycle=selectors.cycle_for_edit(request.actor, cycle_id))


@router.get("goals/themes", response=list[ThemeOut])
def themes_list(request: ApiRequest) -> list[StrategicTheme]:
    """Strategic themes in force, at most 200, by title."""
    return list(selectors.themes_visible_to(request.actor)[:200])


@router.post("goals/themes", response={201: ThemeOut})
def theme_new(request: ApiRequest, payload: ThemeIn) -> Status[StrategicTheme]:
    """Set a strategic theme."""
    return Status(201, services.strategic_theme_create(actor=request.actor, **payload.model_dump()))


@router.put("goals/themes/{theme_id}", response=ThemeOut)
def theme_change(request: ApiRequest, theme_id: Id, payload: ThemeEditIn) -> StrategicTheme:
    """Change a strategic theme in force."""
    theme = selectors.theme_for_edit(request.actor, theme_id)
    return services.strategic_theme_edit(actor=request.actor, theme=theme, **payload.model_dump())


@router.post("goals/themes/{theme_id}/drop", response=ThemeOut)
def theme_give_up(request: ApiRequest, theme_id: Id) -> StrategicTheme:
    """Put a strategic theme out of force; goals that belong to it keep it."""
    theme = selectors.theme_for_edit(request.actor, theme_id)
    return services.strategic_theme_drop(actor=request.actor, theme=theme)
