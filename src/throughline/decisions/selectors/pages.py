"""One proposal with everything its page and the API show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F

from throughline.decisions.methods import METHODS, Method
from throughline.decisions.models import (
    EditorialDeclaration,
    Objection,
    Option,
    Position,
    Proposal,
    ProposalVersion,
)
from throughline.decisions.policies import (
    can_contest,
    can_revise,
    can_steward,
    can_take_position,
    visible_proposals,
)
from throughline.decisions.rules import (
    STANCE_LABEL,
    Capacity,
    Judgement,
    ObjectionState,
    SignatureState,
    Stance,
    capacity_words,
    signature_label,
    signature_state,
)
from throughline.decisions.selectors.log import cards_around, state_words
from throughline.decisions.selectors.polls import poll_of
from throughline.kernel.actor import Actor
from throughline.kernel.clock import now
from throughline.kernel.errors import NotFound
from throughline.kernel.verdict import Verdict, no
from throughline.ledger.subjects import SubjectCard


@dataclass(frozen=True, slots=True)
class AskedRow:
    """One person asked: where they stand now, and the text they last spoke to when it was another one."""

    person_id: int
    name: str
    capacity: str
    state: SignatureState
    tone: str
    label: str
    stance: str
    reason: str
    spoken_at: datetime | None
    spoken_version: int | None
    earlier_text: str | None


@dataclass(frozen=True, slots=True)
class ObjectionRow:
    """One objection with its answer and what the reader may do about it."""

    id: int
    by: str
    version: int
    quote: str
    reason: str
    state: ObjectionState
    tone: str
    state_label: str
    answer: str
    settled_by: str
    settled_at: datetime | None
    created_at: datetime
    may_settle: bool
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class PastPosition:
    """One entry of what was said, newest first."""

    name: str
    capacity: str
    stance: str
    reason: str
    version: int
    at: datetime
    is_current: bool


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """A proposal as its page shows it."""

    proposal: Proposal
    text: ProposalVersion
    versions: Sequence[ProposalVersion]
    method: Method
    judgement: Judgement
    tone: str
    state_label: str
    about: SubjectCard | None
    serves: SubjectCard | None
    asked: Sequence[AskedRow]
    mine: AskedRow | None
    objections: Sequence[ObjectionRow]
    options: Sequence[Option]
    said: Sequence[PastPosition]
    contestable: EditorialDeclaration | None
    contested: Sequence[EditorialDeclaration]
    may_speak: Verdict
    may_steward: Verdict
    may_revise: Verdict
    may_contest: Verdict

    @property
    def is_about_hidden(self) -> bool:
        """Decided about something, which this reader cannot open."""
        return self.proposal.subject_id is not None and self.about is None


_OBJECTION_WORDS: Mapping[ObjectionState, tuple[str, str]] = {
    ObjectionState.OPEN: ("bad", "Open"),
    ObjectionState.INTEGRATED: ("good", "Integrated"),
    ObjectionState.WITHDRAWN: ("wait", "Withdrawn"),
    ObjectionState.STANDING: ("warn", "Standing"),
}
_SIGNATURE_TONE: Mapping[SignatureState, str] = {
    SignatureState.SIGNED: "good",
    SignatureState.CARRIED_OVER: "good",
    SignatureState.ASKED: "wait",
    SignatureState.ASKED_AGAIN: "warn",
    SignatureState.OBJECTS: "bad",
    SignatureState.ABSTAINS: "wait",
}


def proposal_for(actor: Actor, proposal_id: int) -> Proposal:
    """A proposal the actor may read."""
    found = (
        Proposal.objects.filter(visible_proposals(actor), pk=proposal_id)
        .select_related("opened_by", "decided_by")
        .first()
    )
    if found is None:
        raise NotFound
    return found


def objection_for_settling(actor: Actor, proposal_id: int, objection_id: int) -> Objection:
    """An objection of a proposal the actor may read; services judge what may be done with it."""
    proposal = proposal_for(actor, proposal_id)
    found = Objection.objects.filter(proposal=proposal, pk=objection_id).first()
    if found is None:
        raise NotFound
    found.proposal = proposal
    return found


def proposal_page(actor: Actor, proposal_id: int) -> ProposalPage:
    """Everything of one proposal, in a fixed number of queries."""
    proposal = proposal_for(actor, proposal_id)
    versions = list(ProposalVersion.objects.filter(proposal=proposal).select_related("by_person").order_by("-version"))
    positions = list(Position.objects.filter(proposal=proposal).select_related("person").order_by("-id"))
    declared = list(
        EditorialDeclaration.objects.filter(proposal=proposal)
        .select_related("declared_by", "contested_by")
        .order_by("-version")
    )
    poll = poll_of(actor, proposal)
    method = METHODS[proposal.method]
    cards = cards_around(actor, [proposal])
    tone, words = state_words(proposal)
    asked = _asked_rows(actor, proposal, versions=versions, positions=positions)
    steward = can_steward(actor, proposal)
    contestable = next((row for row in declared if row.contested_at is None and row.contest_until >= now()), None)
    return ProposalPage(
        proposal=proposal,
        text=next(version for version in versions if version.version == proposal.version),
        versions=versions,
        method=method,
        judgement=method.judge(poll),
        tone=tone,
        state_label=words,
        about=cards.get(proposal.subject) if proposal.subject_id is not None else None,
        serves=cards.get(proposal.serves) if proposal.serves is not None else None,
        asked=asked,
        mine=next((row for row in asked if row.person_id == actor.person_id), None),
        objections=_objection_rows(actor, proposal, is_steward=bool(steward)),
        options=list(Option.objects.filter(proposal=proposal).order_by("id")),
        said=[_past(position) for position in positions],
        contestable=contestable,
        contested=[row for row in declared if row.contested_at is not None],
        may_speak=can_take_position(actor, proposal),
        may_steward=steward,
        may_revise=can_revise(actor, proposal),
        may_contest=can_contest(actor, proposal) if contestable is not None else no("There is nothing to contest."),
    )


def _asked_rows(
    actor: Actor, proposal: Proposal, *, versions: Sequence[ProposalVersion], positions: Sequence[Position]
) -> list[AskedRow]:
    names = dict(proposal.signatories.annotate(person_name=F("person__name")).values_list("person_id", "person_name"))
    current = {position.person_id: position for position in positions if position.is_current}
    texts = {version.version: version.text for version in versions}
    rows = []
    for asked in poll_of(actor, proposal).asked:
        state = signature_state(asked, version=proposal.version)
        position = current.get(asked.person_id)
        is_older = position is not None and position.version != proposal.version
        rows.append(
            AskedRow(
                person_id=asked.person_id,
                name=names[asked.person_id],
                capacity=capacity_words(asked.asked_since),
                state=state,
                tone=_SIGNATURE_TONE[state],
                label=signature_label(asked, version=proposal.version, is_reader=asked.person_id == actor.person_id),
                stance=STANCE_LABEL[Stance(position.stance)] if position is not None else "",
                reason=position.reason if position is not None else "",
                spoken_at=position.created_at if position is not None else None,
                spoken_version=position.version if position is not None else None,
                earlier_text=texts.get(position.version) if position is not None and is_older else None,
            )
        )
    return sorted(rows, key=lambda row: (row.name.lower(), row.person_id))


def _objection_rows(actor: Actor, proposal: Proposal, *, is_steward: bool) -> list[ObjectionRow]:
    rows = []
    for objection in Objection.objects.filter(proposal=proposal).select_related("person", "settled_by").order_by("id"):
        tone, words = _OBJECTION_WORDS[ObjectionState(objection.state)]
        is_open = objection.state == ObjectionState.OPEN and proposal.state == "open"
        rows.append(
            ObjectionRow(
                id=objection.pk,
                by=objection.person.name,
                version=objection.version,
                quote=objection.quote,
                reason=objection.reason,
                state=ObjectionState(objection.state),
                tone=tone,
                state_label=words,
                answer=objection.answer,
                settled_by=objection.settled_by.name if objection.settled_by is not None else "",
                settled_at=objection.settled_at,
                created_at=objection.created_at,
                may_settle=is_open and is_steward,
                may_withdraw=is_open and objection.person_id == actor.person_id,
            )
        )
    return rows


def _past(position: Position) -> PastPosition:
    return PastPosition(
        name=position.person.name,
        capacity=capacity_words(Capacity(key) for key in position.capacities),
        stance=STANCE_LABEL[Stance(position.stance)],
        reason=position.reason,
        version=position.version,
        at=position.created_at,
        is_current=position.is_current,
    )


def closing_words(closes_on: date | None) -> str:
    """“closes 3 May” for lists; empty without a closing day."""
    return f"closes {closes_on:%-d %B %Y}" if closes_on is not None else ""
