"""Changes to people, units, strengths, stakeholders and imports; each atomic, each with its event."""

from throughline.people.rules.rows import ALL_COLUMNS, PersonColumn, PersonRow, Refusal
from throughline.people.services.bulk import BulkResult, people_bulk_upsert
from throughline.people.services.imports import (
    FileResult,
    people_import_discard,
    people_import_file,
    people_import_map,
    people_import_preview,
    people_import_run,
    people_import_start,
    people_import_upload,
)
from throughline.people.services.memberships import (
    membership_end,
    membership_lead,
    membership_move,
    membership_resume,
    membership_start,
)
from throughline.people.services.persons import (
    PersonFacts,
    person_add,
    person_edit,
    person_end,
    person_for_account,
    person_return,
    profile_edit,
)
from throughline.people.services.stakeholders import (
    StakeholderFacts,
    stakeholder_add,
    stakeholder_edit,
    stakeholder_end,
    stakeholder_return,
)
from throughline.people.services.strengths import strength_add, strength_remove
from throughline.people.services.units import unit_create, unit_end, unit_move, unit_rename, unit_reopen

__all__ = [
    "ALL_COLUMNS",
    "BulkResult",
    "FileResult",
    "PersonColumn",
    "PersonFacts",
    "PersonRow",
    "Refusal",
    "StakeholderFacts",
    "membership_end",
    "membership_lead",
    "membership_move",
    "membership_resume",
    "membership_start",
    "people_bulk_upsert",
    "people_import_discard",
    "people_import_file",
    "people_import_map",
    "people_import_preview",
    "people_import_run",
    "people_import_start",
    "people_import_upload",
    "person_add",
    "person_edit",
    "person_end",
    "person_for_account",
    "person_return",
    "profile_edit",
    "stakeholder_add",
    "stakeholder_edit",
    "stakeholder_end",
    "stakeholder_return",
    "strength_add",
    "strength_remove",
    "unit_create",
    "unit_end",
    "unit_move",
    "unit_rename",
    "unit_reopen",
]
