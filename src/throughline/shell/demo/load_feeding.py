"""Which meetings feed which cycle, and that people read their inbox."""

from __future__ import annotations

from functools import partial

from throughline.notify.services import notifications_read_all
from throughline.shell.demo.load_goals import CURRENT, EARLIER
from throughline.shell.demo.sign_ins import SIGN_INS
from throughline.shell.demo.stage import Script, Stage
from throughline.shell.demo.story.voices import MEETINGS
from throughline.shell.journeys.feeding import cycle_meeting_link

FEEDS = {
    "workshop": EARLIER,
    "nights": CURRENT,
    "wards": CURRENT,
    "platform": CURRENT,
    "retro": CURRENT,
    "stop": CURRENT,
}
LINKED_BY = "amara"
# What happened since stays unread, so that an inbox has something new in it.
READ_UP_TO_DAYS = -2


def feeding_script(stage: Stage, script: Script) -> None:
    """Link each meeting once it is over or under way, and read the older notifications."""
    planned = {EARLIER: stage.calendar.earlier_starts - 28, CURRENT: stage.calendar.starts - 32}
    for meeting in MEETINGS:
        if meeting.key in FEEDS:
            day = max(meeting.opens + 1, planned[FEEDS[meeting.key]])
            script.add(min(day, -1), 18, partial(_feed, stage, meeting.key))
    script.add(READ_UP_TO_DAYS, 7, partial(_read, stage), settles=True)


def _feed(stage: Stage, key: str) -> None:
    cycle = stage.cycles.get(FEEDS[key])
    if cycle is None:
        raise RuntimeError(f"The cycle that the meeting “{key}” feeds does not exist yet.")
    cycle_meeting_link(actor=stage.actor(LINKED_BY), cycle_id=cycle.pk, meeting_id=stage.meetings[key].pk)


def _read(stage: Stage) -> None:
    addresses = {email for _, email in SIGN_INS}
    for person in stage.people.values():
        if person.email in addresses:
            notifications_read_all(actor=stage.actor_of(person.pk, is_guest=person.is_guest))
