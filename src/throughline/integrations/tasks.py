"""Background work of imports of goals: ids in, the organisation's scope, one service."""

from __future__ import annotations

from django_tasks import task

from throughline.access.actors import actor_of_person
from throughline.integrations.models import OkrImport
from throughline.integrations.rules import ImportState
from throughline.integrations.services import okr_import_preview, okr_import_run
from throughline.kernel.actor import Actor, system_actor
from throughline.kernel.scoping import in_org

QUEUE = "imports"


@task(queue_name=QUEUE)
def okr_import_preview_task(org_id: int, import_id: int) -> None:
    """Work out a preview, as whoever uploaded the files."""
    with in_org(org_id):
        okr_import = OkrImport.objects.get(pk=import_id)
        if okr_import.state == ImportState.PREVIEWING:
            okr_import_preview(actor=_actor(org_id, okr_import), okr_import=okr_import)


@task(queue_name=QUEUE)
def okr_import_run_task(org_id: int, import_id: int) -> None:
    """Run a started import, as whoever uploaded the files; the job of a killed worker may run again."""
    with in_org(org_id):
        okr_import = OkrImport.objects.get(pk=import_id)
        if okr_import.state == ImportState.RUNNING:
            okr_import_run(actor=_actor(org_id, okr_import), okr_import=okr_import)


def _actor(org_id: int, okr_import: OkrImport) -> Actor:
    """Who uploaded it, with the rights they have now; the system when nobody did."""
    if okr_import.started_by_id is None:
        return system_actor(org_id)
    found = actor_of_person(okr_import.started_by_id, org_id)
    if found is None:
        raise LookupError(f"Whoever uploaded import {okr_import.pk} can no longer sign in.")
    return found
