"""What follows for purposes from decisions, and who is told what."""

from __future__ import annotations

from throughline.kernel.actor import Actor
from throughline.kernel.ids import SubjectRef
from throughline.ledger.models import Event
from throughline.ledger.outbox import reaction
from throughline.notify.services import notify
from throughline.purpose.selectors.people import keepers_of
from throughline.purpose.selectors.telling import statement_to_tell, suggestion_to_tell, taken_up_until
from throughline.purpose.services import statement_adopt, statement_return


@reaction("decisions.proposal_decided")
def adopt(actor: Actor, event: Event) -> None:
    """An adopting decision makes the version hold; a rejecting one makes it a draft again."""
    if event.context_kind != "purpose.statement" or event.context_id is None:
        return
    change = statement_adopt if event.data["outcome"] == "adopted" else statement_return
    change(actor=actor, statement_id=event.context_id, proposal_id=event.subject_id)


@reaction("decisions.proposal_withdrawn")
def take_back(actor: Actor, event: Event) -> None:
    """A withdrawn proposal makes its version a draft again."""
    if event.context_kind == "purpose.statement" and event.context_id is not None:
        statement_return(actor=actor, statement_id=event.context_id, proposal_id=event.subject_id)


@reaction("purpose.suggestion_made")
def tell_keepers(actor: Actor, event: Event) -> None:
    """Those who answer for the purpose hear what members suggest."""
    suggestion = suggestion_to_tell(actor, event.subject_id)
    if suggestion is None:
        return
    notify(
        actor=actor,
        person_ids=keepers_of(actor, suggestion.statement),
        kind="purpose.suggestion_made",
        subject=suggestion.ref,
        about=suggestion.statement.ref,
        once=f"purpose.suggestion:{suggestion.pk}",
        by_person_id=event.actor_person_id,
    )


@reaction("purpose.suggestion_taken_up")
def tell_taken_up(actor: Actor, event: Event) -> None:
    """The author hears into which version their suggestion went."""
    suggestion = suggestion_to_tell(actor, event.subject_id)
    if suggestion is None:
        return
    notify(
        actor=actor,
        person_ids=[suggestion.person_id],
        kind="purpose.suggestion_taken_up",
        subject=suggestion.ref,
        about=suggestion.statement.ref,
        once=f"purpose.taken_up:{suggestion.pk}",
        data={"version": event.data["version"]},
        by_person_id=event.actor_person_id,
    )


@reaction("ledger.fate_given")
def tell_answered(actor: Actor, event: Event) -> None:
    """The author hears the answer to their suggestion."""
    if event.subject_kind != "purpose.suggestion":
        return
    suggestion = suggestion_to_tell(actor, event.subject_id)
    if suggestion is None:
        return
    is_answer = event.data["fate"] == "answered"
    notify(
        actor=actor,
        person_ids=[suggestion.person_id],
        kind="purpose.suggestion_answered" if is_answer else "purpose.suggestion_not_taken_up",
        subject=suggestion.ref,
        once=f"purpose.fate:{event.data['fate_answer_id']}",
        by_person_id=event.actor_person_id,
    )


@reaction("purpose.statement_adopted")
def tell_shaped(actor: Actor, event: Event) -> None:
    """Everyone whose suggestion is part of what was adopted hears how their input counted."""
    statement = statement_to_tell(actor, event.subject_id)
    if statement is None:
        return
    for suggestion in taken_up_until(actor, statement.pk, event.data["version"]):
        notify(
            actor=actor,
            person_ids=[suggestion.person_id],
            kind="purpose.suggestion_shaped",
            subject=suggestion.ref,
            about=SubjectRef("purpose.statement", statement.pk),
            once=f"purpose.shaped:{suggestion.pk}",
            data={"version": event.data["version"]},
        )
