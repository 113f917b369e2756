"""The job of a worker that died runs again; the job of one that lives does not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.utils import OperationalError
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from throughline.kernel.clock import at, now
from throughline.ledger.models import WorkerBeat
from throughline.people.tasks import people_import_preview_task
from throughline.project.worker import SILENT_AFTER_S, WorkerProcess, beat, reap


@pytest.fixture
def running(db: None) -> DBTaskResult:
    """A job that worker “one” has claimed."""
    people_import_preview_task.enqueue(org_id=1, import_id=1)
    job = DBTaskResult.objects.get()
    job.claim("one")
    return job


def test_job_of_a_worker_that_beats_is_left_alone(running: DBTaskResult) -> None:
    beat("one")
    assert reap() == 0
    running.refresh_from_db()
    assert running.status == TaskResultStatus.RUNNING


def test_job_of_a_silent_worker_is_put_back(running: DBTaskResult) -> None:
    beat("one")
    beat("two")
    with at(now() + timedelta(seconds=SILENT_AFTER_S + 1)):
        beat("two")
        assert reap() == 1
    running.refresh_from_db()
    assert running.status == TaskResultStatus.READY


def test_job_without_a_known_worker_is_put_back(running: DBTaskResult) -> None:
    assert reap() == 1


def test_beats_of_the_long_dead_are_forgotten(db: None) -> None:
    beat("one")
    with at(now() + timedelta(days=2)):
        beat("two")
    assert list(WorkerBeat.objects.values_list("worker_id", flat=True)) == ["two"]


def test_jobs_go_on_after_a_database_that_did_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    worker, rounds = WorkerProcess(), []

    def run() -> None:
        rounds.append(len(rounds))
        if len(rounds) == 1:
            raise OperationalError("database is locked")
        worker.stop()

    monkeypatch.setattr(worker._jobs, "run", run)
    monkeypatch.setattr(worker._stop, "wait", lambda seconds: False)
    monkeypatch.setattr("throughline.project.worker.close_old_connections", lambda: None)
    worker._work()
    assert rounds == [0, 1]
