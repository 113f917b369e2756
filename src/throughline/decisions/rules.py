"""Who is asked again after a change, and how signatures read. Pure; methods judge in `methods/`."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from throughline.ledger.subjects import ChangeKind


class Capacity(StrEnum):
    """In which capacity somebody is asked; each signature names its own."""

    OWNER = "owner"
    CO_OWNER = "co_owner"
    PARENT_OWNER = "parent_owner"
    PROVIDER = "provider"
    STAKEHOLDER = "stakeholder"
    MEMBER = "member"


class Stance(StrEnum):
    """What somebody says to a proposal. Agreement, with or without reservation, is a signature."""

    AGREE = "agree"
    AGREE_WITH_RESERVATION = "agree_with_reservation"
    OBJECT = "object"
    ABSTAIN = "abstain"


class ProposalState(StrEnum):
    OPEN = "open"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


class Outcome(StrEnum):
    ADOPTED = "adopted"
    REJECTED = "rejected"


class ObjectionState(StrEnum):
    """An objection is open until one of the other three, and never again after."""

    OPEN = "open"
    INTEGRATED = "integrated"
    WITHDRAWN = "withdrawn"
    STANDING = "standing"


class SignatureState(StrEnum):
    """Where one person stands on the current version."""

    SIGNED = "signed"
    CARRIED_OVER = "carried_over"
    ASKED = "asked"
    ASKED_AGAIN = "asked_again"
    OBJECTS = "objects"
    ABSTAINS = "abstains"


CAPACITY_LABEL: Mapping[Capacity, str] = {
    Capacity.OWNER: "owner",
    Capacity.CO_OWNER: "co-owner",
    Capacity.PARENT_OWNER: "owner of the goal above",
    Capacity.PROVIDER: "provider of a dependency",
    Capacity.STAKEHOLDER: "stakeholder",
    Capacity.MEMBER: "member",
}
STANCE_LABEL: Mapping[Stance, str] = {
    Stance.AGREE: "agrees",
    Stance.AGREE_WITH_RESERVATION: "agrees with a reservation",
    Stance.OBJECT: "objects",
    Stance.ABSTAIN: "abstains",
}
SIGNING = frozenset({Stance.AGREE, Stance.AGREE_WITH_RESERVATION})
# How long any signatory may contest that a change was only editorial.
CONTEST_DAYS = 7

_EVERYONE = frozenset(Capacity)
_OWNERS = frozenset({Capacity.OWNER, Capacity.CO_OWNER})
# The table of who is asked again: change kind -> capacities. Wording is taken out when the change is declared
# editorial.
ASKED_BY_CHANGE: Mapping[ChangeKind, frozenset[Capacity]] = {
    ChangeKind.TERMS: _EVERYONE,
    ChangeKind.PARTS: _OWNERS | {Capacity.STAKEHOLDER},
    ChangeKind.UPWARD: _OWNERS | {Capacity.PARENT_OWNER},
    ChangeKind.SIDEWAYS: _OWNERS | {Capacity.PROVIDER},
    ChangeKind.WORDING: _EVERYONE,
    ChangeKind.EDITORIAL: frozenset(),
}


def capacities_asked(changes: Collection[ChangeKind]) -> frozenset[Capacity]:
    """The capacities a change asks again: the union over its kinds; an editorial declaration excuses wording
    only.
    """
    counted = set(changes)
    if ChangeKind.EDITORIAL in counted:
        counted.discard(ChangeKind.WORDING)
    return frozenset().union(*(ASKED_BY_CHANGE[kind] for kind in counted))


def is_asked_again(capacities: Collection[Capacity], changes: Collection[ChangeKind]) -> bool:
    """Whether somebody with these capacities must speak anew: yes when any one of them is asked."""
    return bool(capacities_asked(changes) & set(capacities))


def effective_changes(changes: Collection[ChangeKind], *, is_text_same: bool) -> frozenset[ChangeKind]:
    """The kinds that count. A text that changed without a named kind asks everyone, as wording does."""
    if changes:
        return frozenset(changes)
    return frozenset() if is_text_same else frozenset({ChangeKind.WORDING})


def text_hash(text: str) -> str:
    """SHA-256 of an exact text, hex; what a signature is bound to."""
    return hashlib.sha256(text.encode()).hexdigest()


def contest_until(declared_at: datetime) -> datetime:
    """The last moment at which an editorial declaration may be contested."""
    return declared_at + timedelta(days=CONTEST_DAYS)


@dataclass(frozen=True, slots=True)
class Spoken:
    """Somebody's last position: on which version, and what."""

    version: int
    stance: Stance


@dataclass(frozen=True, slots=True)
class Asked:
    """One person asked, with the version since which each of their capacities needs an answer."""

    person_id: int
    asked_since: Mapping[Capacity, int]
    last: Spoken | None = None

    @property
    def needed_version(self) -> int:
        """The version from which on a position counts: the latest over the capacities."""
        return max(self.asked_since.values())

    @property
    def has_spoken(self) -> bool:
        return self.last is not None and self.last.version >= self.needed_version

    @property
    def has_signed(self) -> bool:
        return self.has_spoken and self.last is not None and self.last.stance in SIGNING


@dataclass(frozen=True, slots=True)
class Poll:
    """Everything a method judges by."""

    version: int
    asked: tuple[Asked, ...]
    open_objections: int
    is_past_closing: bool

    @property
    def missing(self) -> tuple[Asked, ...]:
        return tuple(person for person in self.asked if not person.has_spoken)

    @property
    def unsigned(self) -> tuple[Asked, ...]:
        return tuple(person for person in self.asked if not person.has_signed)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a method says of a poll: may it be adopted or rejected now, and in words what is missing."""

    may_adopt: bool
    may_reject: bool
    words: str


def is_past_closing(closes_on: date | None, today: date) -> bool:
    """A proposal is open through its closing day."""
    return closes_on is not None and today > closes_on


def signature_state(asked: Asked, *, version: int) -> SignatureState:
    """Where a person stands on the current version."""
    if asked.last is None:
        return SignatureState.ASKED
    if not asked.has_spoken:
        return SignatureState.ASKED_AGAIN
    if asked.last.stance is Stance.OBJECT:
        return SignatureState.OBJECTS
    if asked.last.stance is Stance.ABSTAIN:
        return SignatureState.ABSTAINS
    return SignatureState.SIGNED if asked.last.version == version else SignatureState.CARRIED_OVER


def capacity_words(capacities: Iterable[Capacity]) -> str:
    """“owner and stakeholder”, in the order of the capacities."""
    given = set(capacities)
    words = [CAPACITY_LABEL[capacity] for capacity in Capacity if capacity in given]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def signature_label(asked: Asked, *, version: int, is_reader: bool) -> str:
    """The sentence beside a name, spoken to the reader where the name is theirs."""
    state = signature_state(asked, version=version)
    who = "you" if is_reader else "they"
    if asked.last is None:
        return ("asked to speak") if version > 1 and asked.needed_version < version else f"asked on version {version}"
    given = asked.last.version
    if state is SignatureState.ASKED_AGAIN:
        verb = {Stance.OBJECT: "objected to", Stance.ABSTAIN: "abstained on"}.get(asked.last.stance, "signed")
        as_what = capacity_words(kind for kind, since in asked.asked_since.items() if since > given)
        return f"{verb} version {given}; version {asked.needed_version} changed what {who} answer for as {as_what}"
    if state is SignatureState.OBJECTS:
        return f"objects to version {given}"
    if state is SignatureState.ABSTAINS:
        return f"abstains on version {given}"
    reserved = " with a reservation" if asked.last.stance is Stance.AGREE_WITH_RESERVATION else ""
    if state is SignatureState.SIGNED:
        return f"signed version {given}{reserved}"
    since = f"version {version}" if version == given + 1 else f"versions {given + 1} to {version}"
    as_what = capacity_words(asked.asked_since)
    return f"signed version {given}{reserved}; {since} did not change what {who} signed as {as_what}"
