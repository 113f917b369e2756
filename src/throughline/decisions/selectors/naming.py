"""From names as people type them to the people meant."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q

from throughline.kernel.actor import Actor
from throughline.people.selectors import people_visible_to

MOST_NAMED = 500
_SEPARATORS = re.compile(r"[\n;,]+")


@dataclass(frozen=True, slots=True)
class Named:
    """Who was meant, in the order typed, and a sentence for each entry that names nobody or several."""

    person_ids: tuple[int, ...]
    problems: tuple[str, ...]


def people_named(actor: Actor, text: str) -> Named:
    """Read names or e-mail addresses, one per line or between commas; one query, case does not matter."""
    entries = list(dict.fromkeys(" ".join(part.split()) for part in _SEPARATORS.split(text) if part.strip()))
    if len(entries) > MOST_NAMED:
        return Named((), (f"Name at most {MOST_NAMED} people here; name representatives of larger groups.",))
    if not entries:
        return Named((), ())
    meant = Q()
    for entry in entries:
        meant |= Q(email__iexact=entry) if "@" in entry else Q(name__iexact=entry)
    by_entry: dict[str, list[int]] = {}
    for number, name, email in people_visible_to(actor).filter(meant, left_on=None).values_list("pk", "name", "email"):
        for key in {name.lower(), email.lower()}:
            by_entry.setdefault(key, []).append(number)
    found: dict[int, None] = {}
    problems = []
    for entry in entries:
        numbers = by_entry.get(entry.lower(), [])
        if len(numbers) == 1:
            found[numbers[0]] = None
        elif numbers:
            problems.append(f"{len(numbers)} people are called “{entry}”; write the e-mail address instead.")
        else:
            problems.append(f"Nobody here is called “{entry}”; check the spelling or use the e-mail address.")
    return Named(tuple(found), tuple(problems))


def people_missing(actor: Actor, person_ids: Collection[int]) -> set[int]:
    """Those of the numbers that are nobody of this organisation the actor may name; one query."""
    wanted = set(person_ids)
    return wanted - set(people_visible_to(actor).filter(pk__in=wanted).values_list("pk", flat=True))
