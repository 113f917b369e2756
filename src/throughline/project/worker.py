"""The worker process: reactions to events, background jobs, periodic work, and jobs of workers that died.

Two threads: jobs run in one, everything that must stay prompt runs in the other. A worker says every few seconds that it
lives; a job whose worker has been silent is put back, so jobs must be safe to run again.
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from datetime import timedelta
from types import FrameType

from django.db import close_old_connections, transaction
from django.db.utils import OperationalError
from django.utils.crypto import get_random_string
from django_tasks.base import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker as JobLoop
from django_tasks_db.models import DBTaskResult

from throughline.kernel.clock import now
from throughline.ledger.models import WorkerBeat
from throughline.ledger.outbox import outbox_newest, outbox_run
from throughline.notify.schedule import Timetable

log = logging.getLogger(__name__)

OUTBOX_INTERVAL_S = 0.25
BEAT_INTERVAL_S = 3.0
# Five missed beats; a worker stalled for longer than this by a heavy machine has its job run twice, which jobs allow.
SILENT_AFTER_S = 15.0


def beat(worker_id: str) -> None:
    """Say that this worker lives, and forget the long dead."""
    WorkerBeat.objects.update_or_create(worker_id=worker_id, defaults={"beat_at": now()})
    WorkerBeat.objects.filter(beat_at__lt=now() - timedelta(days=1)).delete()


@transaction.atomic
def reap() -> int:
    """Put back the jobs of silent workers; answers how many."""
    alive = set(
        WorkerBeat.objects.filter(beat_at__gte=now() - timedelta(seconds=SILENT_AFTER_S)).values_list(
            "worker_id", flat=True
        )
    )
    put_back = 0
    running = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING).select_for_update(skip_locked=True)
    for job in running:
        if not job.worker_ids or job.worker_ids[-1] not in alive:
            job.status, job.started_at = TaskResultStatus.READY, None
            job.save(update_fields=["status", "started_at"])
            put_back += 1
            log.warning("Job %s was left by a worker that died; it runs again.", job.pk)
    return put_back


class WorkerProcess:
    """Runs until told to stop by a signal or `stop`."""

    def __init__(self) -> None:
        self.worker_id = get_random_string(32)
        self._stop = threading.Event()
        self._timetable = Timetable()
        self._quiet_at: tuple[int, int] | None = None
        self._jobs = JobLoop(
            queue_names=["default", "imports"],
            interval=0.5,
            batch=False,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=self.worker_id,
            excluded_queue_names=[],
        )

    def stop(self, number: int = 0, frame: FrameType | None = None) -> None:
        """Finish what is under way and end."""
        self._stop.set()
        self._jobs.running = False

    def run(self) -> None:
        """Work until stopped."""
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        beat(self.worker_id)
        jobs = threading.Thread(target=self._work, name="jobs", daemon=True)
        jobs.start()
        last_beat = 0.0
        while not self._stop.is_set():
            started = time.monotonic()
            try:
                close_old_connections()
                if started - last_beat >= BEAT_INTERVAL_S:
                    beat(self.worker_id)
                    reap()
                    last_beat = started
                handled = self._react()
                self._periodic()
            except OperationalError:
                # A database that is being restarted or vacuumed; the next round finds it again.
                log.warning("The database did not answer; trying again.", exc_info=True)
                handled = 0
            if not handled:
                self._stop.wait(OUTBOX_INTERVAL_S)
        jobs.join(timeout=30)

    def _work(self) -> None:
        """Run jobs until stopped; a database that does not answer ends the library's loop, and it begins again."""
        while not self._stop.is_set():
            try:
                close_old_connections()
                self._jobs.run()
            except OperationalError:
                log.warning("The database did not answer while looking for jobs; trying again.", exc_info=True)
                self._stop.wait(1.0)

    def _react(self) -> int:
        """Run reactions unless nothing has happened since all of them had read everything."""
        newest = outbox_newest()
        if newest == self._quiet_at:
            return 0
        done = outbox_run()
        self._quiet_at = newest if done.is_at_end else None
        return done.handled

    def _periodic(self) -> None:
        """Run what is due; what fails is logged and tried again at its next turn."""
        for entry in self._timetable.due(time.monotonic()):
            try:
                entry.function()
            except OperationalError:
                raise
            except Exception:
                log.exception("Periodic work %s failed; it runs again in %s s.", entry.name, entry.interval_seconds)
