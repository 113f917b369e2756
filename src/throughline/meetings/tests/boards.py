"""Builders for tests about boards: the named people of the world, and enough colleagues to hide among."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.worlds import World, add_person, as_actor
from throughline.kernel.actor import Role
from throughline.kernel.scoping import in_org
from throughline.meetings import services
from throughline.meetings.models import Meeting
from throughline.meetings.rules import MeetingState
from throughline.meetings.services.unattributed import posting_key_of

STARTS = datetime(2026, 12, 1, 9, tzinfo=UTC)
COLLEAGUES = ("Ida Ito", "Jon Juarez", "Kim Kovac", "Lou Larsen", "Mel Mohan", "Nia Novak")


def crowd(world: World) -> None:
    """Six more members of Platform, so that nine people may post there."""
    with in_org(world.org.pk):
        for name in COLLEAGUES:
            add_person(world.org, name, roles=[Role.MEMBER], unit=world.platform)


def plan(world: World, *, wants_anonymous: bool = False, unit: bool = True) -> Meeting:
    """A meeting of Platform called by Fay, still planned."""
    return services.meeting_plan(
        actor=as_actor(world.fay),
        format_key="listening_session",
        title="What slows us down",
        starts_at=STARTS,
        time_zone="Europe/Berlin",
        unit_id=world.platform.pk if unit else None,
        wants_anonymous=wants_anonymous,
    )


def opened(world: World, *, wants_anonymous: bool = False) -> Meeting:
    """The same with its board open."""
    meeting = plan(world, wants_anonymous=wants_anonymous)
    return services.meeting_move(actor=as_actor(world.fay), meeting=meeting, to=MeetingState.OPEN)


def nonce(number: int) -> str:
    """The number a browser would have made for its form."""
    return f"nonce-of-a-browser-{number:06d}"


def post_unattributed(meeting: Meeting, text: str, number: int) -> str:
    """Post without a name; answers the receipt."""
    return services.unattributed_post(
        meeting=meeting, key=posting_key_of(meeting), text=text, nonce=nonce(number)
    ).receipt


def closed(world: World, meeting: Meeting, outcome: str = "We fix the queue first.") -> Meeting:
    """The meeting closed by its facilitator."""
    meeting.refresh_from_db()
    return services.meeting_close(actor=as_actor(world.fay), meeting=meeting, outcome=outcome, version=meeting.version)
