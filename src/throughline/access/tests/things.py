"""A kind of thing that exists in tests only: members see each, a guest those shared with them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from throughline.kernel.actor import Actor
from throughline.kernel.ids import SubjectRef
from throughline.ledger.subjects import SubjectCard, SubjectType, subject_register

KIND = "access.note"
HIDDEN_FROM_MEMBERS = 99


class NoteType(SubjectType):
    kind = KIND
    label = "Note"
    label_plural = "Notes"

    def cards(self, actor: Actor, ids: Collection[int]) -> Mapping[int, SubjectCard]:
        seen = {
            number
            for number in ids
            if (actor.is_member and number < HIDDEN_FROM_MEMBERS) or number in actor.shared_ids(KIND)
        }
        return {
            number: SubjectCard(
                SubjectRef(KIND, number),
                "Note",
                f"Note {number}",
                f"/o/{actor.org_slug}/inbox/?note={number}",
            )
            for number in seen
        }


subject_register(NoteType())


def note(number: int = 7) -> SubjectRef:
    """One of them."""
    return SubjectRef(KIND, number)
