"""What of decisions waits for a person: positions to take, objections to answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.urls import reverse

from throughline.decisions.methods import METHODS
from throughline.decisions.models import Proposal
from throughline.decisions.selectors.owing import objections_owed, positions_owed
from throughline.kernel.actor import Actor
from throughline.kernel.clock import today
from throughline.notify.waiting import WaitingItem, waiting_register


def waiting_decisions(actor: Actor) -> Sequence[WaitingItem]:
    """Two queries."""
    day = today(actor.time_zone)
    items = []
    for proposal in positions_owed(actor):
        state, label = _due(proposal.closes_on, day)
        items.append(
            WaitingItem(
                key=f"decisions.position:{proposal.pk}",
                title=proposal.title,
                url=reverse("decisions:proposal", args=[actor.org_slug, proposal.pk]),
                state=state,
                state_label=label,
                meta=_ask(proposal),
                due_on=proposal.closes_on,
                subject=proposal.ref,
            )
        )
    items.extend(
        WaitingItem(
            key=f"decisions.objection:{objection.pk}",
            title=objection.proposal.title,
            url=reverse("decisions:proposal", args=[actor.org_slug, objection.proposal_id])
            + f"#objection-{objection.pk}",
            state="warn",
            state_label="Objection to answer",
            meta=f"{objection.person.name} objects",
            subject=objection.proposal.ref,
        )
        for objection in objections_owed(actor)
    )
    return items


def _ask(proposal: Proposal) -> str:
    if METHODS[proposal.method].is_self_completing:
        return f"Your signature on version {proposal.version} is asked"
    return f"Your position on version {proposal.version} is asked"


def _due(closes_on: date | None, day: date) -> tuple[str, str]:
    if closes_on is None:
        return "wait", "Asked of you"
    if closes_on < day:
        return "bad", "Past its closing day"
    if closes_on == day:
        return "warn", "Closes today"
    return "wait", f"Closes {closes_on:%-d %B}"


waiting_register("decisions.asked", waiting_decisions)
