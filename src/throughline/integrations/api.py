"""This app's endpoints, below `/api/v1/o/<org>/`."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpResponse
from ninja import File, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from throughline.access.rest import ApiBody, ApiPage, ApiRequest, Cursor, Id, Size, api_router
from throughline.integrations import selectors, services, tasks
from throughline.integrations.models import OkrImport
from throughline.integrations.rules.mapping import CycleChoice, FileChoice, OkrMapping

router = api_router("integrations")
Ending = Literal["csv-goals", "csv-check-ins", "xlsx", "json"]
_TYPES = {
    "csv-goals": "text/csv; charset=utf-8",
    "csv-check-ins": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
_FILES = {
    "application/json": {"schema": {"type": "object"}},
    "text/csv": {"schema": {"type": "string"}},
    _TYPES["xlsx"]: {"schema": {"type": "string", "format": "binary"}},
}


class CycleIn(ApiBody):
    """The cycle goals go to; the days are for one that does not exist yet."""

    name: str = Field("", max_length=120)
    starts_on: date | None = None
    ends_on: date | None = None


class FileIn(ApiBody):
    """How one file is taken. `unit` "" is the organisation's."""

    name: str = Field(max_length=400)
    cycle: CycleIn = Field(default_factory=lambda: CycleIn(name=""))
    unit: str = Field("", max_length=400)


class OwnerIn(ApiBody):
    """Who an owner named in the files is: e-mail addresses or names with commas between, "" to keep the text."""

    owner: str = Field(max_length=1000)
    person: str = Field("", max_length=400)


class FormatIn(ApiBody):
    """Another format for a file than the recognised one."""

    name: str = Field(max_length=400)
    format_key: str = Field(max_length=40)


class MappingIn(ApiBody):
    """What cycles, units and owners mean. Files and owners that are left out stay as they were guessed."""

    files: list[FileIn] = Field([], max_length=60)
    owners: list[OwnerIn] = Field([], max_length=1000)
    state: Literal["active", "candidate"] = "active"


class ImportOut(Schema):
    """An import: its state, what was recognised and chosen, and what it would do or did."""

    id: int
    state: str
    mapping: dict[str, Any]
    summary: dict[str, Any]
    rows_done: int
    rows_total: int
    problem: str
    created_at: datetime
    finished_at: datetime | None


class FindingOut(Schema):
    """One goal with what becomes of it, or one line that was not understood or taken."""

    kind: str
    file: str
    line: int
    depth: int
    goal_kind: str
    text: str
    reason: str


def _out(found: OkrImport) -> ImportOut:
    return ImportOut(
        id=found.pk,
        state=found.state,
        mapping=found.mapping,
        summary=found.summary,
        rows_done=found.rows_done,
        rows_total=found.rows_total,
        problem=found.problem,
        created_at=found.created_at,
        finished_at=found.finished_at,
    )


@router.post("goal-imports", response={201: ImportOut}, summary="Upload goal files")
def goal_import_upload(request: ApiRequest, files: File[list[UploadedFile]]) -> Any:
    """Files are kept until the import ends. The answer says what was recognised and guessed; nothing changes yet."""
    named = [(file.name or "goals", file.read()) for file in files]
    return Status(201, _out(services.okr_import_upload(actor=request.actor, files=named)))


@router.get("goal-imports/{import_id}", response=ImportOut, summary="The state of an import")
def goal_import(request: ApiRequest, import_id: Id) -> Any:
    """Whoever uploaded it reads it."""
    return _out(selectors.okr_import_visible(request.actor, import_id))


@router.post("goal-imports/{import_id}/formats", response=ImportOut, summary="Read files in other formats")
def goal_import_formats(request: ApiRequest, import_id: Id, payload: list[FormatIn]) -> Any:
    """Cycles and owners are guessed anew."""
    found = selectors.okr_import_visible(request.actor, import_id)
    formats = {item.name: item.format_key for item in payload}
    return _out(services.okr_import_formats(actor=request.actor, okr_import=found, formats=formats))


@router.post("goal-imports/{import_id}/preview", response={202: ImportOut}, summary="Choose and preview")
def goal_import_preview(request: ApiRequest, import_id: Id, payload: MappingIn) -> Any:
    """The preview is worked out in the background; ask for the state until it is `previewed`."""
    actor = request.actor
    found = selectors.okr_import_visible(actor, import_id)
    guessed = services.import_mapping(found)
    files = dict(guessed.files)
    for item in payload.files:
        cycle = CycleChoice(item.cycle.name.strip(), item.cycle.starts_on, item.cycle.ends_on)
        key = files.get(item.name, FileChoice()).format_key
        files[item.name] = FileChoice(key, cycle, selectors.unit_required(actor, item.unit))
    owners = dict(guessed.owners)
    for owner in payload.owners:
        owners[owner.owner] = selectors.owner_required(actor, owner.person)
    mapping = OkrMapping(files=files, owners=owners, state=payload.state)
    moved = services.okr_import_map(actor=actor, okr_import=found, mapping=mapping)
    tasks.okr_import_preview_task.enqueue(actor.org_id, moved.pk)
    return Status(202, _out(moved))


@router.get("goal-imports/{import_id}/findings", response=ApiPage[FindingOut], summary="What was found")
def goal_import_findings(
    request: ApiRequest,
    import_id: Id,
    show: Literal["goals", "new", "changed", "unchanged", "unread", "notes"] = "goals",
    cursor: Cursor = "",
    size: Size = 100,
) -> Any:
    """Goals with what becomes of them, lines that were not taken, or notes."""
    found = selectors.okr_import_visible(request.actor, import_id)
    page = selectors.findings_page(request.actor, found, shown=show, cursor=cursor, size=size)
    items = [
        FindingOut(
            kind=row.kind,
            file=row.file_name,
            line=row.line,
            depth=row.depth,
            goal_kind=row.goal_kind,
            text=row.text,
            reason=row.reason,
        )
        for row in page.rows
    ]
    return {"items": items, "next_cursor": page.next_cursor}


@router.post("goal-imports/{import_id}/run", response={202: ImportOut}, summary="Import")
def goal_import_run(request: ApiRequest, import_id: Id) -> Any:
    """Start what the preview showed, in the background; also takes up an import that stopped."""
    found = selectors.okr_import_visible(request.actor, import_id)
    moved = services.okr_import_start(actor=request.actor, okr_import=found)
    tasks.okr_import_run_task.enqueue(request.actor.org_id, moved.pk)
    return Status(202, _out(moved))


@router.delete("goal-imports/{import_id}", response={204: None}, summary="Drop an upload")
def goal_import_discard(request: ApiRequest, import_id: Id) -> Any:
    """The files and everything read from them are deleted; no goal changes."""
    found = selectors.okr_import_visible(request.actor, import_id)
    services.okr_import_discard(actor=request.actor, okr_import=found)
    return Status(204, None)


@router.get(
    "goal-export",
    summary="Goals with their check-ins as a file",
    openapi_extra={"responses": {200: {"description": "The file, in the format asked for.", "content": _FILES}}},
)
def goal_export(
    request: ApiRequest, format: Ending = "json", cycle_id: Id | None = None, unit_id: Id | None = None
) -> HttpResponse:
    """Everything the asker may read; importing it again gives identical content."""
    ending = "csv" if format.startswith("csv") else format
    written = services.goals_export_bytes(
        actor=request.actor, ending=ending, stem="goals", cycle_id=cycle_id, unit_id=unit_id
    )
    name = list(written)[1 if format == "csv-check-ins" else 0]
    response = HttpResponse(written[name], content_type=_TYPES[format])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
