"""What follows in goals: states that follow signatures, and telling owners, co-owners and who was mentioned."""

from __future__ import annotations

from collections.abc import Collection

from throughline.goals.policies import GOAL
from throughline.goals.selectors.fetching import goal_visible
from throughline.goals.selectors.reminding import owners_of, readers_among
from throughline.goals.services import goal_sign_off_follow
from throughline.kernel.actor import Actor
from throughline.kernel.errors import NotFound
from throughline.kernel.ids import SubjectRef
from throughline.ledger.models import Event
from throughline.ledger.outbox import reaction
from throughline.notify.services import notify

_TOLD_BY_KIND = {
    "goals.goal_signatures_reopened": "goals.signatures_reopened",
    "goals.goal_started": "goals.started",
    "goals.goal_closed": "goals.closed",
    "goals.goal_dropped": "goals.dropped",
    "goals.goal_reopened": "goals.reopened",
    "goals.checkin_submitted": "goals.checkin",
}


@reaction("decisions.sign_off_completed", "decisions.sign_off_reopened", "decisions.version_moved")
def goal_follows_its_sign_off(actor: Actor, event: Event) -> None:
    """A goal's state is what its signatures make of it."""
    if event.context_kind != GOAL or event.context_id is None:
        return
    goal_sign_off_follow(actor=actor, goal=goal_visible(actor, event.context_id))


@reaction(*_TOLD_BY_KIND)
def owners_are_told(actor: Actor, event: Event) -> None:
    """Owners and co-owners of a goal, and the owner of the part, hear what became of it."""
    _tell(actor, event, owners_of(actor, event.subject_id), kind=_TOLD_BY_KIND[event.kind])


@reaction("goals.comment_added")
def comment_is_told(actor: Actor, event: Event) -> None:
    """Who was mentioned is asked to look; owners are told."""
    mentioned = set(event.data.get("mention_ids", ()))
    _tell(actor, event, mentioned, kind="goals.mentioned")
    _tell(actor, event, owners_of(actor, event.subject_id) - mentioned, kind="goals.commented")


@reaction("goals.comment_edited")
def later_mentions_are_told(actor: Actor, event: Event) -> None:
    """Who is mentioned only since an edit is asked to look; the others were told at first."""
    once = f"goals.mentioned:{event.data['comment_id']}"
    _tell(actor, event, set(event.data.get("mention_ids", ())), kind="goals.mentioned", once=once)


@reaction("goals.goal_aligned")
def parent_is_told(actor: Actor, event: Event) -> None:
    """The owners above hear that something was aligned to their goal."""
    if event.context_id is None:
        return
    _tell(
        actor,
        event,
        owners_of(actor, event.context_id),
        kind="goals.aligned",
        subject=SubjectRef(GOAL, event.context_id),
        about=SubjectRef(GOAL, event.subject_id),
    )


@reaction("goals.dependency_changed")
def dependency_is_told(actor: Actor, event: Event) -> None:
    """Who is asked hears of a request; the goal's owners hear the answer."""
    if event.data["state"] == "requested":
        _tell(actor, event, {event.data["provider_id"]}, kind="goals.dependency_asked")
    else:
        _tell(actor, event, owners_of(actor, event.subject_id), kind="goals.dependency_answered")


def _tell(
    actor: Actor,
    event: Event,
    person_ids: Collection[int],
    *,
    kind: str,
    once: str = "",
    subject: SubjectRef | None = None,
    about: SubjectRef | None = None,
) -> None:
    ref = subject or SubjectRef(GOAL, event.subject_id)
    try:
        goal = goal_visible(actor, ref.id)
    except NotFound:
        return
    if kind == "goals.mentioned" and not once:
        once = f"goals.mentioned:{event.data['comment_id']}"
    notify(
        actor=actor,
        person_ids=readers_among(actor, goal, person_ids),
        kind=kind,
        subject=ref,
        about=about,
        once=once or f"event:{event.pk}:{kind}",
        by_person_id=event.actor_person_id,
    )
