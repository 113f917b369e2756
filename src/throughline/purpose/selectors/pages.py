"""One statement with everything its page and the API show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from throughline.kernel.actor import Actor
from throughline.kernel.clock import today
from throughline.kernel.ids import SubjectRef
from throughline.kernel.verdict import Verdict
from throughline.ledger.models import Relation
from throughline.ledger.selectors import links_to
from throughline.ledger.subjects import SubjectCard, subject_cards
from throughline.purpose.models import (
    Endorsement,
    PurposeReview,
    Statement,
    StatementVersion,
    TookPart,
    Toward,
)
from throughline.purpose.policies import (
    can_edit,
    can_endorse,
    can_propose,
    can_share_personal,
    can_suggest,
    own_id,
    visible_statements,
)
from throughline.purpose.rules import (
    STATE_LABEL,
    STATE_TONE,
    Level,
    ReviewDue,
    Segment,
    VersionState,
    review_due,
    word_diff,
)
from throughline.purpose.selectors.people import names_of
from throughline.purpose.selectors.statements import SuggestionRow, statement_for, suggestions_of, whose

# Names shown beside the count of those who stand behind a purpose.
MOST_NAMES = 30


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version with what it changed against the one before."""

    version: int
    text: str
    earlier_text: str
    reason: str
    author: str
    took_part: tuple[str, ...]
    state: VersionState
    tone: str
    state_label: str
    proposal_id: int | None
    created_at: datetime
    adopted_at: datetime | None

    @property
    def diff(self) -> tuple[Segment, ...]:
        return word_diff(self.earlier_text, self.text)


@dataclass(frozen=True, slots=True)
class StatementPage:
    """A statement as its page shows it. `shown` is the adopted version, else the draft; `pending` a later
    one.
    """

    statement: Statement
    whose: str
    shown: VersionRow
    pending: VersionRow | None
    versions: tuple[VersionRow, ...]
    suggestions: tuple[SuggestionRow, ...]
    endorsers: tuple[str, ...]
    endorsements: int
    endorsed_version: int | None
    review: ReviewDue
    reviews: Sequence[PurposeReview]
    serving: tuple[SubjectCard, ...]
    toward: tuple[Statement, ...]
    can_edit: Verdict
    can_propose: Verdict
    can_suggest: Verdict
    can_endorse: Verdict
    can_share: Verdict

    @property
    def is_endorsed(self) -> bool:
        """Stands behind what is adopted now, not an earlier wording."""
        return self.endorsed_version is not None and self.endorsed_version == self.statement.adopted_version


def statement_page(actor: Actor, statement_id: int) -> StatementPage:
    """Everything of one statement, in a fixed number of queries."""
    statement = statement_for(actor, statement_id)
    versions = version_rows(statement)
    adopted = next((row for row in versions if row.version == statement.adopted_version), None)
    latest = versions[0]
    endorsements = Endorsement.objects.filter(statement=statement)
    mine = endorsements.filter(person_id=own_id(actor)).values_list("version", flat=True).first()
    is_personal = statement.level == Level.PERSON
    suggestions = () if is_personal else suggestions_of(actor, statement)
    above = Toward.objects.filter(statement=statement).values("above_id")
    return StatementPage(
        statement=statement,
        whose=whose(statement),
        shown=adopted or latest,
        pending=latest if adopted is not None and latest.version != adopted.version else None,
        versions=versions,
        suggestions=suggestions,
        endorsers=tuple(endorsements.order_by("-id").values_list("person__name", flat=True)[:MOST_NAMES]),
        endorsements=endorsements.count(),
        endorsed_version=mine,
        review=review_due(statement.review_on, today(actor.time_zone)),
        reviews=list(
            PurposeReview.objects.filter(statement=statement).select_related("by_person").order_by("-id")[:20]
        ),
        serving=_serving(actor, statement.ref),
        toward=tuple(
            Statement.objects.filter(visible_statements(actor), pk__in=above)
            .select_related("unit", "person")
            .order_by("level", "id")
        ),
        can_edit=can_edit(actor, statement),
        can_propose=can_propose(actor, statement),
        can_suggest=can_suggest(actor, statement),
        can_endorse=can_endorse(actor, statement),
        can_share=can_share_personal(actor, statement),
    )


def version_rows(statement: Statement) -> tuple[VersionRow, ...]:
    """All versions, newest first, each beside the one before; two queries."""
    rows = list(StatementVersion.objects.filter(statement=statement).select_related("author").order_by("version"))
    took_part: dict[int, list[str]] = {}
    for version_id, name in (
        TookPart.objects.filter(version__statement=statement)
        .order_by("person__name")
        .values_list("version_id", "person__name")
    ):
        took_part.setdefault(version_id, []).append(name)
    found = []
    earlier = ""
    for row in rows:
        state = VersionState(row.state)
        found.append(
            VersionRow(
                version=row.version,
                text=row.text,
                earlier_text=earlier,
                reason=row.reason,
                author=row.author.name if row.author is not None else "",
                took_part=tuple(took_part.get(row.pk, ())),
                state=state,
                tone=STATE_TONE[state],
                state_label=STATE_LABEL[state],
                proposal_id=row.proposal_id,
                created_at=row.created_at,
                adopted_at=row.adopted_at,
            )
        )
        earlier = row.text
    return tuple(reversed(found))


def _serving(actor: Actor, ref: SubjectRef, *, limit: int = 50) -> tuple[SubjectCard, ...]:
    """What serves a statement or value, as far as the actor may see it."""
    links = links_to(actor, [ref], Relation.ADVANCES, limit=limit)
    cards = subject_cards(actor, [SubjectRef(link.from_kind, link.from_id) for link in links])
    return tuple(sorted(cards.values(), key=lambda card: (card.kind_label, card.title)))


def serving_value(actor: Actor, value_id: int) -> tuple[SubjectCard, ...]:
    """What serves a value."""
    return _serving(actor, SubjectRef("purpose.value", value_id))


def endorsers_of_value(actor: Actor, value_id: int) -> tuple[str, ...]:
    """Names of those who stand behind a value, the latest first."""
    rows = Endorsement.objects.filter(value_id=value_id).order_by("-id")
    return tuple(rows.values_list("person__name", flat=True)[:MOST_NAMES])


def answerers(actor: Actor, rows: Sequence[SuggestionRow]) -> dict[int, str]:
    """Names of those who answered suggestions."""
    return names_of(actor, {row.answered_by_id for row in rows if row.answered_by_id is not None})
