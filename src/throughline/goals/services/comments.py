"""Talking about a goal. Mentions are picked people, never guessed from the text."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from throughline.access.actors import actor_of_person
from throughline.goals import policies
from throughline.goals.events import CommentAdded, CommentEdited, CommentWithdrawn
from throughline.goals.models import Comment, CommentMention, Goal
from throughline.goals.services.versions import goal_ref
from throughline.kernel.actor import Actor
from throughline.kernel.clock import now
from throughline.kernel.errors import Conflict, Invalid, NotFound
from throughline.ledger.services import event_record

TEXT_LENGTH, MOST_MENTIONS = 4000, 30


@transaction.atomic
def comment_add(*, actor: Actor, goal: Goal, text: str, mention_ids: Collection[int] = ()) -> Comment:
    """Comment on a goal. People mentioned are told when they may read the goal; the others are not recorded."""
    policies.can_comment(actor, goal).require()
    _check(text, mention_ids)
    comment = Comment.objects.create(
        org_id=actor.org_id, goal=goal, text=text.strip(), by_person_id=actor.person_id, created_at=now()
    )
    readers = _mentions_set(actor, comment, goal, mention_ids)
    event = CommentAdded(comment_id=comment.pk, mention_ids=readers)
    event_record(actor, event, subject=goal_ref(goal))
    return comment


@transaction.atomic
def comment_edit(*, actor: Actor, comment: Comment, text: str, mention_ids: Collection[int] = ()) -> Comment:
    """Change one's own comment; it is marked as edited."""
    policies.can_edit_comment(actor, comment).require()
    _check(text, mention_ids)
    row = _locked(comment)
    row.text, row.edited_at = text.strip(), now()
    row.save(update_fields=["text", "edited_at"])
    readers = _mentions_set(actor, row, row.goal, mention_ids)
    event = CommentEdited(comment_id=row.pk, mention_ids=readers)
    event_record(actor, event, subject=goal_ref(row.goal))
    return row


@transaction.atomic
def comment_withdraw(*, actor: Actor, comment: Comment) -> Comment:
    """Take one's own comment back; its place stays, its text is gone."""
    policies.can_edit_comment(actor, comment).require()
    row = _locked(comment)
    row.text, row.withdrawn_at = "", now()
    row.save(update_fields=["text", "withdrawn_at"])
    row.mentions.all().delete()
    event_record(actor, CommentWithdrawn(comment_id=row.pk), subject=goal_ref(row.goal))
    return row


def _locked(comment: Comment) -> Comment:
    row = Comment.objects.select_for_update().filter(pk=comment.pk).first()
    if row is None:
        raise NotFound
    if row.withdrawn_at is not None:
        raise Conflict("This comment was withdrawn; write a new one.")
    return row


def _check(text: str, mention_ids: Collection[int]) -> None:
    problems: dict[str, str] = {}
    if not text.strip():
        problems["text"] = "Write what you want to say."
    elif len(text) > TEXT_LENGTH:
        problems["text"] = f"Shorten the comment to {TEXT_LENGTH} characters."
    if len(set(mention_ids)) > MOST_MENTIONS:
        problems["mention_ids"] = f"Mention at most {MOST_MENTIONS} people."
    if problems:
        raise Invalid(problems)


def _mentions_set(actor: Actor, comment: Comment, goal: Goal, mention_ids: Collection[int]) -> tuple[int, ...]:
    """Keep the mentions of people who may read the goal; the answer must not tell who may not."""
    readers = []
    for person_id in sorted(set(mention_ids)):
        reader = actor_of_person(person_id, actor.org_id)
        if reader is not None and policies.can_read_goal(reader, goal):
            readers.append(person_id)
    comment.mentions.exclude(person_id__in=readers).delete()
    known = set(comment.mentions.values_list("person_id", flat=True))
    CommentMention.objects.bulk_create(
        [
            CommentMention(org_id=actor.org_id, comment=comment, person_id=person_id)
            for person_id in readers
            if person_id not in known
        ]
    )
    return tuple(readers)
