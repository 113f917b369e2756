"""Who reads a personal purpose."""

from __future__ import annotations

from django.db import transaction

from throughline.kernel.actor import Actor
from throughline.kernel.errors import Invalid
from throughline.ledger.services import event_record
from throughline.purpose.events import StatementShared
from throughline.purpose.models import Statement
from throughline.purpose.policies import can_share_personal
from throughline.purpose.rules import Visibility
from throughline.purpose.services.indexing import statement_refresh
from throughline.purpose.services.writing import statement_locked


@transaction.atomic
def statement_share(*, actor: Actor, statement: Statement, visibility: str, unit_id: int | None = None) -> Statement:
    """Share one's purpose with a unit of one's own or the organisation, or make it private again."""
    statement = statement_locked(statement)
    can_share_personal(actor, statement).require()
    if visibility not in Visibility._value2member_map_:
        raise Invalid({"visibility": "Choose who may read it: only you, your unit, or the organisation."})
    if visibility == Visibility.UNIT and unit_id not in actor.own_unit_ids:
        raise Invalid({"unit": "Choose one of your own units to share it with."})
    statement.visibility = visibility
    statement.shared_unit_id = unit_id if visibility == Visibility.UNIT else None
    event_record(actor, StatementShared(visibility=Visibility(visibility)), subject=statement.ref)
    statement_refresh(actor, statement)
    return statement
