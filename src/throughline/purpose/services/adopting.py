"""From draft to adopted, through a decision."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from django.db import transaction

from throughline.decisions.services import Capacity, Signatory, proposal_open
from throughline.kernel.actor import Actor
from throughline.kernel.clock import now, today
from throughline.kernel.errors import Conflict, Invalid
from throughline.ledger.models import Relation
from throughline.ledger.services import event_record, link_create
from throughline.purpose.events import StatementAdopted, StatementProposed, StatementReturned
from throughline.purpose.models import Statement, StatementVersion, Suggestion
from throughline.purpose.policies import can_propose
from throughline.purpose.rules import VersionState, may_become, next_review
from throughline.purpose.services.indexing import statement_refresh
from throughline.purpose.services.writing import statement_locked


@transaction.atomic
def statement_propose(
    *,
    actor: Actor,
    statement: Statement,
    version: int,
    asked: Collection[int],
    title: str = "",
    options: Sequence[str] = (),
    closes_on: date | None = None,
) -> StatementVersion:
    """Ask people to adopt the draft by consent. `asked` are numbers of people; the proposer names them."""
    statement = statement_locked(statement)
    can_propose(actor, statement).require()
    if version != statement.latest_version:
        raise Conflict(
            f"The draft moved on to version {statement.latest_version} while you read version {version}. "
            "Read it, then propose it."
        )
    draft = StatementVersion.objects.get(statement=statement, version=version)
    if not may_become(VersionState(draft.state), VersionState.PROPOSED):
        raise Conflict(
            "This version is put to decision already."
            if draft.state == VersionState.PROPOSED
            else "This version is adopted; write a new version to change it."
        )
    if not asked:
        raise Invalid({"asked": "Name whom to ask; nobody can decide for nobody."})
    proposal = proposal_open(
        actor=actor,
        subject=statement.ref,
        version=version,
        text=draft.text,
        method="consent",
        title=title.strip() or f"Adopt: {statement.headline}"[:300],
        signatories=[Signatory(number, Capacity.MEMBER) for number in sorted(set(asked))],
        options=options,
        closes_on=closes_on,
    )
    draft.state, draft.proposal_id = VersionState.PROPOSED, proposal.pk
    draft.save()
    event_record(actor, StatementProposed(version=version, proposal_id=proposal.pk), subject=statement.ref)
    return draft


@transaction.atomic
def statement_adopt(*, actor: Actor, statement_id: int, proposal_id: int) -> StatementVersion | None:
    """What an adopting decision leads to, once however often it is told; only the system calls this."""
    version = _proposed(statement_id, proposal_id)
    if version is None:
        return None
    statement = version.statement
    for old in StatementVersion.objects.filter(statement=statement, state=VersionState.ADOPTED):
        old.state = VersionState.SUPERSEDED
        old.save()
    version.state, version.adopted_at = VersionState.ADOPTED, now()
    version.save()
    statement.adopted_version = version.version
    statement.review_on = next_review(today(actor.time_zone))
    event_record(actor, StatementAdopted(version=version.version, proposal_id=proposal_id), subject=statement.ref)
    # From now on those whose words went into it have shaped it.
    for suggestion in Suggestion.objects.filter(statement=statement, taken_up_version__lte=version.version):
        link_create(actor=actor, later=statement.ref, relation=Relation.PROMPTED_BY, earlier=suggestion.ref)
    statement_refresh(actor, statement)
    return version


@transaction.atomic
def statement_return(*, actor: Actor, statement_id: int, proposal_id: int) -> StatementVersion | None:
    """A rejected or withdrawn proposal makes its version a draft again; only the system calls this."""
    version = _proposed(statement_id, proposal_id)
    if version is None:
        return None
    version.state = VersionState.DRAFT
    version.save()
    event_record(
        actor,
        StatementReturned(version=version.version, proposal_id=proposal_id),
        subject=version.statement.ref,
    )
    return version


def _proposed(statement_id: int, proposal_id: int) -> StatementVersion | None:
    statement = Statement.objects.select_for_update().filter(pk=statement_id).first()
    version = StatementVersion.objects.filter(
        statement_id=statement_id, proposal_id=proposal_id, state=VersionState.PROPOSED
    ).first()
    if statement is None or version is None:
        return None
    version.statement = statement
    return version
