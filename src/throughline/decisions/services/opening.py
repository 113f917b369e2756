"""Putting something to decision."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from throughline.access.services.shares import share_grant
from throughline.decisions import models
from throughline.decisions.events import ProposalOpened
from throughline.decisions.methods import METHODS
from throughline.decisions.policies import can_propose
from throughline.decisions.rules import Capacity, ProposalState, text_hash
from throughline.decisions.selectors.naming import people_missing
from throughline.kernel.actor import Actor
from throughline.kernel.clock import now, today
from throughline.kernel.errors import Conflict, Invalid
from throughline.kernel.ids import SubjectRef
from throughline.ledger.models import Relation
from throughline.ledger.services import event_record, link_create, search_index

TITLE_LENGTH, TEXT_LENGTH, OPTION_LENGTH, MOST_OPTIONS, MOST_ASKED = 300, 40_000, 500, 30, 2_000


@dataclass(frozen=True, slots=True, order=True)
class Signatory:
    """Whom to ask, in which capacity."""

    person_id: int
    capacity: Capacity


@transaction.atomic
def proposal_open(
    *,
    actor: Actor,
    subject: SubjectRef,
    version: int,
    text: str,
    method: str,
    title: str,
    signatories: Sequence[Signatory],
    serves: SubjectRef | None = None,
    options: Sequence[str] = (),
    closes_on: date | None = None,
) -> models.Proposal:
    """Ask people to decide on one version of a thing; the caller has required that thing's own policy."""
    can_propose(actor).require()
    open_now = models.Proposal.objects.filter(
        subject_kind=subject.kind, subject_id=subject.id, state=ProposalState.OPEN
    )
    if open_now.exists():
        raise Conflict("This is already put to decision. Move that proposal to the new version, or withdraw it first.")
    _check(
        actor,
        title=title,
        text=text,
        method=method,
        signatories=signatories,
        options=options,
        closes_on=closes_on,
    )
    proposal = models.Proposal(
        org_id=actor.org_id, subject_kind=subject.kind, subject_id=subject.id, version=version, method=method
    )
    _save(actor, proposal, title=title, text=text, serves=serves, closes_on=closes_on)
    _ask(actor, proposal, signatories=signatories, options=options)
    if not METHODS[method].follows_versions:
        # A sign-off is a station of the signed thing itself; other decisions are things of their own on the
        # line.
        link_create(actor=actor, later=proposal.ref, relation=Relation.ANSWERS, earlier=subject)
    return proposal


@transaction.atomic
def decision_open(
    *,
    actor: Actor,
    title: str,
    text: str,
    method: str,
    signatories: Sequence[Signatory],
    serves: SubjectRef | None = None,
    options: Sequence[str] = (),
    closes_on: date | None = None,
    prompted_by: Sequence[SubjectRef] = (),
) -> models.Proposal:
    """Put a text of its own to decision, about anything; `prompted_by` are the voices or themes behind it."""
    can_propose(actor).require()
    _check(
        actor,
        title=title,
        text=text,
        method=method,
        signatories=signatories,
        options=options,
        closes_on=closes_on,
    )
    proposal = models.Proposal(org_id=actor.org_id, version=1, method=method)
    _save(actor, proposal, title=title, text=text, serves=serves, closes_on=closes_on)
    _ask(actor, proposal, signatories=signatories, options=options)
    for earlier in prompted_by:
        link_create(actor=actor, later=proposal.ref, relation=Relation.PROMPTED_BY, earlier=earlier)
    search_index(actor=actor, ref=proposal.ref, title=proposal.title, body=text)
    return proposal


def _check(
    actor: Actor,
    *,
    title: str,
    text: str,
    method: str,
    signatories: Sequence[Signatory],
    options: Sequence[str],
    closes_on: date | None,
) -> None:
    problems: dict[str, str] = {}
    if not title.strip():
        problems["title"] = "Give the decision a title: what is to be decided, in one line."
    elif len(title.strip()) > TITLE_LENGTH:
        problems["title"] = f"Shorten the title to {TITLE_LENGTH} characters; the text has room for the rest."
    if not text.strip():
        problems["text"] = "Write the exact text to decide on; a position counts for these words."
    elif len(text) > TEXT_LENGTH:
        problems["text"] = f"Shorten the text to {TEXT_LENGTH:,} characters."
    if method not in METHODS:
        problems["method"] = f"Choose a method: {', '.join(entry.label.lower() for entry in METHODS)}."
    if not signatories:
        problems["signatories"] = "Name at least one person to ask; nobody can decide for nobody."
    elif len(signatories) > MOST_ASKED:
        problems["signatories"] = f"Ask at most {MOST_ASKED:,} people; name representatives of larger groups."
    if people_missing(actor, {entry.person_id for entry in signatories}):
        problems["signatories"] = "One of the people named is not here; name people of this organisation."
    if closes_on is not None and closes_on < today(actor.time_zone):
        problems["closes_on"] = "Choose a closing day that is not over; people need time to speak."
    if len(options) > MOST_OPTIONS or any(len(option) > OPTION_LENGTH for option in options):
        problems["options"] = f"Name at most {MOST_OPTIONS} options of up to {OPTION_LENGTH} characters each."
    if problems:
        raise Invalid(problems)


def _save(
    actor: Actor,
    proposal: models.Proposal,
    *,
    title: str,
    text: str,
    serves: SubjectRef | None,
    closes_on: date | None,
) -> None:
    moment = now()
    proposal.title, proposal.closes_on = title.strip(), closes_on
    proposal.serves_kind = serves.kind if serves is not None else ""
    proposal.serves_id = serves.id if serves is not None else None
    proposal.opened_by_id, proposal.opened_at = actor.person_id, moment
    proposal.save()
    models.ProposalVersion.objects.create(
        org_id=actor.org_id,
        proposal=proposal,
        version=proposal.version,
        text=text,
        text_hash=text_hash(text),
        by_person_id=actor.person_id,
        created_at=moment,
    )
    if serves is not None:
        link_create(actor=actor, later=proposal.ref, relation=Relation.ADVANCES, earlier=serves)


def _ask(
    actor: Actor, proposal: models.Proposal, *, signatories: Iterable[Signatory], options: Collection[str]
) -> None:
    asked = sorted(set(signatories))
    models.Signatory.objects.bulk_create(
        [
            models.Signatory(
                org_id=actor.org_id,
                proposal=proposal,
                person_id=entry.person_id,
                capacity=entry.capacity,
                asked_since=proposal.version,
            )
            for entry in asked
        ]
    )
    guests = models.Signatory.objects.filter(proposal=proposal, person__is_guest=True)
    for person_id in guests.values_list("person_id", flat=True).distinct():
        share_grant(actor=actor, person_id=person_id, subject=proposal.ref)
    named = dict.fromkeys(option.strip() for option in options if option.strip())
    models.Option.objects.bulk_create(
        [models.Option(org_id=actor.org_id, proposal=proposal, text=option) for option in named]
    )
    event_record(
        actor,
        ProposalOpened(version=proposal.version, person_ids=tuple(sorted({entry.person_id for entry in asked}))),
        subject=proposal.ref,
        context=context_of(proposal),
    )


def context_of(proposal: models.Proposal) -> SubjectRef | None:
    """What an event of this proposal belongs to besides itself."""
    return proposal.subject if proposal.subject_id is not None else None
