"""Values and policies, and where one lacks the other."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef

from throughline.kernel.actor import Actor
from throughline.kernel.errors import NotFound
from throughline.kernel.ids import SubjectRef
from throughline.purpose.models import Behaviour, Endorsement, Policy, PolicyValue, Value
from throughline.purpose.policies import own_id, visible_open
from throughline.purpose.rules import BehaviourKind


@dataclass(frozen=True, slots=True)
class ValueRow:
    """A value as lists and its page show it."""

    id: int
    name: str
    meaning: str
    version: int
    is_ended: bool
    shows: tuple[str, ...]
    contradicts: tuple[str, ...]
    policies: tuple[tuple[int, str], ...]
    endorsements: int
    is_endorsed: bool

    @property
    def ref(self) -> SubjectRef:
        return SubjectRef("purpose.value", self.id)


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """A policy with the values it puts into practice."""

    id: int
    title: str
    text: str
    reference: str
    version: int
    values: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class PoliciesOverview:
    """Policies beside values: those that belong together, and what stands alone on either side."""

    backed: tuple[PolicyRow, ...]
    without_value: tuple[PolicyRow, ...]
    values_without_policy: tuple[tuple[int, str], ...]


def value_for(actor: Actor, value_id: int) -> Value:
    """A value the actor may read, ended ones included."""
    found = Value.objects.filter(visible_open(actor, "purpose.value"), pk=value_id).first()
    if found is None:
        raise NotFound
    return found


def policy_for(actor: Actor, policy_id: int) -> Policy:
    """A policy the actor may read, ended ones included."""
    found = Policy.objects.filter(visible_open(actor, "purpose.policy"), pk=policy_id).first()
    if found is None:
        raise NotFound
    return found


def value_rows(actor: Actor, *, ids: tuple[int, ...] | None = None) -> tuple[ValueRow, ...]:
    """The values that hold (or those of `ids`, ended ones too), in order; three queries."""
    endorsed = Endorsement.objects.filter(value_id=OuterRef("pk"), person_id=own_id(actor))
    rows = Value.objects.filter(visible_open(actor, "purpose.value"))
    rows = rows.filter(ended_at=None) if ids is None else rows.filter(pk__in=ids)
    values = list(rows.annotate(backers=Count("endorsements"), is_endorsed=Exists(endorsed)).order_by("position", "id"))
    numbers = [value.pk for value in values]
    behaviours: dict[tuple[int, str], list[str]] = {}
    for value_id, kind, text in (
        Behaviour.objects.filter(value_id__in=numbers)
        .order_by("position", "id")
        .values_list("value_id", "kind", "text")
    ):
        behaviours.setdefault((value_id, kind), []).append(text)
    policies: dict[int, list[tuple[int, str]]] = {}
    for value_id, policy_id, title in (
        PolicyValue.objects.filter(value_id__in=numbers, policy__ended_at=None)
        .order_by("policy__title", "policy_id")
        .values_list("value_id", "policy_id", "policy__title")
    ):
        policies.setdefault(value_id, []).append((policy_id, title))
    return tuple(
        ValueRow(
            id=value.pk,
            name=value.name,
            meaning=value.meaning,
            version=value.version,
            is_ended=value.ended_at is not None,
            shows=tuple(behaviours.get((value.pk, BehaviourKind.SHOWS), ())),
            contradicts=tuple(behaviours.get((value.pk, BehaviourKind.CONTRADICTS), ())),
            policies=tuple(policies.get(value.pk, ())),
            endorsements=value.backers,
            is_endorsed=value.is_endorsed,
        )
        for value in values
    )


def policies_overview(actor: Actor) -> PoliciesOverview:
    """Every policy that holds and every value, sorted by whether they meet; three queries."""
    policies = list(Policy.objects.filter(visible_open(actor, "purpose.policy"), ended_at=None).order_by("title", "id"))
    tied: dict[int, list[tuple[int, str]]] = {}
    practised = set()
    for policy_id, value_id, name in (
        PolicyValue.objects.filter(policy__in=policies, value__ended_at=None)
        .order_by("value__position", "value_id")
        .values_list("policy_id", "value_id", "value__name")
    ):
        tied.setdefault(policy_id, []).append((value_id, name))
        practised.add(value_id)
    rows = [
        PolicyRow(
            policy.pk,
            policy.title,
            policy.text,
            policy.reference,
            policy.version,
            tuple(tied.get(policy.pk, ())),
        )
        for policy in policies
    ]
    values = Value.objects.filter(visible_open(actor, "purpose.value"), ended_at=None).order_by("position", "id")
    return PoliciesOverview(
        backed=tuple(row for row in rows if row.values),
        without_value=tuple(row for row in rows if not row.values),
        values_without_policy=tuple((value.pk, value.name) for value in values if value.pk not in practised),
    )


def values_of_policy(actor: Actor, policy: Policy) -> tuple[tuple[int, str], ...]:
    """The living values a policy the actor may read puts into practice."""
    rows = PolicyValue.objects.filter(policy=policy, value__ended_at=None).order_by("value__position", "value_id")
    return tuple(rows.values_list("value_id", "value__name"))
