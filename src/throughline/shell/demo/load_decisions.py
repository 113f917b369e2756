"""Free-standing decisions: opened, spoken to, settled, decided."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from throughline.decisions.rules import Capacity
from throughline.decisions.selectors.owing import objections_owed
from throughline.decisions.services import (
    RejectedOption,
    Signatory,
    decision_open,
    objection_integrate,
    objection_stand,
    position_take,
    proposal_decide,
)
from throughline.shell.demo.stage import Script, Stage
from throughline.shell.demo.story.decisions import DECISIONS, StoryDecision, StoryObjection

if TYPE_CHECKING:
    from throughline.decisions.models import Objection, Proposal
    from throughline.kernel.actor import Actor


def decisions_script(stage: Stage, script: Script) -> None:
    """Every decision, at its days."""
    for decision in DECISIONS:
        script.add(decision.opened_days, 9, partial(_open, stage, decision))
        script.add(decision.opened_days, 15, partial(_speak, stage, decision))
        if decision.outcome:
            script.add(decision.decided_days, 10, partial(_settle, stage, decision))
            script.add(decision.decided_days, 11, partial(_decide, stage, decision))


def _open(stage: Stage, story: StoryDecision) -> None:
    closes = story.closes_in_days
    asked = [Signatory(stage.person_id(key), Capacity.MEMBER) for key in story.asked]
    stage.proposals[story.key] = decision_open(
        actor=stage.actor(story.by),
        title=story.title,
        text=story.text,
        method="consent",
        signatories=asked,
        serves=stage.refs[story.serves],
        options=[*story.options, *(text for text, _ in story.rejected)],
        closes_on=stage.calendar.day(closes) if closes is not None else None,
        prompted_by=[stage.refs[f"theme:{key}"] for key in story.prompted],
    )


def _speak(stage: Stage, story: StoryDecision) -> None:
    reservations = dict(story.reservations)
    objections = {entry.person: entry for entry in story.objections}
    for key in story.asked:
        if key in story.silent:
            continue
        objection = objections.get(key)
        stance = "object" if objection else "abstain" if key in story.abstains else "agree"
        position_take(
            actor=stage.actor(key),
            proposal=stage.proposals[story.key],
            stance="agree_with_reservation" if key in reservations else stance,
            version=1,
            reason=objection.reason if objection else reservations.get(key, ""),
            quote=objection.quote if objection else "",
        )


def open_objection(steward: Actor, proposal: Proposal, person_id: int) -> Objection:
    """The open objection that somebody raised to a proposal, for whoever must answer it."""
    return next(
        row for row in objections_owed(steward) if row.proposal_id == proposal.pk and row.person_id == person_id
    )


def _settle(stage: Stage, story: StoryDecision) -> None:
    for entry in story.objections:
        _settle_one(stage, story, entry)


def _settle_one(stage: Stage, story: StoryDecision, entry: StoryObjection) -> None:
    steward = stage.actor(story.by)
    objection = open_objection(steward, stage.proposals[story.key], stage.person_id(entry.person))
    settle = objection_stand if entry.state == "standing" else objection_integrate
    settle(actor=steward, objection=objection, note=entry.answer)


def _decide(stage: Stage, story: StoryDecision) -> None:
    proposal_decide(
        actor=stage.actor(story.by),
        proposal=stage.proposals[story.key],
        outcome=story.outcome,
        reason=story.reason,
        rejected_options=[RejectedOption(text, reason) for text, reason in story.rejected],
    )
