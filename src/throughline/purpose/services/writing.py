"""Writing purposes: the first draft and every further version."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import IntegrityError, transaction

from throughline.decisions.selectors.naming import people_missing
from throughline.decisions.services import version_move
from throughline.kernel.actor import Actor
from throughline.kernel.clock import now, today
from throughline.kernel.errors import Conflict, Invalid, NotFound
from throughline.kernel.ids import SubjectRef
from throughline.ledger.models import Relation
from throughline.ledger.services import event_record, link_create, link_remove
from throughline.ledger.subjects import ChangeKind
from throughline.purpose.events import StatementAdopted, StatementStarted, StatementVersioned
from throughline.purpose.models import Statement, StatementVersion, TookPart, Toward
from throughline.purpose.policies import can_edit, can_write, visible_statements
from throughline.purpose.rules import Level, VersionState, Visibility, headline, next_review
from throughline.purpose.services.indexing import statement_refresh

TEXT_LENGTH, REASON_LENGTH = 20_000, 4_000


@transaction.atomic
def statement_start(
    *,
    actor: Actor,
    level: str,
    text: str,
    unit_id: int | None = None,
    reason: str = "",
    took_part: Collection[int] = (),
    toward: Collection[int] = (),
    prompted_by: Sequence[SubjectRef] = (),
) -> Statement:
    """The first wording of a purpose. One's own holds at once and is private; the others begin as a draft.

    `toward` are the statements a personal purpose points to; `prompted_by` the voices or themes behind a
    shared one.
    """
    if level not in Level._value2member_map_ or (level == Level.UNIT) != (unit_id is not None):
        raise Invalid({"level": "Choose whose purpose it is: the organisation's, one unit's, or your own."})
    person_id = actor.person_id if level == Level.PERSON else None
    can_write(actor, level=level, unit_id=unit_id, person_id=person_id).require()
    _check(text, reason)
    statement = Statement(
        org_id=actor.org_id,
        level=level,
        unit_id=unit_id,
        person_id=person_id,
        headline=headline(text),
        visibility=Visibility.PRIVATE if level == Level.PERSON else Visibility.ORGANISATION,
        created_at=now(),
    )
    try:
        with transaction.atomic():
            statement.save()
    except IntegrityError:
        raise Conflict("This purpose was begun already; open it and write a new version.") from None
    event_record(actor, StatementStarted(level=Level(level)), subject=statement.ref)
    for above in Statement.objects.filter(visible_statements(actor), pk__in=toward).exclude(level=Level.PERSON):
        Toward.objects.create(org_id=actor.org_id, statement=statement, above=above)
    _version_add(actor, statement, text=text, reason=reason, took_part=took_part)
    for earlier in prompted_by:
        link_create(actor=actor, later=statement.ref, relation=Relation.PROMPTED_BY, earlier=earlier)
    return statement


@transaction.atomic
def statement_write(
    *,
    actor: Actor,
    statement: Statement,
    text: str,
    based_on: int,
    reason: str = "",
    took_part: Collection[int] = (),
    toward: Collection[int] | None = None,
    change: ChangeKind = ChangeKind.WORDING,
    prompted_by: Sequence[SubjectRef] = (),
) -> StatementVersion:
    """A new version, made from version `based_on`; a stale one raises Conflict.

    A version that is put to decision moves on with it: everyone asked is asked again unless `change` is
    editorial.
    """
    statement = statement_locked(statement)
    can_edit(actor, statement).require()
    if based_on != statement.latest_version:
        raise Conflict(
            f"Version {statement.latest_version} was written while you edited version {based_on}. "
            "Your text is kept; compare it with the new version."
        )
    _check(text, reason)
    if change not in (ChangeKind.WORDING, ChangeKind.EDITORIAL):
        raise Invalid({"change": "Choose whether the wording changed, or the change is only editorial."})
    latest = StatementVersion.objects.get(statement=statement, version=based_on)
    is_new_direction = toward is not None and statement.level == Level.PERSON
    if latest.text == text and not is_new_direction:
        raise Invalid({"text": "Nothing is different from the current version yet."})
    if is_new_direction and toward is not None:
        _toward_set(actor, statement, toward)
    if latest.text == text:
        statement_refresh(actor, statement)
        return latest
    version = _version_add(
        actor, statement, text=text, reason=reason, took_part=took_part, before=latest, change=change
    )
    for earlier in prompted_by:
        link_create(actor=actor, later=statement.ref, relation=Relation.PROMPTED_BY, earlier=earlier)
    return version


def statement_locked(statement: Statement) -> Statement:
    """The row as it is now, locked until the transaction ends."""
    row = Statement.objects.select_for_update().filter(pk=statement.pk).first()
    if row is None:
        raise NotFound
    return row


def _check(text: str, reason: str) -> None:
    problems = {}
    if not text.strip():
        problems["text"] = "Write the purpose; a first rough sentence is enough to begin with."
    elif len(text) > TEXT_LENGTH:
        problems["text"] = f"Shorten the text to {TEXT_LENGTH:,} characters; a purpose that is remembered is short."
    if len(reason) > REASON_LENGTH:
        problems["reason"] = f"Shorten the reason to {REASON_LENGTH:,} characters."
    if problems:
        raise Invalid(problems)


def _took_part_check(actor: Actor, took_part: Collection[int]) -> None:
    if people_missing(actor, took_part):
        raise Invalid({"took_part": "One of the people named is not here; name people of this organisation."})


def _version_add(
    actor: Actor,
    statement: Statement,
    *,
    text: str,
    reason: str,
    took_part: Collection[int],
    before: StatementVersion | None = None,
    change: ChangeKind = ChangeKind.WORDING,
) -> StatementVersion:
    _took_part_check(actor, took_part)
    is_personal = statement.level == Level.PERSON
    state = VersionState.ADOPTED if is_personal else VersionState.DRAFT
    proposal_id = None
    if before is not None and before.state == VersionState.PROPOSED:
        state, proposal_id = VersionState.PROPOSED, before.proposal_id
    if before is not None and (is_personal or before.state != VersionState.ADOPTED):
        before.state = VersionState.SUPERSEDED
        before.save()
    version = StatementVersion.objects.create(
        org_id=actor.org_id,
        statement=statement,
        version=statement.latest_version + 1,
        text=text,
        reason=reason.strip(),
        author_id=actor.person_id,
        state=state,
        proposal_id=proposal_id,
        adopted_at=now() if is_personal else None,
        created_at=now(),
    )
    TookPart.objects.bulk_create(
        [TookPart(org_id=actor.org_id, version=version, person_id=number) for number in sorted(set(took_part))]
    )
    statement.latest_version = version.version
    if is_personal:
        statement.adopted_version = version.version
        statement.review_on = statement.review_on or next_review(today(actor.time_zone))
    event_record(actor, StatementVersioned(version=version.version), subject=statement.ref)
    if is_personal:
        event_record(actor, StatementAdopted(version=version.version, proposal_id=None), subject=statement.ref)
    if state is VersionState.PROPOSED:
        version_move(
            actor=actor,
            subject=statement.ref,
            version=version.version,
            text=text,
            changes=frozenset({change}),
        )
    statement_refresh(actor, statement)
    return version


def _toward_set(actor: Actor, statement: Statement, toward: Collection[int]) -> None:
    """Point a personal purpose elsewhere; links of those left out go before their rows do."""
    wanted = set(
        Statement.objects.filter(visible_statements(actor), pk__in=toward)
        .exclude(level=Level.PERSON)
        .values_list("pk", flat=True)
    )
    for row in Toward.objects.filter(statement=statement).exclude(above_id__in=wanted):
        above = SubjectRef("purpose.statement", row.above_id)
        link_remove(actor=actor, later=statement.ref, relation=Relation.ADVANCES, earlier=above)
        row.delete()
    for above_id in sorted(wanted):
        Toward.objects.get_or_create(org_id=actor.org_id, statement=statement, above_id=above_id)
