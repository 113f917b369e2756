"""Purpose with its versions and adoptions, values, policies, personal purposes, endorsements, suggestions."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from throughline.decisions.selectors.owing import objections_owed
from throughline.decisions.selectors.pages import proposal_for
from throughline.decisions.services import objection_stand, position_take, proposal_decide
from throughline.kernel.actor import Role
from throughline.purpose.services import (
    policy_create,
    review_date_set,
    statement_endorse,
    statement_propose,
    statement_share,
    statement_start,
    statement_write,
    suggestion_add,
    suggestion_answer,
    suggestion_take_up,
    value_create,
    value_endorse,
)
from throughline.shell.demo.stage import Script, Stage
from throughline.shell.demo.story.people import LEAD_OF
from throughline.shell.demo.story.purpose import (
    ENDORSEMENTS,
    ORGANISATION_VERSIONS,
    PERSONAL_PURPOSES,
    POLICIES,
    REVIEW_IN_DAYS,
    STANDING_OBJECTION,
    SUGGESTIONS,
    UNIT_PURPOSES,
    VALUES,
    StoryPolicy,
    StorySuggestion,
    StoryVersion,
)

if TYPE_CHECKING:
    from throughline.purpose.models import Statement

STATEMENT = "statement"
AUTHOR = "amara"
# Who is asked for consent to the organisation's purpose.
ASKED = ("amara", "renske", "tobias", "margit", "joana", "viktor", "lucas", "wanjiru", "mira", "desmond")
_THEMES_BEHIND = ("bedside", "honest")
_VALUES_BY = {"care": "margit", "early": "viktor", "safer": "stefan", "together": "grace", "plain": "paulo"}


def purpose_script(stage: Stage, script: Script) -> None:
    """Everything about purpose, at its days."""
    for number, version in enumerate(ORGANISATION_VERSIONS):
        is_last = number == len(ORGANISATION_VERSIONS) - 1
        script.add(-version.days_ago - 7, 9, partial(_write, stage, version, number))
        script.add(-version.days_ago - 6, 9, partial(_propose, stage, version))
        script.add(-version.days_ago - 2, 15, partial(_consent, stage, is_last))
        script.add(-version.days_ago, 11, partial(_adopt, stage, version, is_last), settles=True)
    script.add(-870, 10, partial(_values, stage))
    for policy in POLICIES:
        days = {"rounds": -74, "pairs": -610, "laptops": -730}.get(policy.key, -860)
        script.add(days, 14, partial(_policy, stage, policy))
    for place, (unit, text) in enumerate(UNIT_PURPOSES):
        is_last = place == len(UNIT_PURPOSES) - 1
        script.add(-480 + 3 * place, 9, partial(_unit_draft, stage, unit, text))
        script.add(-479 + 3 * place, 9, partial(_unit_adopt, stage, unit), settles=is_last)
    for place, (person, text, is_shared) in enumerate(PERSONAL_PURPOSES):
        script.add(-110 + 5 * place, 17, partial(_personal, stage, person, text, is_shared=is_shared))
    for place, key in enumerate(ENDORSEMENTS):
        script.add(-117 + 3 * place, 12, partial(_endorse, stage, key))
    for place, (value, key) in enumerate(_VALUES_BY.items()):
        script.add(-300 + 20 * place, 12, partial(_endorse_value, stage, value, key))
    for suggestion in SUGGESTIONS:
        _suggestion_script(stage, script, suggestion)
    script.add(-117, 16, partial(_review_date, stage))


def _write(stage: Stage, version: StoryVersion, number: int) -> None:
    actor = stage.actor(AUTHOR)
    took_part = [stage.person_id(key) for key in ("renske", "margit", "noor")]
    if number == 0:
        stage.statements[STATEMENT] = statement_start(
            actor=actor, level="organisation", text=version.text, reason=version.reason, took_part=took_part
        )
        stage.refs[STATEMENT] = stage.statements[STATEMENT].ref
        return
    statement = stage.statements[STATEMENT]
    behind = [stage.refs[f"theme:{key}"] for key in _THEMES_BEHIND if f"theme:{key}" in stage.refs]
    statement_write(
        actor=actor,
        statement=statement,
        text=version.text,
        based_on=number,
        reason=version.reason,
        took_part=took_part,
        prompted_by=behind,
    )


def _propose(stage: Stage, version: StoryVersion) -> None:
    number = ORGANISATION_VERSIONS.index(version) + 1
    draft = statement_propose(
        actor=stage.actor(AUTHOR),
        statement=stage.statements[STATEMENT],
        version=number,
        asked=[stage.person_id(key) for key in ASKED],
        title="Adopt our purpose" if number == 1 else f"Adopt our purpose, version {number}",
        options=("Keep the present version",) if number > 1 else (),
    )
    stage.proposals[STATEMENT] = proposal_for(stage.system, draft.proposal_id or 0)


def _consent(stage: Stage, is_last: bool) -> None:
    proposal = stage.proposals[STATEMENT]
    objector, objection, answer = STANDING_OBJECTION
    for key in ASKED:
        is_objecting = is_last and key == objector
        position_take(
            actor=stage.actor(key),
            proposal=proposal,
            stance="object" if is_objecting else "agree",
            version=proposal.version,
            reason=objection if is_objecting else "",
        )
    if is_last:
        author = stage.actor(AUTHOR)
        open_now = [row for row in objections_owed(author) if row.proposal_id == proposal.pk]
        objection_stand(actor=author, objection=open_now[0], note=answer)


def _adopt(stage: Stage, version: StoryVersion, is_last: bool) -> None:
    reason = (
        "Everyone asked has spoken. The objection about cost was weighed and stands on record beside the purpose."
        if is_last
        else version.reason
    )
    proposal_decide(actor=stage.actor(AUTHOR), proposal=stage.proposals[STATEMENT], outcome="adopted", reason=reason)


def _review_date(stage: Stage) -> None:
    statement = stage.statements[STATEMENT]
    review_date_set(actor=stage.actor(AUTHOR), statement=statement, review_on=stage.calendar.day(REVIEW_IN_DAYS))


def _values(stage: Stage) -> None:
    for value in VALUES:
        made = value_create(
            actor=stage.actor(AUTHOR),
            name=value.title,
            meaning=value.text,
            shows=value.behaviours,
            contradicts=value.contradicts,
        )
        stage.refs[f"value:{value.key}"] = made.ref
        stage.values[value.key] = made


def _policy(stage: Stage, policy: StoryPolicy) -> None:
    value_ids = [stage.values[key].pk for key in policy.values]
    policy_create(actor=stage.actor(AUTHOR), title=policy.title, text=policy.text, value_ids=value_ids)


def _unit_draft(stage: Stage, unit: str, text: str) -> None:
    lead = stage.actor(LEAD_OF[unit])
    statement = statement_start(actor=lead, level="unit", text=text, unit_id=stage.units[unit].pk)
    stage.statements[unit] = statement
    above = stage.units[unit].parent_id
    leads = {LEAD_OF[unit]} | {LEAD_OF[key] for key, other in stage.units.items() if other.pk == above}
    people = [stage.person_id(key) for key in sorted(leads)]
    draft = statement_propose(actor=lead, statement=statement, version=1, asked=people)
    stage.proposals[f"purpose:{unit}"] = proposal_for(stage.system, draft.proposal_id or 0)


def _unit_adopt(stage: Stage, unit: str) -> None:
    proposal = stage.proposals[f"purpose:{unit}"]
    for person_id in proposal.signatories.order_by("person_id").values_list("person_id", flat=True):
        position_take(actor=stage.actor_of(person_id), proposal=proposal, stance="agree", version=proposal.version)
    lead = stage.actor(LEAD_OF[unit])
    proposal_decide(
        actor=lead,
        proposal=proposal,
        outcome="adopted",
        reason="Read aloud in the unit's meeting; nobody objected, and it helps us to say no.",
    )


def _personal(stage: Stage, person: str, text: str, *, is_shared: bool) -> None:
    actor = stage.actor(person)
    statement = statement_start(actor=actor, level="person", text=text, toward=[stage.statements[STATEMENT].pk])
    if is_shared:
        statement_share(actor=actor, statement=statement, visibility="organisation")


def _endorse(stage: Stage, key: str) -> None:
    statement_endorse(actor=stage.actor(key), statement=_current(stage))


def _endorse_value(stage: Stage, value: str, key: str) -> None:
    actor = stage.actor(key)
    if Role.GUEST not in actor.roles:
        value_endorse(actor=actor, value=stage.values[value])


def _current(stage: Stage) -> Statement:
    statement = stage.statements[STATEMENT]
    statement.refresh_from_db()
    return statement


def _suggestion_script(stage: Stage, script: Script, suggestion: StorySuggestion) -> None:
    name = f"suggestion:{suggestion.person}"
    script.add(-suggestion.days_ago, 13, partial(_suggest, stage, name, suggestion))
    if suggestion.fate == "taken_up":
        # Version 3 has just been written then; see ORGANISATION_VERSIONS.
        script.add(-ORGANISATION_VERSIONS[-1].days_ago - 7, 10, partial(_take_up, stage, name))
    elif suggestion.fate:
        script.add(-suggestion.days_ago + 3, 9, partial(_answer, stage, name, suggestion))


def _suggest(stage: Stage, name: str, suggestion: StorySuggestion) -> None:
    stage.suggestions[name] = suggestion_add(
        actor=stage.actor(suggestion.person),
        statement=_current(stage),
        text=suggestion.text,
        wording=suggestion.wording,
    )


def _take_up(stage: Stage, name: str) -> None:
    suggestion_take_up(
        actor=stage.actor(AUTHOR), suggestion=stage.suggestions[name], version=len(ORGANISATION_VERSIONS)
    )


def _answer(stage: Stage, name: str, suggestion: StorySuggestion) -> None:
    suggestion_answer(
        actor=stage.actor(AUTHOR),
        suggestion=stage.suggestions[name],
        kind=suggestion.fate,
        reason=suggestion.reason,
    )
