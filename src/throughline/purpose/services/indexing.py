"""Keeping what may be found findable, and nothing else."""

from __future__ import annotations

from throughline.kernel.actor import Actor
from throughline.kernel.ids import SubjectRef
from throughline.ledger.models import Relation
from throughline.ledger.services import link_create, link_remove, search_index, search_remove
from throughline.purpose.models import Policy, Statement, StatementVersion, Toward, Value
from throughline.purpose.rules import Level, Visibility, headline


def statement_refresh(actor: Actor, statement: Statement) -> None:
    """Headline, search entry and links after a change; a private purpose has neither entry nor links."""
    number = statement.adopted_version if statement.adopted_version is not None else statement.latest_version
    text = StatementVersion.objects.get(statement=statement, version=number).text
    statement.headline = headline(text)
    statement.save()
    if statement.visibility == Visibility.PRIVATE:
        search_remove(actor=actor, ref=statement.ref)
    else:
        search_index(actor=actor, ref=statement.ref, title=statement.headline, body=text)
    if statement.level == Level.PERSON:
        _links_refresh(actor, statement)


def _links_refresh(actor: Actor, statement: Statement) -> None:
    for above_id in Toward.objects.filter(statement=statement).values_list("above_id", flat=True):
        above = SubjectRef("purpose.statement", above_id)
        if statement.visibility == Visibility.PRIVATE:
            link_remove(actor=actor, later=statement.ref, relation=Relation.ADVANCES, earlier=above)
        else:
            link_create(actor=actor, later=statement.ref, relation=Relation.ADVANCES, earlier=above)


def value_refresh(actor: Actor, value: Value) -> None:
    """Make a value findable by its name, meaning and behaviours."""
    behaviours = value.behaviours.values_list("text", flat=True)
    search_index(actor=actor, ref=value.ref, title=value.name, body="\n".join([value.meaning, *behaviours]))


def policy_refresh(actor: Actor, policy: Policy) -> None:
    """Make a policy findable by its title, text and reference."""
    search_index(actor=actor, ref=policy.ref, title=policy.title, body=f"{policy.text}\n{policy.reference}")
