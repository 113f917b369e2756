"""Importing goals from files and exporting them; each change with its event."""

from throughline.integrations.services.exporting import ENDINGS, goals_export_bytes, template_bytes
from throughline.integrations.services.importing import okr_import_files
from throughline.integrations.services.imports import (
    okr_import_discard,
    okr_import_formats,
    okr_import_map,
    okr_import_preview,
    okr_import_run,
    okr_import_start,
    okr_import_upload,
)
from throughline.integrations.services.preparing import mapping_guessed
from throughline.integrations.services.reading import import_mapping, import_read

__all__ = [
    "ENDINGS",
    "goals_export_bytes",
    "import_mapping",
    "import_read",
    "mapping_guessed",
    "okr_import_discard",
    "okr_import_files",
    "okr_import_formats",
    "okr_import_map",
    "okr_import_preview",
    "okr_import_run",
    "okr_import_start",
    "okr_import_upload",
    "template_bytes",
]
