"""Changes to purposes, values and policies: what each writes, records and refuses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from tests.worlds import World, as_actor
from throughline.decisions.models import Proposal, Signatory
from throughline.decisions.services import position_take, proposal_decide, proposal_withdraw
from throughline.kernel.clock import today
from throughline.kernel.errors import Conflict, Invalid, Refused
from throughline.kernel.ids import SubjectRef
from throughline.ledger.models import Event, Link, SearchEntry
from throughline.ledger.outbox import outbox_drain
from throughline.ledger.rules import FateKind
from throughline.ledger.selectors import fates_of
from throughline.ledger.subjects import ChangeKind
from throughline.notify.models import Notification
from throughline.notify.waiting import waiting_for
from throughline.purpose import services
from throughline.purpose.models import Behaviour, Endorsement, Policy, Statement, StatementVersion, Value
from throughline.purpose.selectors import purpose_choices, purposes_for_line, suggestions_of
from throughline.purpose.tasks import reviews_remind_in

FIRST = "We make care calm. Nobody waits alone."


def draft(world: World, text: str = FIRST) -> Statement:
    """The organisation's draft by Lea, with Ben taking part."""
    return services.statement_start(
        actor=as_actor(world.lea), level="organisation", text=text, reason="Asked in May.", took_part=[world.ben.pk]
    )


def adopt(world: World, statement: Statement, version: int = 1) -> Statement:
    """Through a decision that asks Ben and Tom, as the product does it."""
    lea = as_actor(world.lea)
    proposed = services.statement_propose(
        actor=lea, statement=statement, version=version, asked=[world.ben.pk, world.tom.pk]
    )
    proposal = Proposal.objects.get(pk=proposed.proposal_id)
    for person in (world.ben, world.tom):
        position_take(actor=as_actor(person), proposal=proposal, stance="agree", version=version)
    proposal_decide(actor=lea, proposal=proposal, outcome="adopted", reason="It is what we do.")
    outbox_drain()
    statement.refresh_from_db()
    return statement


def test_a_draft_is_found_and_recorded_with_who_took_part(world: World) -> None:
    statement = draft(world)
    version = StatementVersion.objects.get(statement=statement)
    assert (version.state, version.author_id, version.reason) == ("draft", world.lea.pk, "Asked in May.")
    assert [row.person_id for row in version.took_part.all()] == [world.ben.pk]
    assert statement.headline == "We make care calm."
    assert SearchEntry.objects.filter(kind="purpose.statement", subject_id=statement.pk).exists()
    kinds = list(Event.objects.filter(subject_kind="purpose.statement").values_list("kind", flat=True))
    assert kinds == ["purpose.statement_started", "purpose.statement_versioned"]


def test_a_decision_adopts_once_and_sets_the_next_review(world: World) -> None:
    statement = adopt(world, draft(world))
    assert statement.adopted_version == 1
    assert statement.review_on == today() + timedelta(days=365)
    again = services.statement_adopt(
        actor=as_actor(world.lea), statement_id=statement.pk, proposal_id=Proposal.objects.get().pk
    )
    assert again is None
    assert Event.objects.filter(kind="purpose.statement_adopted").count() == 1


def test_a_new_adoption_supersedes_the_old_one(world: World) -> None:
    statement = adopt(world, draft(world))
    services.statement_write(actor=as_actor(world.lea), statement=statement, text="We make care kind.", based_on=1)
    adopt(world, statement, 2)
    states = dict(StatementVersion.objects.values_list("version", "state"))
    assert states == {1: "superseded", 2: "adopted"}


def test_a_rejected_or_withdrawn_proposal_makes_a_draft_again(world: World) -> None:
    statement = draft(world)
    proposed = services.statement_propose(
        actor=as_actor(world.lea), statement=statement, version=1, asked=[world.ben.pk]
    )
    proposal_withdraw(actor=as_actor(world.lea), proposal=Proposal.objects.get(pk=proposed.proposal_id))
    outbox_drain()
    assert StatementVersion.objects.get().state == "draft"
    services.statement_propose(actor=as_actor(world.lea), statement=statement, version=1, asked=[world.ben.pk])


def test_changing_a_proposed_wording_asks_again_unless_it_is_editorial(world: World) -> None:
    statement = draft(world)
    lea = as_actor(world.lea)
    services.statement_propose(actor=lea, statement=statement, version=1, asked=[world.ben.pk])
    services.statement_write(
        actor=lea, statement=statement, text="We make care calm.", based_on=1, change=ChangeKind.EDITORIAL
    )
    assert Signatory.objects.get().asked_since == 1
    services.statement_write(actor=lea, statement=statement, text="We make care kind.", based_on=2)
    assert Signatory.objects.get().asked_since == 3
    assert StatementVersion.objects.get(version=3).state == "proposed"


def test_a_stale_version_is_a_conflict_and_nothing_new_is_refused(world: World) -> None:
    statement = draft(world)
    lea = as_actor(world.lea)
    with pytest.raises(Invalid, match="Nothing is different"):
        services.statement_write(actor=lea, statement=statement, text=FIRST, based_on=1)
    services.statement_write(actor=lea, statement=statement, text="Other.", based_on=1)
    with pytest.raises(Conflict):
        services.statement_write(actor=lea, statement=statement, text="Mine.", based_on=1)
    with pytest.raises(Conflict):
        services.statement_propose(actor=lea, statement=statement, version=1, asked=[world.ben.pk])


def test_a_second_beginning_is_a_conflict(world: World) -> None:
    draft(world)
    with pytest.raises(Conflict):
        draft(world)


WRITERS = {"organisation": {"ada", "lea", "fay", "max"}, "unit": {"ada", "lea", "fay", "max", "tom"}}


@pytest.mark.parametrize("who", ["ada", "ben", "tom", "lea", "fay", "max", "mia", "gus"])
@pytest.mark.parametrize("level", ["organisation", "unit"])
def test_who_begins_a_purpose(world: World, who: str, level: str) -> None:
    actor = as_actor(getattr(world, who))
    unit_id = world.platform.pk if level == "unit" else None
    if who in WRITERS[level]:
        assert services.statement_start(actor=actor, level=level, unit_id=unit_id, text="Words.").pk
    else:
        with pytest.raises(Refused):
            services.statement_start(actor=actor, level=level, unit_id=unit_id, text="Words.")


def test_a_suggestion_is_followed_from_draft_to_adoption(world: World) -> None:
    statement = draft(world)
    suggestion = services.suggestion_add(
        actor=as_actor(world.mia), statement=statement, text="Say whom.", wording="We make care calm for patients."
    )
    lea, mia = as_actor(world.lea), as_actor(world.mia)
    with pytest.raises(Invalid):
        services.suggestion_take_up(actor=lea, suggestion=suggestion, version=1)
    services.statement_write(actor=lea, statement=statement, text="We make care calm for patients.", based_on=1)
    services.suggestion_take_up(actor=lea, suggestion=suggestion, version=2)
    assert suggestions_of(mia, statement)[0].state_label == "Taken up in version 2"
    assert fates_of(mia, [suggestion.ref])[suggestion.ref].kind is FateKind.WAITING
    statement.refresh_from_db()
    adopt(world, statement, 2)
    fate = fates_of(mia, [suggestion.ref])[suggestion.ref]
    assert (fate.kind, fate.shaped) == (FateKind.SHAPED, (statement.ref,))
    assert suggestions_of(mia, statement)[0].state_label == "Adopted in version 2"
    told = Notification.objects.filter(person=world.mia).values_list("kind", flat=True)
    assert sorted(told) == ["purpose.suggestion_shaped", "purpose.suggestion_taken_up"]


def test_a_suggestion_made_after_adoption_has_not_shaped_the_old_words(world: World) -> None:
    statement = adopt(world, draft(world))
    suggestion = services.suggestion_add(actor=as_actor(world.mia), statement=statement, text="Say whom.")
    lea = as_actor(world.lea)
    services.statement_write(actor=lea, statement=statement, text="For patients.", based_on=1)
    services.suggestion_take_up(actor=lea, suggestion=suggestion, version=2)
    assert fates_of(lea, [suggestion.ref])[suggestion.ref].kind is FateKind.WAITING


@pytest.mark.parametrize("kind", ["answered", "not_taken_up"])
def test_an_answer_reaches_whoever_suggested(world: World, kind: str) -> None:
    statement = draft(world)
    suggestion = services.suggestion_add(actor=as_actor(world.mia), statement=statement, text="Say whom.")
    assert [item.key for item in waiting_for(as_actor(world.lea))] == [f"purpose.suggestions:{statement.pk}"]
    with pytest.raises(Invalid):
        services.suggestion_answer(actor=as_actor(world.lea), suggestion=suggestion, kind=kind, reason="")
    with pytest.raises(Refused):
        services.suggestion_answer(actor=as_actor(world.ben), suggestion=suggestion, kind=kind, reason="No.")
    services.suggestion_answer(actor=as_actor(world.lea), suggestion=suggestion, kind=kind, reason="Everyone.")
    outbox_drain()
    outbox_drain()
    row = suggestions_of(as_actor(world.mia), statement)[0]
    assert (row.state, row.answer) == (kind, "Everyone.")
    assert Notification.objects.filter(person=world.mia, kind=f"purpose.suggestion_{kind}").count() == 1
    assert waiting_for(as_actor(world.lea)) == []


def test_endorsing_twice_counts_once_and_can_be_withdrawn(world: World) -> None:
    statement = draft(world)
    ben = as_actor(world.ben)
    with pytest.raises(Refused):
        services.statement_endorse(actor=ben, statement=statement)
    adopt(world, statement)
    for _ in range(2):
        services.statement_endorse(actor=ben, statement=statement)
    assert Endorsement.objects.count() == 1
    assert Event.objects.filter(kind="purpose.endorsed").count() == 1
    assert services.endorsement_withdraw(actor=ben, statement=statement) is True
    assert services.endorsement_withdraw(actor=ben, statement=statement) is False


def test_a_review_moves_the_date_and_keepers_are_reminded_once(world: World) -> None:
    statement = adopt(world, draft(world))
    Statement.objects.filter(pk=statement.pk).update(review_on=today() + timedelta(days=3))
    lea = as_actor(world.lea)
    system = as_actor(world.max)
    assert [item.meta for item in waiting_for(lea)] == ["Does this purpose still hold?"]
    assert reviews_remind_in(system) == 1
    assert reviews_remind_in(system) == 0
    assert Notification.objects.filter(kind="purpose.review_due").get().person_id == world.ada.pk
    with pytest.raises(Invalid):
        services.purpose_review(actor=lea, statement=statement, outcome="keep", note="", next_on=date(2000, 1, 1))
    services.purpose_review(
        actor=lea, statement=statement, outcome="keep", note="It holds.", next_on=today() + timedelta(days=200)
    )
    assert waiting_for(lea) == []


def test_values_keep_their_behaviours_and_refuse_a_stale_edit(world: World) -> None:
    lea = as_actor(world.lea)
    value = services.value_create(actor=lea, name="Candour", shows=["Says it early", " "], contradicts=["Hides"])
    assert list(Behaviour.objects.order_by("id").values_list("kind", "text")) == [
        ("shows", "Says it early"),
        ("contradicts", "Hides"),
    ]
    services.value_edit(actor=lea, value=value, version=1, name="Candour", shows=["Asks"])
    assert Behaviour.objects.get().text == "Asks"
    with pytest.raises(Conflict):
        services.value_edit(actor=lea, value=value, version=1, name="Candour")
    with pytest.raises(Invalid, match="already"):
        services.value_create(actor=lea, name="Candour")
    with pytest.raises(Refused):
        services.value_create(actor=as_actor(world.ben), name="Speed")
    services.value_end(actor=lea, value=value)
    assert not SearchEntry.objects.filter(kind="purpose.value").exists()
    assert services.value_create(actor=lea, name="Candour").pk != value.pk


def test_policies_are_linked_to_values_and_unlinked(world: World) -> None:
    lea = as_actor(world.lea)
    value = services.value_create(actor=lea, name="Candour")
    with pytest.raises(Invalid):
        services.policy_create(actor=lea, title="Open books")
    policy = services.policy_create(actor=lea, title="Open books", reference="H-12", value_ids=[value.pk, 10**9])
    assert Link.objects.get(relation="advances").to_id == value.pk
    services.policy_edit(actor=lea, policy=policy, version=1, title="Open books", reference="H-12")
    assert not Link.objects.filter(relation="advances").exists()
    with pytest.raises(Conflict):
        services.policy_edit(actor=lea, policy=policy, version=1, title="Open", reference="H-12")


def test_what_goals_may_serve_and_what_home_shows(world: World) -> None:
    statement = draft(world)
    lea = as_actor(world.lea)
    value = services.value_create(actor=lea, name="Candour")
    unit = services.statement_start(actor=lea, level="unit", unit_id=world.platform.pk, text="We keep it running.")
    services.statement_start(actor=as_actor(world.ben), level="person", text="To make things that last.")
    choices = purpose_choices(as_actor(world.ben))
    assert [ref for ref, _ in choices] == [statement.ref, value.ref, unit.ref]
    assert [line.whose for line in purposes_for_line(as_actor(world.ben))] == ["The organisation", "Platform"]
    assert [line.whose for line in purposes_for_line(as_actor(world.mia))] == ["The organisation"]
    assert purpose_choices(as_actor(world.gus)) == ()


def _propose(world: World, statement: Statement) -> object:
    return services.statement_propose(actor=as_actor(world.lea), statement=statement, version=1, asked=[world.ben.pk])


def _write(world: World, statement: Statement) -> object:
    return services.statement_write(actor=as_actor(world.lea), statement=statement, text="Other.", based_on=1)


STEPS: list[tuple[str, Callable[[World, Statement], object]]] = [
    ("writing.event_record", _write),
    ("writing.statement_refresh", _write),
    ("adopting.event_record", _propose),
    ("adopting.proposal_open", _propose),
    (
        "suggesting.event_record",
        lambda world, statement: services.suggestion_add(
            actor=as_actor(world.mia), statement=statement, text="Say whom."
        ),
    ),
    ("values.value_refresh", lambda world, statement: services.value_create(actor=as_actor(world.lea), name="V")),
    (
        "policies_kept.policy_refresh",
        lambda world, statement: services.policy_create(actor=as_actor(world.lea), title="P", text="T"),
    ),
    (
        "reviewing.event_record",
        lambda world, statement: services.review_date_set(
            actor=as_actor(world.lea), statement=statement, review_on=today() + timedelta(days=5)
        ),
    ),
]


@pytest.mark.parametrize(("step", "change"), STEPS, ids=[f"{number}-{step}" for number, (step, _) in enumerate(STEPS)])
def test_nothing_is_half_written_when_a_step_fails(
    world: World, monkeypatch: pytest.MonkeyPatch, step: str, change: Callable[[World, Statement], object]
) -> None:
    statement = draft(world)

    def everything() -> tuple[object, ...]:
        row = Statement.objects.get()
        counts = [model.objects.count() for model in (StatementVersion, Value, Policy, Proposal, Event, Link)]
        states = list(StatementVersion.objects.order_by("version").values_list("version", "state"))
        return (row.latest_version, row.headline, row.review_on, *counts, states, row.suggestions.count())

    before = everything()

    def fail(*args: object, **kwargs: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(f"throughline.purpose.services.{step}", fail)
    with pytest.raises(OSError, match="disk"):
        change(world, statement)
    assert everything() == before


def test_voices_behind_a_purpose_are_linked(world: World) -> None:
    theme = SubjectRef("meetings.theme", 4)
    statement = services.statement_start(
        actor=as_actor(world.lea), level="organisation", text="Words.", prompted_by=[theme]
    )
    link = Link.objects.get(from_id=statement.pk)
    assert (link.relation, link.to_kind, link.to_id) == ("prompted_by", "meetings.theme", 4)
