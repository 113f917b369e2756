"""HR imports: upload, mapping, preview, start, state."""

from datetime import datetime
from typing import Any, Literal

from ninja import File, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from throughline.access.rest import ApiBody, ApiPage, ApiRequest, Cursor, Id, Size
from throughline.people.api.router import router
from throughline.people.models import PeopleImport
from throughline.people.rules import FindingKind
from throughline.people.rules.hr_file import table_head
from throughline.people.selectors.imports import import_findings, import_visible
from throughline.people.services import (
    people_import_discard,
    people_import_map,
    people_import_start,
    people_import_upload,
)
from throughline.people.services.import_files import import_path
from throughline.people.tasks import preview_begin, run_begin


class ImportOut(Schema):
    """An import: its state (uploaded, previewing, previewed, running, done, failed, discarded) and its
    numbers.
    """

    id: int
    file_name: str
    state: str
    mapping: dict[str, Any]
    rows_total: int
    rows_done: int
    summary: dict[str, int]
    problem: str
    created_at: datetime
    finished_at: datetime | None


class ImportColumnsOut(Schema):
    """The file's columns, in order, with a few lines."""

    columns: list[str]
    samples: list[list[str]]


class MappingIn(ApiBody):
    """What the columns mean: target to position, counting from 0; and how dates and units are written."""

    columns: dict[str, int] = Field(max_length=20)
    date_format: str = "iso"
    unit_style: str = "name"
    is_leaving_when_missing: bool = False


class FindingOut(Schema):
    """One line of a preview."""

    id: int
    kind: str
    line: int
    name: str
    column: str
    value: str
    reason: str


@router.post("people-imports", response={201: ImportOut}, operation_id="people_import_upload")
def import_upload(request: ApiRequest, file: File[UploadedFile]) -> Status[PeopleImport]:
    """Upload an HR export (CSV or XLSX); its columns are guessed."""
    made = people_import_upload(actor=request.actor, file_name=file.name or "", chunks=file.chunks())
    return Status(201, made)


@router.get("people-imports/{import_id}", response=ImportOut, operation_id="people_import")
def import_read(request: ApiRequest, import_id: Id) -> PeopleImport:
    """How far an import is."""
    return import_visible(request.actor, import_id)


@router.get("people-imports/{import_id}/columns", response=ImportColumnsOut, operation_id="people_import_columns")
def import_columns(request: ApiRequest, import_id: Id) -> dict[str, Any]:
    """The columns of the uploaded file."""
    head = table_head(import_path(import_visible(request.actor, import_id).stored_name), samples=5)
    return {"columns": head.columns, "samples": head.samples}


@router.put("people-imports/{import_id}/mapping", response=ImportOut, operation_id="people_import_map")
def import_map(request: ApiRequest, import_id: Id, payload: MappingIn) -> PeopleImport:
    """Say what the columns mean; a preview follows, at once for a small file."""
    people_import = people_import_map(
        actor=request.actor, people_import=import_visible(request.actor, import_id), mapping=payload.dict()
    )
    return preview_begin(request.actor, people_import)


@router.get("people-imports/{import_id}/findings", response=ApiPage[FindingOut], operation_id="people_import_findings")
def import_findings_list(
    request: ApiRequest,
    import_id: Id,
    kind: Literal["new", "changed", "leaver", "refused_line", "refused_cell"] = "refused_line",
    cursor: Cursor = "",
    size: Size = 50,
) -> dict[str, Any]:
    """What the preview found, by kind."""
    people_import = import_visible(request.actor, import_id)
    page = import_findings(people_import, (FindingKind(kind),), cursor=cursor, size=size)
    return {"items": page.rows, "next_cursor": page.next_cursor}


@router.post("people-imports/{import_id}/start", response={202: ImportOut}, operation_id="people_import_start")
def import_start(request: ApiRequest, import_id: Id) -> Status[PeopleImport]:
    """Start the import, or take up again one that stopped."""
    people_import = people_import_start(actor=request.actor, people_import=import_visible(request.actor, import_id))
    run_begin(request.actor, people_import)
    return Status(202, people_import)


@router.post("people-imports/{import_id}/discard", response=ImportOut, operation_id="people_import_discard")
def import_drop(request: ApiRequest, import_id: Id) -> PeopleImport:
    """Drop an upload; its file is deleted."""
    return people_import_discard(actor=request.actor, people_import=import_visible(request.actor, import_id))
