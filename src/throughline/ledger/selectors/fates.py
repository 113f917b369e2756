"""What became of contributions."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from throughline.kernel.actor import Actor
from throughline.kernel.ids import SubjectRef
from throughline.ledger.models import FateAnswer, Relation
from throughline.ledger.rules import FateKind, own_fate, passed_fate
from throughline.ledger.selectors.history import links_to
from throughline.ledger.subjects import subject_type


@dataclass(frozen=True, slots=True)
class Fate:
    """A fate with what explains it: the things it shaped, or the answer's words and author. `via` is a theme or None."""

    kind: FateKind
    shaped: tuple[SubjectRef, ...] = ()
    reason: str = ""
    by_person_id: int | None = None
    via: SubjectRef | None = None


_SHAPING = (Relation.PROMPTED_BY, Relation.DERIVED_FROM, Relation.ANSWERS)


def fates_of(actor: Actor, refs: Collection[SubjectRef]) -> dict[SubjectRef, Fate]:
    """The fate of each contribution (or theme); a fixed number of queries per kind of subject involved.

    A contribution's themes are the subjects `derived_from` it. The caller has checked that the actor may see `refs`.
    """
    downstream: dict[SubjectRef, list[SubjectRef]] = {ref: [] for ref in refs}
    for link in links_to(actor, list(downstream)):
        if link.relation in _SHAPING:
            downstream[SubjectRef(link.to_kind, link.to_id)].append(SubjectRef(link.from_kind, link.from_id))
    themes = {later for laters in downstream.values() for later in laters}
    beyond: dict[SubjectRef, list[SubjectRef]] = {theme: [] for theme in themes}
    for link in links_to(actor, list(themes)):
        if link.relation in _SHAPING:
            beyond[SubjectRef(link.to_kind, link.to_id)].append(SubjectRef(link.from_kind, link.from_id))
    settled = _settled({*themes, *(later for laters in beyond.values() for later in laters)})
    answers = _answers([*refs, *themes])

    def own(ref: SubjectRef, laters: list[SubjectRef]) -> Fate | None:
        shaped = tuple(later for later in laters if later in settled)
        answer = answers.get(ref)
        kind = own_fate(has_shaped=bool(shaped), answer=FateKind(answer.kind) if answer else None)
        if kind is None:
            return None
        if kind is FateKind.SHAPED or answer is None:
            return Fate(kind, shaped=shaped)
        return Fate(kind, reason=answer.reason, by_person_id=answer.by_person_id)

    found: dict[SubjectRef, Fate] = {}
    for ref, laters in downstream.items():
        mine = own(ref, laters)
        passed = {theme: own(theme, beyond[theme]) for theme in laters}
        kind = passed_fate(mine.kind if mine else None, [fate.kind if fate else None for fate in passed.values()])
        if mine is not None:
            found[ref] = mine
        elif kind is FateKind.WAITING:
            found[ref] = Fate(kind)
        else:
            via, fate = next((theme, fate) for theme, fate in passed.items() if fate and fate.kind is kind)
            found[ref] = Fate(kind, fate.shaped, fate.reason, fate.by_person_id, via)
    return found


def _settled(refs: Collection[SubjectRef]) -> frozenset[SubjectRef]:
    by_kind: dict[str, list[int]] = {}
    for ref in refs:
        by_kind.setdefault(ref.kind, []).append(ref.id)
    return frozenset(
        SubjectRef(kind, number) for kind, ids in by_kind.items() for number in subject_type(kind).shaping_ids(ids)
    )


def _answers(refs: Collection[SubjectRef]) -> dict[SubjectRef, FateAnswer]:
    by_kind: dict[str, list[int]] = {}
    for ref in refs:
        by_kind.setdefault(ref.kind, []).append(ref.id)
    found: dict[SubjectRef, FateAnswer] = {}
    for kind, ids in by_kind.items():
        for answer in FateAnswer.objects.filter(subject_kind=kind, subject_id__in=ids).order_by("id"):
            found[SubjectRef(kind, answer.subject_id)] = answer
    return found
