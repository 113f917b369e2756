"""A text moves on: who is asked again, who is carried over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from throughline.decisions import models
from throughline.decisions.events import ReconsentAsked, SignOffReopened, VersionMoved
from throughline.decisions.methods import METHODS
from throughline.decisions.policies import can_revise
from throughline.decisions.rules import (
    Capacity,
    Outcome,
    ProposalState,
    capacities_asked,
    contest_until,
    effective_changes,
    text_hash,
)
from throughline.decisions.selectors.naming import people_missing
from throughline.decisions.selectors.polls import poll_of
from throughline.decisions.services.opening import TEXT_LENGTH, Signatory, context_of
from throughline.decisions.services.polling import complete_if_ready, proposal_locked
from throughline.kernel.actor import Actor
from throughline.kernel.clock import now
from throughline.kernel.errors import Conflict, Invalid
from throughline.kernel.ids import SubjectRef
from throughline.ledger.services import event_record, search_index
from throughline.ledger.subjects import ChangeKind


@dataclass(frozen=True, slots=True)
class MoveResult:
    """Whom a new version asks again, and whose signatures it carries over; numbers of people, each in one of
    the two.
    """

    asked_again: tuple[int, ...] = ()
    carried_over: tuple[int, ...] = ()


@transaction.atomic
def version_move(
    *,
    actor: Actor,
    subject: SubjectRef,
    version: int,
    text: str,
    changes: frozenset[ChangeKind],
    signatories: Sequence[Signatory] | None = None,
) -> MoveResult:
    """Take the subject's proposal on to a new version; the caller has required the policy of the subject's
    app.

    Without a proposal that follows the subject (an open one, or a completed sign-off) nothing happens.
    `signatories` are all who are asked from now on: new ones must sign, left-out ones are dropped with their
    signatures kept as history; without it the same people stay asked.
    """
    proposal = _following(subject)
    if proposal is None:
        return MoveResult()
    if version <= proposal.version:
        raise Conflict(
            f"Version {version} is not newer than version {proposal.version}, which people were asked about."
        )
    if signatories is None:
        signatories = _asked_now(proposal)
    if not signatories:
        raise Invalid({"signatories": "Name at least one person to ask; nobody can decide for nobody."})
    if people_missing(actor, {entry.person_id for entry in signatories}):
        raise Invalid({"signatories": "One of the people named is not here; name people of this organisation."})
    return _move(actor, proposal, version=version, text=text, changes=changes, signatories=signatories)


@transaction.atomic
def decision_revise(
    *,
    actor: Actor,
    proposal: models.Proposal,
    text: str,
    based_on: int,
    change: ChangeKind = ChangeKind.WORDING,
) -> MoveResult:
    """Change the text of a free-standing decision; everyone is asked again unless the change is declared
    editorial.
    """
    proposal = proposal_locked(proposal)
    can_revise(actor, proposal).require()
    if based_on != proposal.version:
        raise Conflict(
            f"Somebody changed this to version {proposal.version} while you edited version {based_on}. "
            "Your text is kept below; compare it with the new one."
        )
    if change not in (ChangeKind.WORDING, ChangeKind.EDITORIAL):
        raise Invalid({"change": "Choose whether the wording changed, or the change is only editorial."})
    if not text.strip():
        raise Invalid({"text": "Write the exact text to decide on; a position counts for these words."})
    if len(text) > TEXT_LENGTH:
        raise Invalid({"text": f"Shorten the text to {TEXT_LENGTH:,} characters."})
    current = models.ProposalVersion.objects.get(proposal=proposal, version=proposal.version)
    if current.text_hash == text_hash(text):
        raise Invalid({"text": "Nothing is different from the current version yet."})
    result = _move(
        actor,
        proposal,
        version=proposal.version + 1,
        text=text,
        changes=frozenset({change}),
        signatories=_asked_now(proposal),
    )
    search_index(actor=actor, ref=proposal.ref, title=proposal.title, body=text)
    return result


def _asked_now(proposal: models.Proposal) -> list[Signatory]:
    rows = models.Signatory.objects.filter(proposal=proposal, dropped_since=None)
    return [Signatory(row.person_id, Capacity(row.capacity)) for row in rows]


def _following(subject: SubjectRef) -> models.Proposal | None:
    """The proposal that goes along with the subject's versions: the open one, else its completed sign-off."""
    about = models.Proposal.objects.select_for_update().filter(subject_kind=subject.kind, subject_id=subject.id)
    found = about.filter(state=ProposalState.OPEN).first()
    if found is not None:
        return found
    keys = [entry.key for entry in METHODS if entry.follows_versions]
    return about.filter(state=ProposalState.DECIDED, outcome=Outcome.ADOPTED, method__in=keys).order_by("-id").first()


def _move(
    actor: Actor,
    proposal: models.Proposal,
    *,
    version: int,
    text: str,
    changes: frozenset[ChangeKind],
    signatories: Sequence[Signatory],
) -> MoveResult:
    current = models.ProposalVersion.objects.get(proposal=proposal, version=proposal.version)
    counted = effective_changes(changes, is_text_same=current.text_hash == text_hash(text))
    moment = now()
    models.ProposalVersion.objects.create(
        org_id=actor.org_id,
        proposal=proposal,
        version=version,
        text=text,
        text_hash=text_hash(text),
        changes=sorted(kind.value for kind in counted),
        by_person_id=actor.person_id,
        created_at=moment,
    )
    is_editorial = ChangeKind.EDITORIAL in counted
    if is_editorial:
        models.EditorialDeclaration.objects.create(
            org_id=actor.org_id,
            proposal=proposal,
            version=version,
            declared_by_id=actor.person_id,
            declared_at=moment,
            contest_until=contest_until(moment),
        )
    _signatories_set(proposal, version=version, wanted=set(signatories), asked=capacities_asked(counted))
    proposal.version = version
    proposal.save()
    event_record(
        actor,
        VersionMoved(version=version, is_editorial=is_editorial),
        subject=proposal.ref,
        context=context_of(proposal),
    )
    return ask_again(actor, proposal)


def _signatories_set(
    proposal: models.Proposal, *, version: int, wanted: set[Signatory], asked: frozenset[Capacity]
) -> None:
    known = {Signatory(row.person_id, Capacity(row.capacity)): row for row in proposal.signatories.all()}
    for entry, row in known.items():
        if entry not in wanted:
            row.dropped_since = row.dropped_since if row.dropped_since is not None else version
        elif row.dropped_since is not None or entry.capacity in asked:
            row.dropped_since, row.asked_since = None, version
    models.Signatory.objects.bulk_update(list(known.values()), ["dropped_since", "asked_since"], batch_size=500)
    models.Signatory.objects.bulk_create(
        [
            models.Signatory(
                org_id=proposal.org_id,
                proposal=proposal,
                person_id=entry.person_id,
                capacity=entry.capacity,
                asked_since=version,
            )
            for entry in sorted(wanted - set(known))
        ]
    )


def ask_again(actor: Actor, proposal: models.Proposal) -> MoveResult:
    """After signatories changed: reopen or complete, tell whom it asks, and answer who is carried over."""
    poll = poll_of(actor, proposal)
    result = MoveResult(
        asked_again=tuple(
            entry.person_id for entry in poll.asked if entry.needed_version == proposal.version and not entry.has_spoken
        ),
        carried_over=tuple(
            entry.person_id for entry in poll.asked if entry.has_signed and entry.needed_version < proposal.version
        ),
    )
    context = context_of(proposal)
    if result.asked_again:
        event_record(
            actor,
            ReconsentAsked(version=proposal.version, person_ids=result.asked_again),
            subject=proposal.ref,
            context=context,
        )
    is_ready = METHODS[proposal.method].judge(poll).may_adopt
    if proposal.state == ProposalState.DECIDED and not is_ready:
        proposal.state, proposal.outcome, proposal.reason = ProposalState.OPEN, "", ""
        proposal.decided_by_id, proposal.decided_at = None, None
        proposal.save()
        event_record(actor, SignOffReopened(version=proposal.version), subject=proposal.ref, context=context)
    else:
        complete_if_ready(actor, proposal)
    return result
