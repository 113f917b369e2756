"""Telling contributors what became of what they said."""

from __future__ import annotations

from throughline.kernel.actor import Actor
from throughline.kernel.ids import SubjectRef
from throughline.ledger.selectors import links_from
from throughline.ledger.services import Relation
from throughline.ledger.subjects import subject_type
from throughline.meetings.services import contributors_tell, voices_tell

CONTRIBUTION = "meetings.contribution"
THEME = "meetings.theme"
# A change is told only once the thing counts for something; before that nothing has come of the voice yet.
ONLY_WHEN_SETTLED = frozenset({"shell.input_changed", "shell.input_dropped"})


def contributors_of_outcome_tell(
    *, actor: Actor, outcome: SubjectRef, notice: str, event_id: int, by_person_id: int | None
) -> int:
    """Tell everybody whose named contributions lie behind an outcome, directly or through a theme; answers how many."""
    if notice in ONLY_WHEN_SETTLED and not subject_type(outcome.kind).shaping_ids([outcome.id]):
        return 0
    earlier = [
        SubjectRef(link.to_kind, link.to_id)
        for link in links_from(actor, [outcome])
        if link.relation in (Relation.PROMPTED_BY, Relation.DERIVED_FROM)
    ]
    once = f"{notice}:{event_id}"
    themes = sorted(ref.id for ref in earlier if ref.kind == THEME)
    voices = sorted(ref.id for ref in earlier if ref.kind == CONTRIBUTION)
    told = 0
    if themes:
        told += contributors_tell(
            actor=actor, theme_ids=themes, kind=notice, about=outcome, once=once, by_person_id=by_person_id
        )
    if voices:
        told += voices_tell(
            actor=actor, contribution_ids=voices, kind=notice, about=outcome, once=once, by_person_id=by_person_id
        )
    return told
