"""What was typed on the mapping page, found."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse

from throughline.goals.selectors import cycles_visible_to
from throughline.kernel.actor import Actor
from throughline.kernel.errors import Invalid
from throughline.people.selectors.people import person_named
from throughline.people.selectors.units import unit_named


def owner_typed(actor: Actor, text: str) -> tuple[str, str]:
    """The e-mail addresses of the people meant, separated by commas, or "" with a sentence that says why not."""
    emails: list[str] = []
    for words in (part.strip() for part in text.split(",")):
        if not words:
            continue
        person, trouble = person_named(actor, words)
        if person is None:
            return "", trouble
        if not person.email:
            return (
                "",
                f"{person.name} has no e-mail address here, so no file can name them. Leave this empty to keep the text.",
            )
        emails.append(person.email)
    return ",".join(emails), ""


def unit_typed(actor: Actor, text: str) -> tuple[str, str]:
    """The unit meant, as files name it ("" for none), or "" with a sentence that says why not."""
    if not text.strip():
        return "", ""
    unit, trouble = unit_named(actor, text)
    return (text.strip() if unit is not None else "", trouble)


def owner_required(actor: Actor, text: str) -> str:
    """The same; raises Invalid for somebody nobody here is."""
    emails, trouble = owner_typed(actor, text)
    if trouble:
        raise Invalid({"owners": f"“{text}”: {trouble}"})
    return emails


def unit_required(actor: Actor, text: str) -> str:
    """The same; raises Invalid for a unit that is not here."""
    name, trouble = unit_typed(actor, text)
    if trouble:
        raise Invalid({"unit": f"“{text}”: {trouble}"})
    return name


def unit_id_typed(actor: Actor, text: str) -> tuple[int | None, str]:
    """The number of the unit meant (None for none), or None with a sentence that says why not."""
    unit, trouble = unit_named(actor, text)
    return (unit.pk if unit is not None else None), trouble


def cycle_choices(actor: Actor) -> list[tuple[int, str]]:
    """Every cycle by number and name, newest first; one query."""
    return list(cycles_visible_to(actor).values_list("id", "name")[:500])


def goals_list_url(actor: Actor) -> str:
    """Where the imported goals are read."""
    for name in ("goals:goals", "goals:list"):
        try:
            return reverse(name, args=[actor.org_slug])
        except NoReverseMatch:
            continue
    return ""
