"""Writing a planned batch: at most 5,000 rows a transaction, one event each, managers before their reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import TypeVar

from django.db import transaction

from throughline.kernel.actor import Actor
from throughline.kernel.clock import today
from throughline.kernel.ids import SubjectRef
from throughline.ledger.services import event_record, search_index_bulk
from throughline.people.events import PeopleBatchSaved, UnitBatchSaved
from throughline.people.models import Person, Unit, UnitMembership
from throughline.people.rules import found_by
from throughline.people.rules.matching import PersonKey
from throughline.people.rules.person_plans import PersonPlan
from throughline.people.rules.planning import BatchPlan
from throughline.people.rules.present import PersonNow
from throughline.people.rules.unit_places import NewUnit, UnitKey
from throughline.people.services.accounts import accounts_follow
from throughline.people.services.persons import person_body, person_ref
from throughline.people.services.units import unit_ref

MOST_ROWS = 5000
ItemT = TypeVar("ItemT")
Progress = Callable[[int, int], None]
_PERSON_FIELDS = (
    "name", "email", "external_id", "title", "location", "manager", "started_on", "left_on", "words",
    "version",
)  # fmt: skip


def chunks_of(items: Sequence[ItemT], size: int = MOST_ROWS) -> Iterator[Sequence[ItemT]]:
    """The items in order, `size` at a time."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


@dataclass(slots=True)
class BatchWriter:
    """Writes one plan. `saved` counts people written so far; it stays true when a later batch fails."""

    actor: Actor
    plan: BatchPlan
    on: date
    context: SubjectRef | None = None
    progress: Progress | None = None
    saved: int = 0
    person_ids: dict[PersonKey, int] = field(default_factory=dict)
    unit_ids: dict[UnitKey, int] = field(default_factory=dict)

    def write(self) -> None:
        """Everything, in an order in which each batch stands on its own."""
        self._units()
        self._free_emails()
        for _, level in groupby(self._levels(), key=lambda pair: pair[0]):
            for batch in chunks_of([plan for _, plan in level]):
                with transaction.atomic():
                    self._add(batch)
                self._tell(len(batch))
        for batch in chunks_of(self.plan.changed):
            with transaction.atomic():
                self._change(batch)
            self._tell(len(batch))
        for leavers in chunks_of(self.plan.leavers):
            with transaction.atomic():
                self._end(leavers)
            self._tell(len(leavers))

    def _tell(self, count: int) -> None:
        self.saved += count
        if self.progress is not None:
            self.progress(self.saved, len(self.plan.added) + len(self.plan.changed) + len(self.plan.leavers))

    def _levels(self) -> Iterator[tuple[int, PersonPlan]]:
        """New people with a number that rises whenever a manager may be among those already given."""
        number, since = 0, set[PersonKey]()
        for plan in self.plan.added:
            if plan.manager in since or len(since) >= MOST_ROWS:
                number, since = number + 1, set()
            since.add(plan.key)
            yield number, plan

    def _units(self) -> None:
        by_depth = sorted(self.plan.places.new, key=lambda unit: unit.depth)
        paths: dict[int, str] = {}
        for _, level in groupby(by_depth, key=lambda unit: unit.depth):
            for batch in chunks_of(list(level)):
                with transaction.atomic():
                    self._add_units(batch, paths)

    def _add_units(self, batch: Sequence[NewUnit], paths: dict[int, str]) -> None:
        rows = []
        for new in batch:
            parent_id = None if new.parent is None else self.unit_ids.get(new.parent, new.parent)
            rows.append(Unit(org_id=self.actor.org_id, parent_id=parent_id, name=new.name, depth=new.depth, path=""))
        above = {row.parent_id for row in rows if row.parent_id is not None} - paths.keys()
        paths.update(Unit.objects.filter(pk__in=above).values_list("pk", "path"))
        Unit.objects.bulk_create(rows)
        for new, row in zip(batch, rows, strict=True):
            row.path = str(row.pk) if row.parent_id is None else f"{paths[row.parent_id]}.{row.pk}"
            paths[row.pk] = row.path
            self.unit_ids[new.key] = row.pk
        Unit.objects.bulk_update(rows, ["path"], batch_size=200)
        search_index_bulk(actor=self.actor, entries=[(unit_ref(row.pk), row.name, "") for row in rows])
        event = UnitBatchSaved(first_unit_id=rows[0].pk, last_unit_id=rows[-1].pk, created=len(rows))
        event_record(self.actor, event, subject=unit_ref(rows[0].pk), context=self.context)

    def _free_emails(self) -> None:
        """Addresses that pass from one person to another in the same file would be taken twice for a moment."""
        for batch in chunks_of(self.plan.freed_emails, 500):
            Person.objects.filter(pk__in=batch).update(email="")

    def _row(self, plan: PersonPlan) -> Person:
        manager_id = None if plan.manager is None else self.person_ids.get(plan.manager, plan.manager)
        return Person(
            pk=plan.now.id if plan.now is not None else None,
            org_id=self.actor.org_id,
            name=plan.name,
            email=plan.email,
            external_id=plan.external_id,
            title=plan.title,
            location=plan.location,
            manager_id=manager_id,
            started_on=plan.started_on,
            left_on=plan.left_on,
            words=found_by(name=plan.name, title=plan.title, email=plan.email, external_id=plan.external_id),
            version=plan.now.version + 1 if plan.now is not None else 1,
        )

    def _add(self, batch: Sequence[PersonPlan]) -> None:
        rows = [self._row(plan) for plan in batch]
        Person.objects.bulk_create(rows)
        self.person_ids.update({plan.key: row.pk for plan, row in zip(batch, rows, strict=True)})
        self._memberships(batch, [row.pk for row in rows])
        self._index(rows)
        self._event(rows[0].pk, rows[-1].pk, added=len(rows))

    def _change(self, batch: Sequence[PersonPlan]) -> None:
        own = [plan for plan in batch if plan.now is not None and _has_own_changes(plan, plan.now)]
        rows = [self._row(plan) for plan in own]
        Person.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["id"], update_fields=list(_PERSON_FIELDS)
        )
        self._memberships(batch, [plan.key for plan in batch])
        self._index(rows)
        self._accounts(own)
        self._event(batch[0].key, batch[-1].key, changed=len(batch))

    def _accounts(self, plans: Sequence[PersonPlan]) -> None:
        day = today(self.actor.time_zone)
        gone = [p.key for p in plans if p.left_on is not None and p.left_on <= day]
        back = [p.key for p in plans if p.left_on is None and p.now is not None and p.now.left_on is not None]
        for part in chunks_of(gone, 500):
            accounts_follow(actor=self.actor, person_ids=part, is_open=False)
        for part in chunks_of(back, 500):
            accounts_follow(actor=self.actor, person_ids=part, is_open=True)

    def _end(self, leavers: Sequence[PersonNow]) -> None:
        ids = [person.id for person in leavers]
        for part in chunks_of(ids, 500):
            Person.objects.filter(pk__in=part, started_on__gt=self.on).update(started_on=self.on)
            Person.objects.filter(pk__in=part).update(left_on=self.on)
            later = UnitMembership.objects.filter(person_id__in=part)
            later.filter(starts_on__gt=self.on).delete()
            later.filter(ends_on__isnull=True).update(ends_on=self.on)
            later.filter(ends_on__gt=self.on).update(ends_on=self.on)
            accounts_follow(actor=self.actor, person_ids=part, is_open=False)
        self._event(ids[0], ids[-1], ended=len(ids))

    def _memberships(self, batch: Sequence[PersonPlan], person_ids: Sequence[int]) -> None:
        starts: list[UnitMembership] = []
        ends: dict[date, list[int]] = {}
        for plan, person_id in zip(batch, person_ids, strict=True):
            for membership_id, day in plan.membership.ends:
                ends.setdefault(day, []).append(membership_id)
            for membership_id, unit, is_lead, ends_on in plan.membership.changes:
                UnitMembership.objects.filter(pk=membership_id).update(
                    unit_id=self.unit_ids.get(unit, unit), is_lead=is_lead, ends_on=ends_on
                )
            if plan.membership.starts is not None:
                unit, is_lead, starts_on, ends_on = plan.membership.starts
                starts.append(
                    UnitMembership(
                        org_id=self.actor.org_id,
                        person_id=person_id,
                        unit_id=self.unit_ids.get(unit, unit),
                        is_lead=is_lead,
                        starts_on=starts_on,
                        ends_on=ends_on,
                        is_imported=True,
                    )
                )
        for day, ids in ends.items():
            for part in chunks_of(ids, 500):
                UnitMembership.objects.filter(pk__in=part).update(ends_on=day)
        UnitMembership.objects.bulk_create(starts)

    def _index(self, rows: Sequence[Person]) -> None:
        search_index_bulk(
            actor=self.actor,
            entries=[(person_ref(row.pk), row.name, person_body(row.title, row.location)) for row in rows],
        )

    def _event(self, first: int, last: int, *, added: int = 0, changed: int = 0, ended: int = 0) -> None:
        event = PeopleBatchSaved(first_person_id=first, last_person_id=last, added=added, changed=changed, ended=ended)
        event_record(self.actor, event, subject=person_ref(first), context=self.context)


def _has_own_changes(plan: PersonPlan, now: PersonNow) -> bool:
    """Whether the person's own row changes, not only where they belong."""
    after = (
        plan.external_id,
        plan.email,
        plan.name,
        plan.title,
        plan.location,
        plan.manager,
        plan.started_on,
        plan.left_on,
    )
    before = (
        now.external_id, now.email.lower(), now.name, now.title, now.location, now.manager_id,
        now.started_on, now.left_on,
    )  # fmt: skip
    return after != before
