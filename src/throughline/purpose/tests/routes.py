"""Who may open which page of purpose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.architecture.route_table import MEMBERS_ONLY, RouteRow, allowed, expecting
from tests.worlds import World, as_actor
from throughline.purpose import services
from throughline.purpose.models import Policy, Statement, Suggestion, Value

# Leaders, facilitators and administrators keep the organisation's purpose, the values and the policies.
KEEPERS = expecting(MEMBERS_ONLY, member=403, elsewhere=403, team_lead=403)


def organisation_purpose(world: World) -> Statement:
    """A draft of the organisation's purpose by Lea."""
    found = Statement.objects.filter(level="organisation").first()
    if found is not None:
        return found
    return services.statement_start(
        actor=as_actor(world.lea), level="organisation", text="We make care calm. Nobody waits alone."
    )


def _one(world: World) -> Mapping[str, Any]:
    return {"statement_id": organisation_purpose(world).pk}


def _adopted(world: World) -> Mapping[str, Any]:
    statement = organisation_purpose(world)
    if statement.adopted_version is None:
        version = services.statement_propose(
            actor=as_actor(world.lea), statement=statement, version=1, asked=[world.ben.pk]
        )
        services.statement_adopt(
            actor=as_actor(world.lea), statement_id=statement.pk, proposal_id=version.proposal_id or 0
        )
    return {"statement_id": statement.pk}


def _suggestion(world: World) -> Mapping[str, Any]:
    statement = organisation_purpose(world)
    found = Suggestion.objects.first() or services.suggestion_add(
        actor=as_actor(world.ben), statement=statement, text="Say whom we mean."
    )
    return {"statement_id": statement.pk, "suggestion_id": found.pk}


def _value(world: World) -> Mapping[str, Any]:
    found = Value.objects.first() or services.value_create(actor=as_actor(world.lea), name="Candour")
    return {"value_id": found.pk}


def _policy(world: World) -> Mapping[str, Any]:
    found = Policy.objects.first() or services.policy_create(
        actor=as_actor(world.lea), title="Open books", text="Everyone reads the numbers."
    )
    return {"policy_id": found.pk}


ROUTES: list[RouteRow] = [
    RouteRow("purpose:overview", MEMBERS_ONLY),
    RouteRow("purpose:start", KEEPERS),
    RouteRow(
        "purpose:start_unit",
        expecting(MEMBERS_ONLY, member=403, elsewhere=403),
        kwargs=lambda world: {"unit_id": world.platform.pk},
        note="Tom leads the unit",
    ),
    RouteRow("purpose:mine", MEMBERS_ONLY),
    RouteRow(
        "purpose:share",
        expecting(dict.fromkeys(MEMBERS_ONLY, 404), anonymous=302, guest=403),
        method="post",
        data=lambda world: {"who": "private"},
        note="nobody here has written a purpose of their own",
    ),
    RouteRow("purpose:values", MEMBERS_ONLY),
    RouteRow("purpose:value", MEMBERS_ONLY, kwargs=_value),
    RouteRow("purpose:value_new", KEEPERS),
    RouteRow("purpose:value_edit", KEEPERS, kwargs=_value),
    RouteRow("purpose:value_end", allowed(KEEPERS, 302), kwargs=_value, method="post"),
    RouteRow("purpose:value_endorse", allowed(MEMBERS_ONLY, 302), kwargs=_value, method="post"),
    RouteRow("purpose:policies", MEMBERS_ONLY),
    RouteRow("purpose:policy", MEMBERS_ONLY, kwargs=_policy),
    RouteRow("purpose:policy_new", KEEPERS),
    RouteRow("purpose:policy_edit", KEEPERS, kwargs=_policy),
    RouteRow("purpose:policy_end", allowed(KEEPERS, 302), kwargs=_policy, method="post"),
    RouteRow(
        "purpose:statement",
        expecting(MEMBERS_ONLY, guest=404),
        kwargs=_one,
        note="guests may open what was shared; this was not",
    ),
    RouteRow("purpose:edit", KEEPERS, kwargs=_one),
    RouteRow("purpose:propose", KEEPERS, kwargs=_one),
    RouteRow(
        "purpose:suggest",
        allowed(MEMBERS_ONLY, 302),
        kwargs=_one,
        method="post",
        data=lambda world: {"text": "Say whom we mean."},
    ),
    RouteRow(
        "purpose:fate",
        allowed(KEEPERS, 302),
        kwargs=_suggestion,
        method="post",
        data=lambda world: {"fate": "answered", "reason": "We mean patients."},
    ),
    RouteRow("purpose:endorse", allowed(MEMBERS_ONLY, 302), kwargs=_adopted, method="post"),
    RouteRow("purpose:review", KEEPERS, kwargs=_adopted),
    RouteRow(
        "purpose:review_date",
        allowed(KEEPERS, 302),
        kwargs=_one,
        method="post",
        data=lambda world: {"review_on": ""},
    ),
]
