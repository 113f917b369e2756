"""The files of an upload, read as chosen."""

from __future__ import annotations

from throughline.integrations.models import OkrImport
from throughline.integrations.rules.mapping import OkrMapping, mapping_read
from throughline.integrations.rules.reading import ReadFiles, files_read
from throughline.integrations.selectors import import_files
from throughline.integrations.services.files import file_bytes
from throughline.kernel.actor import Actor


def import_mapping(okr_import: OkrImport) -> OkrMapping:
    """What was chosen for an import."""
    return mapping_read(okr_import.mapping)


def import_read(actor: Actor, okr_import: OkrImport) -> ReadFiles:
    """The uploaded files as goals, in the formats chosen; raises Conflict when they are gone."""
    files = [(file.name, file_bytes(file.stored_name)) for file in import_files(actor, okr_import)]
    return files_read(files, formats=okr_import.mapping.get("formats", {}))
