"""Who may open which page of decisions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.architecture.route_table import MEMBERS_ONLY, RouteRow, allowed, expecting
from tests.worlds import World, as_actor
from throughline.decisions.models import Objection, Proposal
from throughline.decisions.rules import Capacity
from throughline.decisions.services import Signatory, decision_open, position_take

STRANGERS = {"anonymous": 302, "stranger": 404, "guest": 403}


def _proposal(world: World) -> Proposal:
    """Ben proposes; Mia and Gus are asked."""
    found = Proposal.objects.filter(title="Where we keep notes").first()
    if found is not None:
        return found
    return decision_open(
        actor=as_actor(world.ben),
        title="Where we keep notes",
        text="We keep notes in one shared place.",
        method="consent",
        signatories=[Signatory(world.mia.pk, Capacity.MEMBER), Signatory(world.gus.pk, Capacity.STAKEHOLDER)],
    )


def _one(world: World) -> Mapping[str, Any]:
    return {"proposal_id": _proposal(world).pk}


def _objection(world: World) -> Mapping[str, Any]:
    proposal = _proposal(world)
    found = Objection.objects.filter(proposal=proposal, state="open").first()
    if found is None:
        position_take(actor=as_actor(world.mia), proposal=proposal, stance="object", version=1, reason="No.")
        found = Objection.objects.get(proposal=proposal, state="open")
    return {"proposal_id": proposal.pk, "objection_id": found.pk, "action": "integrate"}


def _heard(world: World) -> Mapping[str, Any]:
    proposal = _proposal(world)
    for person in (world.mia, world.gus):
        position_take(actor=as_actor(person), proposal=proposal, stance="agree", version=proposal.version)
    return {"proposal_id": proposal.pk}


GUEST_TOO = expecting(MEMBERS_ONLY, guest=200)
# Ben opened it; nobody else stewards it.
BEN_ONLY = expecting(MEMBERS_ONLY, elsewhere=403, team_lead=403, leader=403, facilitator=403, administrator=403)
ASKED_ONLY = expecting(
    MEMBERS_ONLY,
    guest=302,
    member=403,
    elsewhere=302,
    team_lead=403,
    leader=403,
    facilitator=403,
    administrator=403,
)

ROUTES: list[RouteRow] = [
    RouteRow("decisions:log", MEMBERS_ONLY),
    RouteRow("decisions:export", MEMBERS_ONLY, kwargs=lambda world: {"form": "csv"}),
    RouteRow("decisions:new", MEMBERS_ONLY),
    RouteRow(
        "decisions:new",
        allowed(MEMBERS_ONLY, 302),
        method="post",
        data=lambda world: {"title": "T", "text": "Words.", "method": "consent", "asked": "Mia Mbeki"},
    ),
    RouteRow("decisions:proposal", GUEST_TOO, kwargs=_one, note="Gus is asked, so he may open it"),
    RouteRow("decisions:version", GUEST_TOO, kwargs=lambda world: {**_one(world), "version": 1}),
    RouteRow(
        "decisions:position",
        ASKED_ONLY,
        kwargs=_one,
        method="post",
        data=lambda world: {"version": 1, "stance": "agree"},
        note="only Mia and Gus are asked",
    ),
    RouteRow("decisions:revise", BEN_ONLY, kwargs=_one),
    RouteRow("decisions:decide", BEN_ONLY, kwargs=_heard),
    RouteRow("decisions:withdraw", allowed(BEN_ONLY, 302), kwargs=_one, method="post"),
    RouteRow(
        "decisions:contest",
        expecting(
            MEMBERS_ONLY,
            guest=409,
            member=403,
            elsewhere=409,
            team_lead=403,
            leader=403,
            facilitator=403,
            administrator=403,
        ),
        kwargs=_one,
        method="post",
        data=lambda world: {"note": "It changes more."},
        note="those asked may, but there is no editorial change to contest: 409",
    ),
    RouteRow(
        "decisions:objection",
        allowed(BEN_ONLY, 302),
        kwargs=_objection,
        method="post",
        data=lambda world: {"note": "Taken up."},
        note="a guest who is asked reaches it, and is refused by the policy",
    ),
]
