"""How apps show one of their things to others: the subject registry.

An app's own `subjects.py` defines a `SubjectType` per noun and calls `subject_register`. Everything that refers across
apps (trace, search, notifications, decisions) asks here and never imports a sibling.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from throughline.kernel.actor import Actor
from throughline.kernel.ids import SubjectRef


class ChangeKind(StrEnum):
    """What a new version changed, as far as signatures care (issue rule "who is asked again")."""

    TERMS = "terms"  # target, baseline, unit, direction, date or owner: everyone is asked
    PARTS = "parts"  # key results or initiatives: owners and stakeholders
    UPWARD = "upward"  # alignment: both ends (owners here, the parents' owners)
    SIDEWAYS = "sideways"  # dependency: both ends (owners here, the providers)
    WORDING = "wording"  # everyone, unless declared editorial
    EDITORIAL = "editorial"  # nobody, but any signatory may contest it for seven days


@dataclass(frozen=True, slots=True)
class SubjectCard:
    """One subject as others show it. `state` is one of good, warn, bad, wait or "" with `state_label` in words."""

    ref: SubjectRef
    kind_label: str
    title: str
    url: str
    meta: str = ""
    state: str = ""
    state_label: str = ""


@dataclass(frozen=True, slots=True)
class Station:
    """One stop of a trace strip. `url` is "" when there is nothing to open."""

    kind_label: str
    title: str
    url: str = ""
    note: str = ""
    is_here: bool = False
    is_hidden: bool = False


class SubjectType:
    """What an app tells others about one noun. Subclasses set `kind` and `label` and implement `cards`."""

    kind: str
    label: str
    label_plural: str

    def cards(self, actor: Actor, ids: Collection[int]) -> Mapping[int, SubjectCard]:
        """Cards of those ids the actor may see, in at most two queries; the others are left out."""
        raise NotImplementedError

    def stations(self, actor: Actor, subject_id: int) -> Sequence[Station]:
        """What came of the subject itself (signatures, check-ins, result), oldest first. Default: nothing."""
        return ()

    def shaping_ids(self, ids: Collection[int]) -> frozenset[int]:
        """Those of `ids` that count as settled outcomes: a signed goal, an adopted purpose, a decided proposal."""
        return frozenset()

    def text_of(self, actor: Actor, subject_id: int, version: int) -> str:
        """The exact text of a version, for decisions bound to it."""
        raise NotImplementedError

    def changed_fields(self, actor: Actor, subject_id: int, old: int, new: int) -> frozenset[ChangeKind]:
        """What version `new` changed against `old`."""
        raise NotImplementedError


_types: dict[str, SubjectType] = {}


def subject_register(subject_type: SubjectType) -> None:
    """Add a noun. Two of one kind are refused, except the same module loaded twice."""
    known = _types.get(subject_type.kind)
    if known is not None and type(known).__qualname__ != type(subject_type).__qualname__:
        raise ValueError(f"Two subject types claim “{subject_type.kind}”.")
    _types[subject_type.kind] = subject_type


def subject_type(kind: str) -> SubjectType:
    """The noun of a kind; KeyError when no app has registered it."""
    return _types[kind]


def subject_kinds() -> tuple[str, ...]:
    """All registered kinds, sorted."""
    return tuple(sorted(_types))


def subject_cards(actor: Actor, refs: Iterable[SubjectRef]) -> dict[SubjectRef, SubjectCard]:
    """Cards of all subjects the actor may see, at most two queries per kind; the others are left out."""
    by_kind: dict[str, set[int]] = {}
    for ref in refs:
        by_kind.setdefault(ref.kind, set()).add(ref.id)
    found: dict[SubjectRef, SubjectCard] = {}
    for kind, ids in by_kind.items():
        if kind in _types:
            found.update({card.ref: card for card in _types[kind].cards(actor, ids).values()})
    return found


def subject_card(actor: Actor, ref: SubjectRef) -> SubjectCard | None:
    """The card of one subject, or None when the actor may not see it."""
    return subject_cards(actor, [ref]).get(ref)
