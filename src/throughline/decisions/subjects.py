"""How other apps show a proposal."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from django.urls import reverse

from throughline.decisions.models import Proposal, ProposalVersion
from throughline.decisions.policies import visible_proposals
from throughline.decisions.rules import Outcome, ProposalState
from throughline.decisions.selectors.log import state_words
from throughline.kernel.actor import Actor
from throughline.kernel.errors import NotFound
from throughline.kernel.ids import SubjectRef
from throughline.ledger.subjects import ChangeKind, Station, SubjectCard, SubjectType, subject_register

KIND = "decisions.proposal"


class ProposalSubject(SubjectType):
    """Proposals and what was decided."""

    kind = KIND
    label = "Decision"
    label_plural = "Decisions"

    def cards(self, actor: Actor, ids: Collection[int]) -> Mapping[int, SubjectCard]:
        found = {}
        for proposal in Proposal.objects.filter(visible_proposals(actor), pk__in=ids):
            tone, words = state_words(proposal)
            found[proposal.pk] = SubjectCard(
                ref=SubjectRef(KIND, proposal.pk),
                kind_label=self.label,
                title=proposal.title,
                url=reverse("decisions:proposal", args=[actor.org_slug, proposal.pk]),
                meta=words.lower(),
                state=tone,
                state_label=words,
            )
        return found

    def stations(self, actor: Actor, subject_id: int) -> Sequence[Station]:
        proposal = Proposal.objects.filter(pk=subject_id, state=ProposalState.DECIDED).first()
        if proposal is None or proposal.decided_at is None:
            return ()
        return (Station("Outcome", state_words(proposal)[1], note=f"{proposal.decided_at:%-d %B %Y}"),)

    def shaping_ids(self, ids: Collection[int]) -> frozenset[int]:
        # A voice behind a proposal that was rejected has shaped nothing.
        return frozenset(Proposal.objects.filter(pk__in=ids, outcome=Outcome.ADOPTED).values_list("pk", flat=True))

    def text_of(self, actor: Actor, subject_id: int, version: int) -> str:
        text = (
            ProposalVersion.objects.filter(
                proposal__in=Proposal.objects.filter(visible_proposals(actor), pk=subject_id), version=version
            )
            .values_list("text", flat=True)
            .first()
        )
        if text is None:
            raise NotFound
        return text

    def changed_fields(self, actor: Actor, subject_id: int, old: int, new: int) -> frozenset[ChangeKind]:
        rows = ProposalVersion.objects.filter(proposal_id=subject_id, version__gt=old, version__lte=new)
        return frozenset(ChangeKind(key) for changes in rows.values_list("changes", flat=True) for key in changes)


subject_register(ProposalSubject())
