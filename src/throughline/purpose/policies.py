"""Who may see and change what of purpose. `visible_statements` is the query twin of `can_see_statement`."""

from __future__ import annotations

from django.db.models import Q

from throughline.kernel.actor import Actor
from throughline.kernel.verdict import Verdict, allow_if, no
from throughline.purpose.models import Statement
from throughline.purpose.rules import Level, Visibility


def own_id(actor: Actor) -> int:
    """The number of the person acting; 0, which is nobody's, for the system."""
    return actor.person_id if actor.person_id is not None else 0


def visible_statements(actor: Actor) -> Q:
    """Statements an actor may read. Administrators and leaders get no more of personal ones than anybody."""
    if actor.is_system:
        return Q()
    if not actor.is_member:
        return ~Q(level=Level.PERSON) & Q(pk__in=actor.shared_ids("purpose.statement"))
    units = actor.unit_ids | actor.led_unit_ids
    return (
        ~Q(level=Level.PERSON)
        | Q(person_id=actor.person_id)
        | Q(visibility=Visibility.ORGANISATION)
        | Q(visibility=Visibility.UNIT, shared_unit_id__in=units)
    )


def can_see_statement(actor: Actor, statement: Statement) -> Verdict:
    """The same for one statement."""
    return allow_if(_sees(actor, statement), "This purpose is private to its author.")


def _sees(actor: Actor, statement: Statement) -> bool:
    if actor.is_system:
        return True
    if not actor.is_member:
        return statement.level != Level.PERSON and statement.pk in actor.shared_ids("purpose.statement")
    if statement.level != Level.PERSON or statement.person_id == actor.person_id:
        return True
    if statement.visibility == Visibility.ORGANISATION:
        return True
    is_near = statement.shared_unit_id in actor.unit_ids | actor.led_unit_ids
    return statement.visibility == Visibility.UNIT and is_near


def visible_open(actor: Actor, kind: str) -> Q:
    """Values, policies and the like: every member; guests what was shared."""
    return Q() if actor.is_member else Q(pk__in=actor.shared_ids(kind))


def can_write(actor: Actor, *, level: str, unit_id: int | None = None, person_id: int | None = None) -> Verdict:
    """Write a draft: leaders and facilitators for the organisation, also its leads for a unit, oneself for
    oneself.
    """
    if actor.is_guest:
        return no("Guests do not write purposes; tell the person who invited you what you would change.")
    if level == Level.PERSON:
        return allow_if(
            actor.person_id is not None and person_id == actor.person_id,
            "A personal purpose is written by its owner.",
        )
    if level == Level.UNIT:
        return allow_if(
            actor.is_facilitator or actor.leads(unit_id),
            "This draft is written by the unit's lead, a leader or a facilitator. Suggest a wording instead.",
        )
    return allow_if(
        actor.is_facilitator,
        "The organisation's draft is written by leaders and facilitators. Suggest a wording instead.",
    )


def can_edit(actor: Actor, statement: Statement) -> Verdict:
    """Write a new version, answer suggestions, set the review date."""
    return can_write(actor, level=statement.level, unit_id=statement.unit_id, person_id=statement.person_id)


def can_propose(actor: Actor, statement: Statement) -> Verdict:
    """Put a draft to decision."""
    if statement.level == Level.PERSON:
        return no("A personal purpose needs nobody's consent; it holds as you wrote it.")
    return can_edit(actor, statement)


def can_suggest(actor: Actor, statement: Statement) -> Verdict:
    """Every member contributes to the organisation's and units' purposes."""
    if statement.level == Level.PERSON:
        return no("Nobody suggests wording for another person's purpose.")
    return allow_if(actor.is_member and actor.person_id is not None, "Guests cannot suggest a wording here.")


def can_endorse(actor: Actor, statement: Statement) -> Verdict:
    """Stand behind what was adopted."""
    if statement.level == Level.PERSON or statement.adopted_version is None:
        return no("People stand behind what was adopted; this is not yet.")
    return allow_if(actor.is_member and actor.person_id is not None, "Guests cannot endorse a purpose.")


def can_endorse_value(actor: Actor) -> Verdict:
    """Every member may stand behind a value."""
    return allow_if(actor.is_member and actor.person_id is not None, "Guests cannot endorse a value.")


def can_manage_values(actor: Actor) -> Verdict:
    """Values and policies are kept by leaders and facilitators."""
    return allow_if(
        actor.is_facilitator,
        "Values and policies are kept by leaders and facilitators; propose a decision to change one.",
    )


def can_share_personal(actor: Actor, statement: Statement) -> Verdict:
    """Only its author shares a personal purpose, or takes it back."""
    is_own = statement.level == Level.PERSON and statement.person_id == actor.person_id
    return allow_if(is_own and actor.person_id is not None, "Only its author can share a personal purpose.")
