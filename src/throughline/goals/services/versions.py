"""The exact text of an objective: written as a version whenever it, its parts or its connections change."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from throughline.goals.events import GoalVersioned
from throughline.goals.models import Goal, GoalVersion
from throughline.goals.policies import GOAL
from throughline.goals.rules import GoalState
from throughline.goals.rules.texts import content_changes, version_text
from throughline.goals.selectors.contents import GoalContent, contents_of
from throughline.goals.services.signing import sign_off_move
from throughline.kernel.actor import Actor
from throughline.kernel.clock import now, today
from throughline.kernel.errors import Conflict, Invalid, NotFound
from throughline.kernel.ids import SubjectRef
from throughline.ledger.services import event_record, search_index
from throughline.ledger.subjects import ChangeKind


def goal_ref(goal: Goal) -> SubjectRef:
    """The reference of a goal or part."""
    return SubjectRef(GOAL, goal.pk)


def objective_locked(goal: Goal, *, version: int | None = None) -> Goal:
    """The objective of a goal as it is now, locked until the transaction ends.

    With `version`, the newest version the form was made from: Conflict when there is a newer one.
    """
    row = Goal.objects.select_for_update().filter(pk=goal.objective_id).first()
    if row is None:
        raise NotFound
    if version is not None and version != row.version:
        raise Conflict(
            f"Somebody changed this goal to version {row.version} while you worked on version {version}. "
            "What you wrote is kept; compare it with the new version and save again."
        )
    return row


def objective_for_change(goal: Goal, *, version: int | None = None) -> Goal:
    """The same, refused when the goal is closed or dropped."""
    row = objective_locked(goal, version=version)
    if row.state in (GoalState.CLOSED, GoalState.DROPPED):
        raise Conflict(f"This goal is {row.state}; reopen it before you change it.")
    return row


def version_first(actor: Actor, goal: Goal, *, reason: str = "") -> GoalVersion:
    """Write version 1 of a new objective and make it findable."""
    found = contents_of([goal.pk])[goal.pk]
    written = _write(actor, goal, number=1, found=found, reason=reason, changes=(), is_editorial=False)
    goal_index(actor, goal)
    return written


def version_next(actor: Actor, goal: Goal, *, reason: str = "", is_editorial: bool = False) -> GoalVersion | None:
    """Write the next version when anything in the text changed, and ask again whom the change affects.

    The objective must be locked. Returns None when the content is the same.
    """
    latest = GoalVersion.objects.get(goal_id=goal.pk, number=goal.version)
    found = contents_of([goal.pk])[goal.pk]
    if found.content == latest.content:
        return None
    changes = content_changes(latest.content, found.content, is_editorial=is_editorial)
    if is_editorial and ChangeKind.EDITORIAL not in changes:
        raise Invalid({"is_editorial": "Only changed wording can be editorial; this changes more. Take the tick away."})
    number = goal.version + 1
    written = _write(
        actor, goal, number=number, found=found, reason=reason,
        changes=sorted(changes), is_editorial=ChangeKind.EDITORIAL in changes,
    )  # fmt: skip
    goal.version, goal.changed_at = number, now()
    goal.save(update_fields=["version", "changed_at"])
    event_record(actor, GoalVersioned(version=number, changes=tuple(sorted(changes))), subject=goal_ref(goal))
    if goal.state in (GoalState.PROPOSED, GoalState.SIGNED_OFF, GoalState.ACTIVE):
        sign_off_move(actor, goal, text=written.text, changes=changes)
    goal_index(actor, goal)
    return written


def _write(
    actor: Actor,
    goal: Goal,
    *,
    number: int,
    found: GoalContent,
    reason: str,
    changes: Sequence[ChangeKind],
    is_editorial: bool,
) -> GoalVersion:
    row = version_row(
        actor, goal.pk, number=number, found=found, reason=reason, changes=changes,
        is_editorial=is_editorial,
    )  # fmt: skip
    row.save()
    return row


def version_row(
    actor: Actor,
    goal_id: int,
    *,
    number: int,
    found: GoalContent,
    reason: str = "",
    changes: Sequence[ChangeKind] = (),
    is_editorial: bool = False,
) -> GoalVersion:
    """A version not yet saved, with its text and digest."""
    text = version_text(found.content, found.names)
    return GoalVersion(
        org_id=actor.org_id,
        goal_id=goal_id,
        number=number,
        text=text,
        content=found.content,
        digest=digest_of(text),
        author_id=actor.person_id,
        reason=reason.strip(),
        is_editorial=is_editorial,
        changes=[kind.value for kind in changes],
        on=today(actor.time_zone),
        created_at=now(),
    )


def digest_of(text: str) -> str:
    """The digest by which a text is known to be exactly the one that was signed."""
    return hashlib.sha256(text.encode()).hexdigest()


def goal_index(actor: Actor, goal: Goal) -> None:
    """Make an objective findable by its title, description and key results."""
    parts = Goal.objects.filter(part_of_id=goal.pk).exclude(state=GoalState.DROPPED).order_by("position", "id")
    body = "\n".join([goal.description, *parts.values_list("title", flat=True)])
    search_index(actor=actor, ref=goal_ref(goal), title=goal.title, body=body)
