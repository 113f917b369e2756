"""Changes to proposals: what each writes, records and refuses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.worlds import World, as_actor
from throughline.access.models import Share
from throughline.decisions import services
from throughline.decisions.models import EditorialDeclaration, Objection, Position, Proposal
from throughline.decisions.rules import Capacity, Outcome, ProposalState, SignatureState, Stance
from throughline.decisions.selectors import sign_off_of
from throughline.decisions.services import Signatory
from throughline.kernel import clock
from throughline.kernel.errors import Conflict, Invalid, Refused
from throughline.kernel.ids import SubjectRef
from throughline.ledger.models import Event, Link, SearchEntry
from throughline.ledger.subjects import ChangeKind

GOAL = SubjectRef("people.unit", 1)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def sign_off(world: World, **changes: Any) -> Proposal:
    """A sign-off of version 1: Ben owns, Tom is a stakeholder, Lea owns the goal above."""
    wanted: dict[str, Any] = {
        "subject": GOAL,
        "version": 1,
        "text": "Cut waiting time from 20 to 10 minutes.",
        "method": "sign_off",
        "title": "Shorter waits",
        "signatories": [
            Signatory(world.ben.pk, Capacity.OWNER),
            Signatory(world.tom.pk, Capacity.STAKEHOLDER),
            Signatory(world.lea.pk, Capacity.PARENT_OWNER),
        ],
    }
    return services.proposal_open(actor=as_actor(world.ben), **{**wanted, **changes})


def consent(world: World, **changes: Any) -> Proposal:
    """A free-standing decision by consent: Ben opened it, Tom and Mia are asked."""
    wanted: dict[str, Any] = {
        "title": "Where we keep notes",
        "text": "We keep notes in one shared place. Everyone can read them.",
        "method": "consent",
        "signatories": [Signatory(world.tom.pk, Capacity.MEMBER), Signatory(world.mia.pk, Capacity.MEMBER)],
    }
    return services.decision_open(actor=as_actor(world.ben), **{**wanted, **changes})


def sign(world: World, who: str, proposal: Proposal, version: int = 1) -> None:
    person = getattr(world, who)
    services.position_take(actor=as_actor(person), proposal=proposal, stance="agree", version=version)


def kinds() -> list[str]:
    return list(Event.objects.filter(kind__startswith="decisions.").order_by("id").values_list("kind", flat=True))


def test_the_last_signature_completes_a_sign_off(world: World) -> None:
    proposal = sign_off(world)
    sign(world, "ben", proposal)
    sign(world, "tom", proposal)
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.OPEN
    sign(world, "lea", proposal)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.outcome) == (ProposalState.DECIDED, Outcome.ADOPTED)
    assert kinds() == [
        "decisions.proposal_opened",
        *["decisions.position_taken"] * 3,
        "decisions.sign_off_completed",
        "decisions.proposal_decided",
    ]
    event = Event.objects.get(kind="decisions.sign_off_completed")
    assert (event.subject_id, event.context_kind, event.context_id) == (proposal.pk, "people.unit", 1)


def test_changed_parts_ask_owners_and_stakeholders_and_carry_the_parent_over(world: World) -> None:
    proposal = sign_off(world)
    for who in ("ben", "tom", "lea"):
        sign(world, who, proposal)
    result = services.version_move(
        actor=as_actor(world.ben),
        subject=GOAL,
        version=2,
        text="Cut waiting time from 20 to 10 minutes, with triage.",
        changes=frozenset({ChangeKind.PARTS}),
        signatories=[
            Signatory(world.ben.pk, Capacity.OWNER),
            Signatory(world.tom.pk, Capacity.STAKEHOLDER),
            Signatory(world.lea.pk, Capacity.PARENT_OWNER),
        ],
    )
    assert set(result.asked_again) == {world.ben.pk, world.tom.pk}
    assert result.carried_over == (world.lea.pk,)
    assert Event.objects.filter(kind="decisions.sign_off_reopened", subject_id=proposal.pk).count() == 1
    state = sign_off_of(as_actor(world.ada), GOAL)
    assert state is not None
    assert not state.is_complete
    rows = {row.person_id: row for row in state.rows}
    assert rows[world.lea.pk].state is SignatureState.CARRIED_OVER
    assert rows[world.lea.pk].label == (
        "signed version 1; version 2 did not change what they signed as owner of the goal above"
    )
    assert rows[world.ben.pk].label == "signed version 1; version 2 changed what they answer for as owner"
    sign(world, "ben", proposal, 2)
    sign(world, "tom", proposal, 2)
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.DECIDED


def test_the_label_speaks_to_its_reader(world: World) -> None:
    proposal = sign_off(world)
    for who in ("ben", "tom", "lea"):
        sign(world, who, proposal)
    move(world, ChangeKind.SIDEWAYS)
    state = sign_off_of(as_actor(world.tom), GOAL)
    assert state is not None
    row = next(row for row in state.rows if row.person_id == world.tom.pk)
    assert row.label == "signed version 1; version 2 did not change what you signed as stakeholder"


def move(world: World, *changes: ChangeKind, version: int = 2, text: str = "Another text.") -> services.MoveResult:
    return services.version_move(
        actor=as_actor(world.ben),
        subject=GOAL,
        version=version,
        text=text,
        changes=frozenset(changes),
        signatories=[
            Signatory(world.ben.pk, Capacity.OWNER),
            Signatory(world.tom.pk, Capacity.STAKEHOLDER),
            Signatory(world.lea.pk, Capacity.PARENT_OWNER),
        ],
    )


def test_an_editorial_change_carries_everyone_over_until_it_is_contested(world: World) -> None:
    proposal = sign_off(world)
    for who in ("ben", "tom", "lea"):
        sign(world, who, proposal)
    with clock.at(NOON):
        result = move(world, ChangeKind.EDITORIAL)
    assert result.asked_again == ()
    assert len(result.carried_over) == 3
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.DECIDED
    with clock.at(NOON + timedelta(days=7)):
        contested = services.editorial_contest(
            actor=as_actor(world.tom), proposal=proposal, reason="“about” makes the target soft."
        )
    assert set(contested.asked_again) == {world.ben.pk, world.tom.pk, world.lea.pk}
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.OPEN
    assert EditorialDeclaration.objects.get(proposal=proposal).contested_by_id == world.tom.pk
    assert kinds()[-3:] == [
        "decisions.editorial_contested",
        "decisions.reconsent_asked",
        "decisions.sign_off_reopened",
    ]


def test_an_editorial_change_cannot_be_contested_after_seven_days(world: World) -> None:
    proposal = sign_off(world)
    with clock.at(NOON):
        move(world, ChangeKind.EDITORIAL)
    with clock.at(NOON + timedelta(days=7, seconds=1)), pytest.raises(Conflict):
        services.editorial_contest(actor=as_actor(world.tom), proposal=proposal, reason="Too late.")


def test_a_text_that_changed_without_a_named_kind_asks_everyone(world: World) -> None:
    sign_off(world)
    result = move(world)
    assert len(result.asked_again) == 3


def test_a_new_signatory_is_asked_and_a_dropped_one_no_longer_counts(world: World) -> None:
    proposal = sign_off(world)
    for who in ("ben", "tom"):
        sign(world, who, proposal)
    result = services.version_move(
        actor=as_actor(world.ben),
        subject=GOAL,
        version=2,
        text="Another text.",
        changes=frozenset({ChangeKind.SIDEWAYS}),
        signatories=[
            Signatory(world.tom.pk, Capacity.STAKEHOLDER),
            Signatory(world.mia.pk, Capacity.PROVIDER),
        ],
    )
    assert result.asked_again == (world.mia.pk,)
    assert result.carried_over == (world.tom.pk,)
    sign(world, "mia", proposal, 2)
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.DECIDED


def test_a_person_with_two_capacities_is_asked_when_either_is(world: World) -> None:
    both = [Signatory(world.tom.pk, Capacity.PARENT_OWNER), Signatory(world.tom.pk, Capacity.PROVIDER)]
    proposal = sign_off(world, signatories=both)
    sign(world, "tom", proposal)
    result = services.version_move(
        actor=as_actor(world.ben),
        subject=GOAL,
        version=2,
        text="Another text.",
        changes=frozenset({ChangeKind.SIDEWAYS}),
        signatories=both,
    )
    assert result.asked_again == (world.tom.pk,)


def test_a_signature_on_an_older_version_is_a_conflict_and_changes_nothing(world: World) -> None:
    proposal = sign_off(world)
    move(world, ChangeKind.TERMS)
    with pytest.raises(Conflict, match="version 2"):
        sign(world, "tom", proposal, 1)
    assert not Position.objects.exists()


def test_only_people_asked_take_a_position(world: World) -> None:
    proposal = sign_off(world)
    with pytest.raises(Refused):
        sign(world, "mia", proposal)


def test_an_objection_needs_a_reason_and_words_of_the_text(world: World) -> None:
    proposal = consent(world)
    actor = as_actor(world.tom)
    with pytest.raises(Invalid) as missing:
        services.position_take(actor=actor, proposal=proposal, stance="object", version=1)
    assert "reason" in missing.value.problems
    with pytest.raises(Invalid) as foreign:
        services.position_take(
            actor=actor, proposal=proposal, stance="object", version=1, reason="No.", quote="not in the text"
        )
    assert "quote" in foreign.value.problems
    assert not Objection.objects.exists()


def object_to(world: World, proposal: Proposal, who: str = "tom") -> Objection:
    services.position_take(
        actor=as_actor(getattr(world, who)),
        proposal=proposal,
        stance="object",
        version=proposal.version,
        reason="Patients' notes must stay closed.",
        quote="Everyone can read them.",
    )
    return Objection.objects.get(state="open")


def test_consent_waits_for_everyone_and_for_open_objections(world: World) -> None:
    proposal = consent(world)
    ben = as_actor(world.ben)

    def adopt() -> Proposal:
        return services.proposal_decide(
            actor=ben,
            proposal=proposal,
            outcome="adopted",
            reason="It keeps us together.",
            rejected_options=[services.RejectedOption("Keep notes privately", "Nobody finds them.")],
        )

    with pytest.raises(Conflict, match="not spoken yet"):
        adopt()
    sign(world, "mia", proposal)
    objection = object_to(world, proposal)
    with pytest.raises(Conflict, match="objection is open"):
        adopt()
    with pytest.raises(Invalid):
        services.objection_stand(actor=ben, objection=objection, note=" ")
    services.objection_stand(actor=ben, objection=objection, note="Patient notes are kept elsewhere already.")
    decided = adopt()
    assert decided.outcome == Outcome.ADOPTED
    assert decided.options.get().reason == "Nobody finds them."
    objection.refresh_from_db()
    assert (objection.state, objection.settled_by_id) == ("standing", world.ben.pk)
    assert SearchEntry.objects.filter(kind="decisions.proposal", subject_id=proposal.pk).exists()


def test_the_closing_day_ends_the_wait_for_silence(world: World) -> None:
    with clock.at(NOON):
        proposal = consent(world, closes_on=date(2026, 3, 5))
    with clock.at(datetime(2026, 3, 5, 23, tzinfo=UTC)), pytest.raises(Conflict):
        services.proposal_decide(actor=as_actor(world.ben), proposal=proposal, outcome="adopted", reason="Silence.")
    with clock.at(datetime(2026, 3, 6, 1, tzinfo=UTC)):
        decided = services.proposal_decide(
            actor=as_actor(world.ben), proposal=proposal, outcome="adopted", reason="Nobody objected."
        )
    assert decided.state == ProposalState.DECIDED


def test_only_the_objector_withdraws_and_only_stewards_settle(world: World) -> None:
    proposal = consent(world)
    objection = object_to(world, proposal)
    with pytest.raises(Refused):
        services.objection_withdraw(actor=as_actor(world.ben), objection=objection)
    with pytest.raises(Refused):
        services.objection_integrate(actor=as_actor(world.mia), objection=objection, note="Done.")
    services.objection_withdraw(actor=as_actor(world.tom), objection=objection)
    with pytest.raises(Refused, match="settled already"):
        services.objection_integrate(actor=as_actor(world.ben), objection=objection, note="Done.")


def test_agreeing_withdraws_ones_own_objection_and_keeps_the_history(world: World) -> None:
    proposal = consent(world)
    object_to(world, proposal)
    sign(world, "tom", proposal)
    assert Objection.objects.get().state == "withdrawn"
    said = list(Position.objects.filter(proposal=proposal).order_by("id").values_list("stance", "is_current"))
    assert said == [(Stance.OBJECT, False), (Stance.AGREE, True)]


def test_revising_a_free_standing_text_asks_again_and_a_stale_edit_is_a_conflict(world: World) -> None:
    proposal = consent(world)
    sign(world, "tom", proposal)
    ben = as_actor(world.ben)
    result = services.decision_revise(actor=ben, proposal=proposal, text="Notes are shared.", based_on=1)
    assert set(result.asked_again) == {world.tom.pk, world.mia.pk}
    with pytest.raises(Conflict):
        services.decision_revise(actor=ben, proposal=proposal, text="Notes are open.", based_on=1)
    proposal.refresh_from_db()
    assert proposal.version == 2


def test_a_second_open_proposal_about_one_thing_is_refused(world: World) -> None:
    sign_off(world)
    with pytest.raises(Conflict):
        sign_off(world)


def test_opening_names_every_problem_at_once(world: World) -> None:
    with pytest.raises(Invalid) as found:
        services.decision_open(
            actor=as_actor(world.ben),
            title="",
            text="",
            method="lottery",
            signatories=[],
            closes_on=date(2020, 1, 1),
        )
    assert set(found.value.problems) == {"title", "text", "method", "signatories", "closes_on"}
    assert not Proposal.objects.exists()


def test_guests_do_not_propose_but_are_given_what_they_are_asked(world: World) -> None:
    with pytest.raises(Refused):
        services.decision_open(
            actor=as_actor(world.gus),
            title="x",
            text="x",
            method="consent",
            signatories=[Signatory(world.ben.pk, Capacity.MEMBER)],
        )
    proposal = consent(world, signatories=[Signatory(world.gus.pk, Capacity.STAKEHOLDER)])
    assert Share.objects.filter(person=world.gus, subject_kind="decisions.proposal", subject_id=proposal.pk).exists()
    sign(world, "gus", proposal)
    assert Position.objects.get().person_id == world.gus.pk


def test_serves_and_causes_are_linked(world: World) -> None:
    value, theme = SubjectRef("purpose.value", 7), SubjectRef("meetings.theme", 3)
    proposal = consent(world, serves=value, prompted_by=[theme])
    links = {(link.relation, link.to_kind, link.to_id) for link in Link.objects.filter(from_id=proposal.pk)}
    assert links == {("advances", "purpose.value", 7), ("prompted_by", "meetings.theme", 3)}


def test_withdrawing_keeps_what_was_said(world: World) -> None:
    proposal = consent(world)
    sign(world, "tom", proposal)
    services.proposal_withdraw(actor=as_actor(world.ben), proposal=proposal, reason="Superseded.")
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.WITHDRAWN
    assert Position.objects.count() == 1
    with pytest.raises(Refused, match="withdrawn"):
        sign(world, "mia", proposal)


STEPS = [
    ("throughline.decisions.services.opening.event_record", lambda world, proposal: consent(world)),
    ("throughline.decisions.services.opening.search_index", lambda world, proposal: consent(world)),
    (
        "throughline.decisions.services.positions.event_record",
        lambda world, proposal: sign(world, "tom", proposal),
    ),
    (
        "throughline.decisions.services.positions._raise",
        lambda world, proposal: object_to(world, proposal),
    ),
    (
        "throughline.decisions.services.versions.ask_again",
        lambda world, proposal: services.decision_revise(
            actor=as_actor(world.ben), proposal=proposal, text="New.", based_on=1
        ),
    ),
    (
        "throughline.decisions.services.outcomes.event_record",
        lambda world, proposal: services.proposal_withdraw(actor=as_actor(world.ben), proposal=proposal),
    ),
]


@pytest.mark.parametrize(("step", "change"), STEPS, ids=[step for step, _ in STEPS])
def test_nothing_is_half_written_when_a_step_fails(
    world: World, monkeypatch: pytest.MonkeyPatch, step: str, change: Callable[[World, Proposal], object]
) -> None:
    proposal = consent(world)

    def counts() -> tuple[object, ...]:
        row = Proposal.objects.get(pk=proposal.pk)
        return (
            Proposal.objects.count(),
            Position.objects.count(),
            Objection.objects.count(),
            Event.objects.count(),
            Link.objects.count(),
            row.version,
            row.state,
            proposal.versions.count(),
        )

    before = counts()

    def fail(*args: object, **kwargs: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(step, fail)
    with pytest.raises(OSError, match="disk"):
        change(world, proposal)
    assert counts() == before
