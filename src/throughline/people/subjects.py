"""How other apps show a person, a unit and a stakeholder."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.urls import reverse

from throughline.kernel.actor import Actor
from throughline.kernel.clock import today
from throughline.kernel.ids import SubjectRef
from throughline.ledger.subjects import SubjectCard, SubjectType, subject_register
from throughline.people.models import Person, Stakeholder, Unit
from throughline.people.policies import visible_people, visible_stakeholders, visible_units
from throughline.people.rules import STAKEHOLDER_KINDS


class PersonSubject(SubjectType):
    """A person."""

    kind = "people.person"
    label = "Person"
    label_plural = "People"

    def cards(self, actor: Actor, ids: Collection[int]) -> Mapping[int, SubjectCard]:
        """Name, title and whether they have left; one query."""
        day = today(actor.time_zone)
        people = Person.objects.filter(visible_people(actor), pk__in=ids)
        cards = {}
        for person in people:
            has_left = person.left_on is not None and person.left_on < day
            cards[person.pk] = SubjectCard(
                ref=SubjectRef(self.kind, person.pk),
                kind_label="guest" if person.is_guest else self.label,
                title=person.name,
                url=reverse("people:person", args=[actor.org_slug, person.pk]),
                meta=", ".join(part for part in (person.title, person.location) if part),
                state="wait" if has_left else "",
                state_label="has left" if has_left else "",
            )
        return cards


class UnitSubject(SubjectType):
    """A unit."""

    kind = "people.unit"
    label = "Unit"
    label_plural = "Units"

    def cards(self, actor: Actor, ids: Collection[int]) -> Mapping[int, SubjectCard]:
        """Name, the unit above, and whether it has ended; one query."""
        return {
            unit.pk: SubjectCard(
                ref=SubjectRef(self.kind, unit.pk),
                kind_label=self.label,
                title=unit.name,
                url=reverse("people:unit", args=[actor.org_slug, unit.pk]),
                meta=f"in {unit.parent.name}" if unit.parent is not None and actor.is_member else unit.function,
                state="wait" if unit.ended_on is not None else "",
                state_label="ended" if unit.ended_on is not None else "",
            )
            for unit in Unit.objects.filter(visible_units(actor), pk__in=ids).select_related("parent")
        }


class StakeholderSubject(SubjectType):
    """A stakeholder."""

    kind = "people.stakeholder"
    label = "Stakeholder"
    label_plural = "Stakeholders"

    def cards(self, actor: Actor, ids: Collection[int]) -> Mapping[int, SubjectCard]:
        """Name, kind and what they represent; one query."""
        return {
            row.pk: SubjectCard(
                ref=SubjectRef(self.kind, row.pk),
                kind_label=STAKEHOLDER_KINDS.get(row.kind, self.label).lower(),
                title=row.name,
                url=reverse("people:stakeholder", args=[actor.org_slug, row.pk]),
                meta=row.represents,
                state="wait" if row.ended_on is not None else "",
                state_label="ended" if row.ended_on is not None else "",
            )
            for row in Stakeholder.objects.filter(visible_stakeholders(actor), pk__in=ids)
        }


subject_register(PersonSubject())
subject_register(UnitSubject())
subject_register(StakeholderSubject())
