"""How other apps show purposes, values, policies and suggestions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db.models import F, QuerySet
from django.urls import reverse

from throughline.kernel.actor import Actor
from throughline.kernel.errors import NotFound
from throughline.kernel.ids import SubjectRef
from throughline.ledger.subjects import ChangeKind, Station, SubjectCard, SubjectType, subject_register
from throughline.purpose.models import Policy, Statement, StatementVersion, Suggestion, Value
from throughline.purpose.policies import visible_open, visible_statements
from throughline.purpose.selectors.statements import statements_visible_to, whose


class StatementSubject(SubjectType):
    """Purposes."""

    kind = "purpose.statement"
    label = "Purpose"
    label_plural = "Purposes"

    def cards(self, actor: Actor, ids: Collection[int]) -> Mapping[int, SubjectCard]:
        base = reverse("purpose:overview", args=[actor.org_slug])
        return {
            row.pk: SubjectCard(
                ref=row.ref,
                kind_label=self.label,
                title=row.headline,
                url=f"{base}{row.pk}/",
                meta=whose(row),
                state="good" if row.adopted_version is not None else "wait",
                state_label="Adopted" if row.adopted_version is not None else "Draft",
            )
            for row in statements_visible_to(actor).filter(pk__in=ids)
        }

    def stations(self, actor: Actor, subject_id: int) -> Sequence[Station]:
        version = StatementVersion.objects.filter(
            statement_id=subject_id, version=F("statement__adopted_version")
        ).first()
        if version is None or version.adopted_at is None or version.proposal_id is None:
            return ()
        return (Station("Adopted", f"Version {version.version}", note=f"{version.adopted_at:%-d %B %Y}"),)

    def shaping_ids(self, ids: Collection[int]) -> frozenset[int]:
        rows = Statement.objects.filter(pk__in=ids, adopted_version__isnull=False)
        return frozenset(rows.values_list("pk", flat=True))

    def visible_ids(self, actor: Actor) -> QuerySet[Any]:
        """For decisions about purposes, which follow who may read them."""
        return Statement.objects.filter(visible_statements(actor)).values("pk")

    def text_of(self, actor: Actor, subject_id: int, version: int) -> str:
        visible = Statement.objects.filter(visible_statements(actor), pk=subject_id)
        rows = StatementVersion.objects.filter(statement__in=visible, version=version)
        text = rows.values_list("text", flat=True).first()
        if text is None:
            raise NotFound
        return text

    def changed_fields(self, actor: Actor, subject_id: int, old: int, new: int) -> frozenset[ChangeKind]:
        is_same = self.text_of(actor, subject_id, old) == self.text_of(actor, subject_id, new)
        return frozenset() if is_same else frozenset({ChangeKind.WORDING})


class ValueSubject(SubjectType):
    """Values."""

    kind = "purpose.value"
    label = "Value"
    label_plural = "Values"

    def cards(self, actor: Actor, ids: Collection[int]) -> Mapping[int, SubjectCard]:
        base = reverse("purpose:values", args=[actor.org_slug])
        rows = Value.objects.filter(visible_open(actor, self.kind), pk__in=ids)
        return {
            row.pk: SubjectCard(
                SubjectRef(self.kind, row.pk),
                self.label,
                row.name,
                f"{base}{row.pk}/",
                meta="ended" if row.ended_at is not None else "",
            )
            for row in rows
        }

    def shaping_ids(self, ids: Collection[int]) -> frozenset[int]:
        return frozenset(Value.objects.filter(pk__in=ids, ended_at=None).values_list("pk", flat=True))

    def visible_ids(self, actor: Actor) -> QuerySet[Any]:
        """For decisions about values."""
        return Value.objects.filter(visible_open(actor, self.kind)).values("pk")


class PolicySubject(SubjectType):
    """Policies."""

    kind = "purpose.policy"
    label = "Policy"
    label_plural = "Policies"

    def cards(self, actor: Actor, ids: Collection[int]) -> Mapping[int, SubjectCard]:
        base = reverse("purpose:policies", args=[actor.org_slug])
        rows = Policy.objects.filter(visible_open(actor, self.kind), pk__in=ids)
        return {
            row.pk: SubjectCard(
                SubjectRef(self.kind, row.pk),
                self.label,
                row.title,
                f"{base}{row.pk}/",
                meta="ended" if row.ended_at is not None else row.reference,
            )
            for row in rows
        }

    def shaping_ids(self, ids: Collection[int]) -> frozenset[int]:
        return frozenset(Policy.objects.filter(pk__in=ids, ended_at=None).values_list("pk", flat=True))

    def visible_ids(self, actor: Actor) -> QuerySet[Any]:
        """For decisions about policies."""
        return Policy.objects.filter(visible_open(actor, self.kind)).values("pk")


class SuggestionSubject(SubjectType):
    """What members contributed to a purpose."""

    kind = "purpose.suggestion"
    label = "Suggestion"
    label_plural = "Suggestions"

    def cards(self, actor: Actor, ids: Collection[int]) -> Mapping[int, SubjectCard]:
        if not actor.is_member:
            return {}
        base = reverse("purpose:overview", args=[actor.org_slug])
        return {
            row.pk: SubjectCard(
                SubjectRef(self.kind, row.pk),
                self.label,
                str(row),
                f"{base}{row.statement_id}/#suggestion-{row.pk}",
                meta=row.person.name,
            )
            for row in Suggestion.objects.filter(pk__in=ids).select_related("person")
        }


for _subject in (StatementSubject(), ValueSubject(), PolicySubject(), SuggestionSubject()):
    subject_register(_subject)
