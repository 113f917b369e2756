"""Loading the story: everything through the services of the apps, on the days on which it happened."""

from __future__ import annotations

from django.db import transaction

from throughline.access.selectors.organisations import organisations_all
from throughline.kernel.clock import today
from throughline.kernel.errors import Conflict
from throughline.ledger.outbox import outbox_drain
from throughline.shell.demo.calendar import Calendar
from throughline.shell.demo.load_decisions import decisions_script
from throughline.shell.demo.load_feeding import feeding_script
from throughline.shell.demo.load_goals import goals_script
from throughline.shell.demo.load_meetings import meetings_script
from throughline.shell.demo.load_people import organisation_begin, people_script
from throughline.shell.demo.load_purpose import purpose_script
from throughline.shell.demo.load_tracking import tracking_script
from throughline.shell.demo.sign_ins import STORY_SLUG
from throughline.shell.demo.stage import Report, Script


def absent_require(slug: str) -> None:
    """Refuse to load over an organisation that is there."""
    if slug in {known for _, known in organisations_all()}:
        raise Conflict(
            f"There is an organisation “{slug}” already, so the demo was not loaded. Sign in to it, or set "
            "THROUGHLINE_HOME to a new folder and load the demo there."
        )


def demo_load(*, report: Report) -> str:
    """Load the story of Meridian Health IT and answer its slug; all of it, or nothing when anything fails.

    The same day gives the same rows. What follows from each event has happened when this returns.
    """
    absent_require(STORY_SLUG)
    with transaction.atomic():
        # Whatever waited before is not part of this history and keeps its own time.
        outbox_drain()
        stage = organisation_begin(Calendar(today()), STORY_SLUG)
        script = Script(stage)
        people_script(stage, script)
        purpose_script(stage, script)
        meetings_script(stage, script)
        decisions_script(stage, script)
        goals_script(stage, script)
        tracking_script(stage, script)
        feeding_script(stage, script)
        script.play(report=report, what="Telling the story")
        report("Settling what follows", 0, 1)
        outbox_drain()
        report("Settling what follows", 1, 1)
    return STORY_SLUG
