"""Giving a contribution or theme an explicit fate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.db import transaction

from throughline.kernel.actor import Actor
from throughline.kernel.clock import now
from throughline.kernel.errors import Invalid
from throughline.kernel.ids import SubjectRef
from throughline.ledger.events import DomainEvent
from throughline.ledger.models import FateAnswer
from throughline.ledger.rules import FateKind
from throughline.ledger.services.recording import event_record


@dataclass(frozen=True)
class FateGiven(DomainEvent):
    """Somebody answered a contribution or theme, or declined it with a reason."""

    kind: ClassVar[str] = "ledger.fate_given"
    fate_answer_id: int
    fate: FateKind


@transaction.atomic
def fate_answer(*, actor: Actor, ref: SubjectRef, kind: FateKind, reason: str) -> FateAnswer:
    """Record an answer or a reasoned refusal; the caller has required the policy of the subject's own app."""
    if kind not in (FateKind.ANSWERED, FateKind.NOT_TAKEN_UP):
        raise Invalid({"kind": "Choose “answered” or “not taken up”; the other fates follow from what is linked."})
    if not reason.strip():
        raise Invalid({"reason": "Write the answer, or why this is not taken up; its contributor reads it."})
    answer = FateAnswer.objects.create(
        org_id=actor.org_id,
        subject_kind=ref.kind,
        subject_id=ref.id,
        kind=kind,
        reason=reason.strip(),
        by_person_id=actor.person_id,
        created_at=now(),
    )
    event_record(actor, FateGiven(fate_answer_id=answer.pk, fate=kind), subject=ref)
    return answer
