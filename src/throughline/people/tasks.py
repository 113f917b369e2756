"""Background work of HR imports: ids in, the organisation's scope, one service."""

from __future__ import annotations

from django_tasks import task

from throughline.access.actors import actor_of_person
from throughline.kernel.actor import Actor, system_actor
from throughline.kernel.scoping import in_org
from throughline.people.models import PeopleImport
from throughline.people.rules import ImportState
from throughline.people.services import people_import_preview, people_import_run
from throughline.people.services.import_files import is_small

QUEUE = "imports"


@task(queue_name=QUEUE)
def people_import_preview_task(org_id: int, import_id: int) -> None:
    """Work out a preview, as whoever uploaded the file."""
    with in_org(org_id):
        people_import = PeopleImport.objects.get(pk=import_id)
        if people_import.state == ImportState.PREVIEWING:
            people_import_preview(actor=_actor(org_id, people_import), people_import=people_import)


@task(queue_name=QUEUE)
def people_import_run_task(org_id: int, import_id: int) -> None:
    """Run a started import, as whoever uploaded the file; the job of a killed worker may run again."""
    with in_org(org_id):
        people_import = PeopleImport.objects.get(pk=import_id)
        if people_import.state == ImportState.RUNNING:
            people_import_run(actor=_actor(org_id, people_import), people_import=people_import)


def _actor(org_id: int, people_import: PeopleImport) -> Actor:
    """Who uploaded it, with the rights they have now; the system when the command line did."""
    if people_import.started_by_id is None:
        return system_actor(org_id)
    found = actor_of_person(people_import.started_by_id, org_id)
    if found is None:
        raise LookupError(f"Whoever uploaded import {people_import.pk} can no longer sign in.")
    return found


def preview_begin(actor: Actor, people_import: PeopleImport) -> PeopleImport:
    """Work out a small file's preview now and a large one's in the background."""
    if is_small(people_import.stored_name):
        return people_import_preview(actor=actor, people_import=people_import)
    people_import_preview_task.enqueue(actor.org_id, people_import.pk)
    return people_import


def run_begin(actor: Actor, people_import: PeopleImport) -> None:
    """Hand a started import to the worker."""
    people_import_run_task.enqueue(actor.org_id, people_import.pk)
