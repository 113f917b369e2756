"""People, units and cycles by the words files use for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from throughline.goals.selectors import cycles_visible_to, themes_visible_to
from throughline.kernel.actor import Actor
from throughline.kernel.ids import SubjectRef
from throughline.ledger.selectors import search_subjects
from throughline.ledger.subjects import subject_cards
from throughline.people.selectors.people import people_visible_to
from throughline.people.selectors.units import unit_named

_CHUNK = 40
_SERVED_KINDS = ("purpose.statement", "purpose.value", "purpose.policy")


@dataclass(frozen=True, slots=True)
class CycleFound:
    """A cycle that exists."""

    id: int
    name: str
    starts_on: date
    ends_on: date
    state: str


def cycles_by_name(actor: Actor, names: Iterable[str]) -> dict[str, CycleFound]:
    """The cycles of these names; one query."""
    rows = cycles_visible_to(actor).filter(name__in=sorted({name.strip() for name in names if name.strip()}))
    return {
        name: CycleFound(number, name, starts_on, ends_on, state)
        for number, name, starts_on, ends_on, state in rows.values_list("id", "name", "starts_on", "ends_on", "state")
    }


def owner_emails_guessed(actor: Actor, owners: Collection[str]) -> dict[str, str]:
    """E-mail addresses of those whose address, name or role is exactly what a file says, and nobody else's.

    One query per forty owners. Who has no address cannot be named in a table and is left out.
    """
    wanted = {owner.strip().lower(): owner for owner in owners if owner.strip()}
    matches: dict[str, set[str]] = defaultdict(set)
    people = people_visible_to(actor).exclude(email="").filter(left_on__isnull=True, is_guest=False)
    keys = sorted(wanted)
    for start in range(0, len(keys), _CHUNK):
        condition = Q()
        for key in keys[start : start + _CHUNK]:
            condition |= Q(email__iexact=key) | Q(name__iexact=key) | Q(title__iexact=key)
        for email, name, title in people.filter(condition).values_list("email", "name", "title"):
            for words in {email.lower(), name.lower(), title.lower()} & wanted.keys():
                matches[words].add(email)
    return {wanted[words]: next(iter(emails)) for words, emails in matches.items() if len(emails) == 1}


def person_ids_by_email(actor: Actor, emails: Collection[str]) -> dict[str, int]:
    """Numbers of people by their address in small letters; one query per eight hundred."""
    found: dict[str, int] = {}
    wanted = sorted({email.lower() for email in emails})
    for start in range(0, len(wanted), 800):
        rows = people_visible_to(actor).filter(email__in=wanted[start : start + 800])
        found.update({email.lower(): number for email, number in rows.values_list("email", "id")})
    return found


def unit_ids_named(actor: Actor, names: Collection[str]) -> dict[str, tuple[int | None, str]]:
    """Numbers of units by what files call them, or None with a sentence; a query or two per name."""
    found: dict[str, tuple[int | None, str]] = {}
    for name in sorted(names):
        unit, trouble = unit_named(actor, name)
        found[name] = (unit.pk if unit is not None else None, trouble)
    return found


def theme_ids_by_title(actor: Actor, titles: Collection[str]) -> dict[str, int]:
    """Numbers of strategic themes in force by title; one query."""
    return dict(themes_visible_to(actor).filter(title__in=list(titles)).values_list("title", "id"))


def purpose_words(actor: Actor, refs: Collection[str]) -> dict[str, str]:
    """What goals serve ("purpose.value:3") in words that another installation can find again."""
    cards = subject_cards(actor, [SubjectRef.parse(ref) for ref in sorted(refs)])
    return {str(ref): f"{card.kind_label}: {card.title}" for ref, card in cards.items()}


def purposes_named(actor: Actor, names: Collection[str]) -> dict[str, SubjectRef]:
    """The purpose statements, values and policies called exactly so, and no two of them."""
    found: dict[str, SubjectRef] = {}
    for name in sorted(names):
        title = name.partition(": ")[2] or name
        cards = search_subjects(actor, title, kinds=_SERVED_KINDS, limit=20)
        exact = [card.ref for card in cards if f"{card.kind_label}: {card.title}" == name or card.title == name]
        if len(exact) == 1:
            found[name] = exact[0]
    return found
