"""The decision log: what was decided, why, by whom, which purpose it serves."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from throughline.decisions.methods import METHODS
from throughline.decisions.models import Proposal, ProposalVersion
from throughline.decisions.policies import visible_proposals
from throughline.decisions.rules import Outcome, ProposalState
from throughline.kernel.actor import Actor
from throughline.kernel.ids import SubjectRef
from throughline.kernel.paging import Page, page_of
from throughline.ledger.models import Link, Relation
from throughline.ledger.subjects import SubjectCard, subject_cards


@dataclass(frozen=True, slots=True)
class LogFilter:
    """What the log is narrowed to; empty fields do not narrow. `state` is a state or an outcome."""

    words: str = ""
    state: str = ""
    method: str = ""
    serves: SubjectRef | None = None


@dataclass(frozen=True, slots=True)
class LogRow:
    """One decision as the log and its exports show it."""

    id: int
    title: str
    state: str
    state_label: str
    tone: str
    method_label: str
    opened_on: date
    opened_by: str
    decided_on: date | None
    decided_by: str
    reason: str
    about: str
    serves: str
    objections: int


def proposals_visible_to(actor: Actor) -> QuerySet[Proposal]:
    """Every proposal the actor may read, unordered."""
    return Proposal.objects.filter(visible_proposals(actor))


def decision_log(
    actor: Actor, *, narrowed: LogFilter | None = None, cursor: str = "", size: int = 50
) -> Page[Proposal]:
    """One page of the log, newest first."""
    return page_of(_log(actor, narrowed or LogFilter()), order=("-opened_at", "-id"), cursor=cursor, size=size)


def decisions_to_export(actor: Actor, *, narrowed: LogFilter, limit: int = 10_000) -> list[Proposal]:
    """The filtered log whole, for files; at most `limit` rows."""
    return list(_log(actor, narrowed).order_by("-opened_at", "-id")[:limit])


def _log(actor: Actor, narrowed: LogFilter) -> QuerySet[Proposal]:
    found = proposals_visible_to(actor).select_related("opened_by", "decided_by")
    for word in narrowed.words.split()[:8]:
        in_text = ProposalVersion.objects.filter(text__icontains=word).values("proposal_id")
        found = found.filter(Q(title__icontains=word) | Q(reason__icontains=word) | Q(pk__in=in_text))
    if narrowed.state in Outcome._value2member_map_:
        found = found.filter(outcome=narrowed.state)
    elif narrowed.state:
        found = found.filter(state=narrowed.state)
    if narrowed.method:
        found = found.filter(method=narrowed.method)
    if narrowed.serves is not None:
        found = found.filter(serves_kind=narrowed.serves.kind, serves_id=narrowed.serves.id)
    return found.annotate(
        kept_objections=Count("objections", filter=Q(objections__state__in=["open", "standing"]), distinct=True)
    )


def state_words(proposal: Proposal) -> tuple[str, str]:
    """Tone and words of a proposal's state."""
    if proposal.state == ProposalState.OPEN:
        return "wait", "Open"
    if proposal.state == ProposalState.WITHDRAWN:
        return "warn", "Withdrawn"
    if proposal.outcome == Outcome.ADOPTED:
        is_sign_off = METHODS[proposal.method].is_self_completing
        return "good", "Signed" if is_sign_off else "Adopted"
    return "bad", "Rejected"


def decision_rows(actor: Actor, proposals: Sequence[Proposal]) -> list[LogRow]:
    """Rows as shown, with the titles of what each is about and serves as far as the actor may see them."""
    cards = cards_around(actor, proposals)
    rows = []
    for proposal in proposals:
        tone, words = state_words(proposal)
        about = cards.get(proposal.subject) if proposal.subject_id is not None else None
        serves = cards.get(proposal.serves) if proposal.serves is not None else None
        rows.append(
            LogRow(
                id=proposal.pk,
                title=proposal.title,
                state=proposal.outcome or proposal.state,
                state_label=words,
                tone=tone,
                method_label=METHODS[proposal.method].label,
                opened_on=proposal.opened_at.date(),
                opened_by=proposal.opened_by.name if proposal.opened_by is not None else "",
                decided_on=proposal.decided_at.date() if proposal.decided_at is not None else None,
                decided_by=proposal.decided_by.name if proposal.decided_by is not None else "",
                reason=proposal.reason,
                about=about.title if about is not None else "",
                serves=serves.title if serves is not None else "",
                objections=getattr(proposal, "kept_objections", 0),
            )
        )
    return rows


def cards_around(actor: Actor, proposals: Collection[Proposal]) -> dict[SubjectRef, SubjectCard]:
    """Cards of what the proposals are about and serve; at most two queries per kind."""
    refs = {proposal.subject for proposal in proposals if proposal.subject_id is not None}
    refs |= {proposal.serves for proposal in proposals if proposal.serves is not None}
    return subject_cards(actor, refs)


def served_choices(actor: Actor, *, limit: int = 200) -> list[tuple[str, str]]:
    """What decisions serve, as filter choices: written subject and title."""
    pairs = (
        Link.objects.filter(relation=Relation.ADVANCES, from_kind="decisions.proposal")
        .values_list("to_kind", "to_id")
        .distinct()[:limit]
    )
    cards = subject_cards(actor, [SubjectRef(kind, number) for kind, number in pairs])
    return sorted(((str(ref), card.title) for ref, card in cards.items()), key=lambda pair: pair[1].lower())
