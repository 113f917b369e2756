"""Who may do what with meetings, boards and contributions."""

from __future__ import annotations

from django.db.models import Q

from throughline.kernel.actor import Actor
from throughline.kernel.errors import Refused
from throughline.kernel.verdict import YES, Verdict, allow_if, no
from throughline.meetings.models import Contribution, Meeting, MeetingPerson, Theme
from throughline.meetings.rules import LIVE_STATES, MeetingState, is_anonymous_offered

_HIDDEN = "This meeting is for the people invited to it and their unit."


def person_id_of(actor: Actor) -> int:
    """The person who acts; the product itself is refused where a name is needed."""
    if actor.person_id is None:
        raise Refused("Only people do this, under their name.")
    return actor.person_id


def can_plan(actor: Actor) -> Verdict:
    """Any member may call a meeting."""
    return allow_if(actor.is_member and actor.person_id is not None, "Guests cannot call a meeting; ask a member.")


def can_plan_for(actor: Actor, unit_id: int | None) -> Verdict:
    """A unit's meeting is called by somebody of the unit, its leads, or whoever facilitates in the organisation."""
    is_theirs = unit_id is None or unit_id in actor.unit_ids or actor.leads(unit_id) or actor.is_facilitator
    return allow_if(is_theirs, "You can call a meeting for units you belong to or lead.")


def can_see_meeting(actor: Actor, meeting: Meeting) -> Verdict:
    """Participants and the unit; leads of the unit; guests when it was shared with them."""
    if actor.is_system:
        return YES
    if actor.is_guest:
        return allow_if(meeting.pk in actor.shared_ids("meetings.meeting"), _HIDDEN)
    if meeting.unit_id is not None and (meeting.unit_id in actor.unit_ids or actor.leads(meeting.unit_id)):
        return YES
    return allow_if(meeting.created_by_id == actor.person_id or _is_invited(actor, meeting), _HIDDEN)


def visible_meetings(actor: Actor) -> Q:
    """The query twin of `can_see_meeting`."""
    if actor.is_system:
        return Q()
    if actor.is_guest:
        return Q(pk__in=actor.shared_ids("meetings.meeting"))
    invited = MeetingPerson.objects.filter(person_id=person_id_of(actor)).values("meeting_id")
    seen = Q(pk__in=invited) | Q(created_by_id=actor.person_id)
    seen |= Q(unit_id__in=actor.unit_ids | actor.led_unit_ids)
    if actor.is_leader:
        seen |= Q(unit_id__isnull=False)
    return seen


def _is_invited(actor: Actor, meeting: Meeting) -> bool:
    return MeetingPerson.objects.filter(meeting_id=meeting.pk, person_id=person_id_of(actor)).exists()


def can_facilitate(actor: Actor, meeting: Meeting) -> Verdict:
    """Whoever called the meeting and whom they named facilitator."""
    if actor.is_system:
        return YES
    if actor.is_guest:
        return no("Guests do not run meetings.")
    is_named = (
        meeting.created_by_id == actor.person_id
        or MeetingPerson.objects.filter(
            meeting_id=meeting.pk, person_id=person_id_of(actor), is_facilitator=True
        ).exists()
    )
    return allow_if(is_named, "Only a facilitator of this meeting can do this; ask one of them.")


def can_change_meeting(actor: Actor, meeting: Meeting) -> Verdict:
    """Facilitators, until the close."""
    if meeting.state == MeetingState.CLOSED:
        return no("This meeting is closed; what it came to stays as it is.")
    return can_facilitate(actor, meeting)


def can_post(actor: Actor, meeting: Meeting) -> Verdict:
    """Everybody who sees the meeting, while its board is open or being grouped."""
    if meeting.state == MeetingState.PLANNED:
        return no("The board is not open yet; its facilitator opens it.")
    if meeting.state == MeetingState.CLOSED:
        return no("The board is closed; nothing can be posted any more.")
    if actor.person_id is None:
        return no("Only people post under a name.")
    return can_see_meeting(actor, meeting)


def can_post_anonymously(meeting: Meeting, *, may_post: int) -> Verdict:
    """Offered where the meeting wants it and enough people may post."""
    if not meeting.wants_anonymous:
        return no("This board takes contributions with a name.")
    if meeting.state not in LIVE_STATES:
        return no("The board is not open.")
    return allow_if(
        is_anonymous_offered(may_post=may_post),
        f"Anonymous posting needs at least eight people who may post; here they are {may_post}.",
    )


def can_group(actor: Actor, meeting: Meeting) -> Verdict:
    """Facilitators from the opening to the close; every member present while the meeting is grouping."""
    if meeting.state not in LIVE_STATES:
        return no("Cards move while the board is open or being grouped.")
    if meeting.state == MeetingState.GROUPING and not actor.is_guest and can_see_meeting(actor, meeting):
        return YES
    if can_facilitate(actor, meeting):
        return YES
    return no("Everybody can group once the facilitator starts grouping.")


def can_see_contribution(actor: Actor, contribution: Contribution) -> Verdict:
    """Whoever sees the meeting."""
    return can_see_meeting(actor, contribution.meeting)


def visible_contributions(actor: Actor) -> Q:
    """The query twin of `can_see_contribution`."""
    return Q() if actor.is_system else Q(meeting__in=Meeting.objects.filter(visible_meetings(actor)))


def can_see_theme(actor: Actor, theme: Theme) -> Verdict:
    """Whoever sees the meeting."""
    return can_see_meeting(actor, theme.meeting)


def visible_themes(actor: Actor) -> Q:
    """The query twin of `can_see_theme`."""
    return Q() if actor.is_system else Q(meeting__in=Meeting.objects.filter(visible_meetings(actor)))


def can_edit_contribution(actor: Actor, contribution: Contribution) -> Verdict:
    """The author alone, until the board closes."""
    if contribution.withdrawn_at is not None:
        return no("This contribution was withdrawn.")
    if contribution.author_id != actor.person_id:
        return no("Only its author can change a contribution.")
    if contribution.meeting.state == MeetingState.CLOSED:
        return no("The board is closed; contributions stay as they were.")
    return YES


def can_withdraw_contribution(actor: Actor, contribution: Contribution) -> Verdict:
    """The author alone, at any time: the words are theirs."""
    if contribution.withdrawn_at is not None:
        return no("This contribution was withdrawn already.")
    return allow_if(contribution.author_id == actor.person_id, "Only its author can withdraw a contribution.")


def can_answer(actor: Actor, meeting: Meeting) -> Verdict:
    """Facilitators and the leads of the meeting's unit say what became of a theme or contribution, also afterwards."""
    if meeting.unit_id is not None and not actor.is_guest and actor.leads(meeting.unit_id):
        return YES
    return can_facilitate(actor, meeting)
