"""How far a thing is signed off, row by row with the words of each signature."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q

from throughline.decisions.methods import METHODS
from throughline.decisions.models import Objection, Proposal, Signatory
from throughline.decisions.rules import (
    Capacity,
    ObjectionState,
    Outcome,
    ProposalState,
    SignatureState,
    capacity_words,
    signature_label,
    signature_state,
)
from throughline.decisions.selectors.polls import polls_of
from throughline.kernel.actor import Actor
from throughline.kernel.ids import SubjectRef


@dataclass(frozen=True, slots=True)
class SignOffRow:
    """One person of a sign-off; `label` says how their signature stands to the current version."""

    person_id: int
    person_name: str
    capacities: tuple[Capacity, ...]
    capacity: str
    state: SignatureState
    signed_version: int | None
    label: str

    @property
    def is_signed(self) -> bool:
        return self.state in (SignatureState.SIGNED, SignatureState.CARRIED_OVER)


@dataclass(frozen=True, slots=True)
class SignOff:
    """A thing's sign-off as it stands. `open_objections` counts; `words` says what is missing."""

    proposal_id: int
    version: int
    rows: tuple[SignOffRow, ...]
    open_objections: int
    standing_objections: int
    is_complete: bool
    words: str

    @property
    def required(self) -> int:
        return len(self.rows)

    @property
    def signed(self) -> int:
        return sum(1 for row in self.rows if row.is_signed)

    @property
    def carried_over(self) -> int:
        return sum(1 for row in self.rows if row.state is SignatureState.CARRIED_OVER)


def sign_off_of(actor: Actor, subject: SubjectRef) -> SignOff | None:
    """The sign-off of a thing the caller has fetched as visible, or None when it was never asked for."""
    return sign_offs_of(actor, [subject]).get(subject)


def sign_offs_of(actor: Actor, subjects: Collection[SubjectRef]) -> dict[SubjectRef, SignOff]:
    """The sign-offs of several things the actor may see; at most seven queries however many of one kind."""
    about = Q()
    for kind in {subject.kind for subject in subjects}:
        about |= Q(subject_kind=kind, subject_id__in=[subject.id for subject in subjects if subject.kind == kind])
    if not subjects:
        return {}
    keys = [entry.key for entry in METHODS if entry.follows_versions]
    latest: dict[SubjectRef, Proposal] = {}
    alive = Q(state=ProposalState.OPEN) | Q(state=ProposalState.DECIDED, outcome=Outcome.ADOPTED)
    for proposal in Proposal.objects.filter(about, alive, method__in=keys).order_by("id"):
        latest[proposal.subject] = proposal
    return _of_proposals(actor, latest)


def _of_proposals(actor: Actor, latest: dict[SubjectRef, Proposal]) -> dict[SubjectRef, SignOff]:
    proposals = list(latest.values())
    if not proposals:
        return {}
    polls = polls_of(actor, proposals)
    ids = [proposal.pk for proposal in proposals]
    names = dict(Signatory.objects.filter(proposal_id__in=ids).values_list("person_id", "person__name"))
    standing: dict[int, int] = {}
    for number in Objection.objects.filter(proposal_id__in=ids, state=ObjectionState.STANDING).values_list(
        "proposal_id", flat=True
    ):
        standing[number] = standing.get(number, 0) + 1
    found: dict[SubjectRef, SignOff] = {}
    for subject, proposal in latest.items():
        poll = polls[proposal.pk]
        judgement = METHODS[proposal.method].judge(poll)
        rows = tuple(
            SignOffRow(
                person_id=asked.person_id,
                person_name=names[asked.person_id],
                capacities=tuple(asked.asked_since),
                capacity=capacity_words(asked.asked_since),
                state=signature_state(asked, version=poll.version),
                signed_version=asked.last.version if asked.last is not None and asked.has_signed else None,
                label=signature_label(asked, version=poll.version, is_reader=asked.person_id == actor.person_id),
            )
            for asked in poll.asked
        )
        found[subject] = SignOff(
            proposal_id=proposal.pk,
            version=proposal.version,
            rows=rows,
            open_objections=poll.open_objections,
            standing_objections=standing.get(proposal.pk, 0),
            is_complete=judgement.may_adopt,
            words=judgement.words,
        )
    return found
