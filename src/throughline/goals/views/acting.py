"""What a reader can do on a goal's page: buttons, and for what they cannot the reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from throughline.components.parts import MenuLink
from throughline.decisions.selectors import SignOff
from throughline.goals.selectors import GoalPage
from throughline.kernel.actor import Actor
from throughline.kernel.ids import SubjectRef
from throughline.ledger.subjects import subject_card


@dataclass(frozen=True)
class Action:
    """One button; with `reason` it is shown disabled and says why."""

    label: str
    url: str
    kind: str = "quiet"
    reason: str = ""


@dataclass(frozen=True)
class GoalActions:
    """The buttons of a goal's page, and two menus for what is needed less often."""

    buttons: tuple[Action, ...]
    change: tuple[MenuLink, ...]
    steps: tuple[MenuLink, ...]


def decision_url(actor: Actor, sign_off: SignOff | None) -> str:
    """Where a goal is signed and objected to; "" when the reader cannot open it, or nobody was asked."""
    if sign_off is None:
        return ""
    card = subject_card(actor, SubjectRef("decisions.proposal", sign_off.proposal_id))
    return card.url if card is not None else ""


def actions_of(actor: Actor, found: GoalPage) -> GoalActions:
    """Everything this reader may do here, most wanted first."""

    def url(name: str) -> str:
        return reverse(f"goals:{name}", args=[actor.org_slug, found.goal.pk])

    if found.goal.part_of_id is not None:
        return _of_part(found, url("check_in"), url("part_edit"), url("part_remove"))
    buttons: list[Action] = []
    state = found.objective.state
    sign_url, waits = decision_url(actor, found.sign_off), _waits_for(actor, found.sign_off)
    if waits and sign_url:
        buttons.append(Action("Read and sign", sign_url, "primary"))
        buttons.append(Action("Raise an objection", f"{sign_url}#position"))
    if state == "candidate":
        buttons.append(Action("Propose", url("propose"), "primary", found.can_propose.reason))
    if state in ("signed_off", "active"):
        kind = "quiet" if waits else "primary"
        buttons.append(Action("Check in", url("check_in"), kind, found.can_check_in.reason))
    elif state == "proposed":
        reason = found.can_check_in.reason or "Check-ins begin once everyone asked has signed."
        buttons.append(Action("Check in", url("check_in"), "quiet", reason))
    if not waits and sign_url:
        buttons.append(Action("The decision", sign_url))
    if not found.can_edit:
        buttons.append(Action("Edit", url("edit"), "quiet", found.can_edit.reason))
        return GoalActions(tuple(buttons), (), ())
    if state in ("closed", "dropped"):
        buttons.append(Action("Reopen", url("reopen")))
        return GoalActions(tuple(buttons), (), ())
    return GoalActions(tuple(buttons), _changes(url), _steps(found, url))


def _of_part(found: GoalPage, check_in: str, edit: str, remove: str) -> GoalActions:
    reason = found.can_check_in.reason
    if not reason and found.objective.state not in ("signed_off", "active"):
        reason = "Check-ins begin once everyone asked has signed the goal."
    is_measured = found.goal.kind == "key_result"
    buttons = [Action("Check in", check_in, "primary" if is_measured else "quiet", reason)]
    buttons.append(Action("Edit", edit, "quiet", found.can_edit.reason))
    if found.can_edit:
        buttons.append(Action("Remove", remove))
    return GoalActions(tuple(buttons), (), ())


def _waits_for(actor: Actor, sign_off: SignOff | None) -> bool:
    rows = sign_off.rows if sign_off is not None else ()
    return any(row.person_id == actor.person_id and not row.is_signed for row in rows)


def _changes(url: Callable[[str], str]) -> tuple[MenuLink, ...]:
    return (
        MenuLink("Edit the goal", url("edit")),
        MenuLink("Add a key result", url("key_result_new")),
        MenuLink("Add an initiative", url("initiative_new")),
        MenuLink("Align to a goal above", url("align")),
        MenuLink("Ask for something it needs", url("depend")),
        MenuLink("Choose who must sign", url("stakeholders")),
    )


def _steps(found: GoalPage, url: Callable[[str], str]) -> tuple[MenuLink, ...]:
    names = {
        ("signed_off", "active"): MenuLink("Start now", url("start")),
        ("active", "closed"): MenuLink("Close with a score", url("close")),
        ("proposed", "candidate"): MenuLink("Take the proposal back", url("withdraw")),
    }
    state = found.objective.state
    links = [link for (before, after), link in names.items() if before == state and after in found.next_states]
    if "dropped" in found.next_states:
        links.append(MenuLink("Drop it", url("drop")))
    return tuple(links)
