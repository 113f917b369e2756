"""Reads about imports of goals; the actor first."""

from throughline.integrations.selectors.choosing import (
    cycle_choices,
    goals_list_url,
    owner_required,
    owner_typed,
    unit_id_typed,
    unit_required,
    unit_typed,
)
from throughline.integrations.selectors.imports import (
    SHOWN,
    FindingPage,
    ImportLine,
    findings_export,
    findings_page,
    import_files,
    import_latest,
    okr_import_visible,
)
from throughline.integrations.selectors.matching import (
    CycleFound,
    cycles_by_name,
    owner_emails_guessed,
)

__all__ = [
    "SHOWN",
    "CycleFound",
    "FindingPage",
    "ImportLine",
    "cycle_choices",
    "cycles_by_name",
    "findings_export",
    "findings_page",
    "goals_list_url",
    "import_files",
    "import_latest",
    "okr_import_visible",
    "owner_emails_guessed",
    "owner_required",
    "owner_typed",
    "unit_id_typed",
    "unit_required",
    "unit_typed",
]
