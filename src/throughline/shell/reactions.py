"""When something that grew out of voices is signed, changed, dropped, reached, adopted or decided: tell the voices."""

from __future__ import annotations

from throughline.kernel.actor import Actor
from throughline.kernel.ids import SubjectRef
from throughline.ledger.models import Event
from throughline.ledger.outbox import reaction
from throughline.shell.journeys.telling import contributors_of_outcome_tell

# Event kind -> notice. The subject of a goal's event is the goal; a proposal's context is what was decided about.
GOAL_NOTICES = {
    "goals.goal_signed": "shell.input_signed",
    "goals.goal_dropped": "shell.input_dropped",
    "goals.goal_closed": "shell.input_reached",
    "goals.goal_versioned": "shell.input_changed",
}


@reaction(*GOAL_NOTICES)
def tell_contributors_of_a_goal(actor: Actor, event: Event) -> None:
    """Each named contributor behind the goal hears how their input counted; at the receipt it shows by itself."""
    contributors_of_outcome_tell(
        actor=actor,
        outcome=SubjectRef(event.subject_kind, event.subject_id),
        notice=GOAL_NOTICES[event.kind],
        event_id=event.pk,
        by_person_id=event.actor_person_id,
    )


@reaction("decisions.proposal_decided")
def tell_contributors_of_a_decision(actor: Actor, event: Event) -> None:
    """Contributors behind an adopted purpose or a decided proposal hear of it; rejected ones are told by their fate."""
    # A goal's own event tells of its signatures; the sign-off behind it is decided in the same moment.
    if event.data.get("outcome") != "adopted" or event.context_id is None or event.context_kind == "goals.goal":
        return
    contributors_of_outcome_tell(
        actor=actor,
        outcome=SubjectRef(event.context_kind, event.context_id),
        notice="shell.input_decided",
        event_id=event.pk,
        by_person_id=event.actor_person_id,
    )
