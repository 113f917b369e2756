"""Who sees and does what, as tables, and that list and single answers agree."""

from __future__ import annotations

import pytest

from tests.worlds import World, as_actor
from throughline.decisions import policies
from throughline.decisions.models import Proposal
from throughline.decisions.rules import Capacity
from throughline.decisions.services import Signatory, decision_open, proposal_open
from throughline.kernel.actor import system_actor
from throughline.kernel.ids import SubjectRef
from throughline.purpose.services import statement_share, statement_start

WHO = ("ada", "ben", "tom", "lea", "fay", "max", "mia", "gus")


@pytest.fixture
def proposals(world: World) -> dict[str, Proposal]:
    """One free-standing, one about a private purpose of Ben's that asks Mia, one about a kind nobody
    registered.
    """
    ben = as_actor(world.ben)
    mine = statement_start(actor=ben, level="person", text="To make things that last.")
    ask_mia = [Signatory(world.mia.pk, Capacity.MEMBER)]
    open_one = decision_open(actor=ben, title="Open", text="Words.", method="consent", signatories=ask_mia)
    asks_gus = decision_open(
        actor=ben,
        title="Asks a guest",
        text="Words.",
        method="consent",
        signatories=[Signatory(world.gus.pk, Capacity.STAKEHOLDER)],
    )

    def about(subject: SubjectRef) -> Proposal:
        return proposal_open(
            actor=ben,
            subject=subject,
            version=1,
            text="Words.",
            method="sign_off",
            title="T",
            signatories=ask_mia,
        )

    return {
        "open": open_one,
        "asks_gus": asks_gus,
        "private": about(mine.ref),
        "unknown": about(SubjectRef("nobody.knows", 1)),
    }


SEEN = {
    "open": {"ada", "ben", "tom", "lea", "fay", "max", "mia"},
    "asks_gus": {"ada", "ben", "tom", "lea", "fay", "max", "mia", "gus"},
    "private": {"ben", "mia"},
    "unknown": {"ben", "mia"},
}


@pytest.mark.parametrize("name", sorted(SEEN))
@pytest.mark.parametrize("who", WHO)
def test_a_proposal_is_seen_by_whom_its_subject_allows(
    world: World, proposals: dict[str, Proposal], who: str, name: str
) -> None:
    actor = as_actor(getattr(world, who))
    assert bool(policies.can_see(actor, proposals[name])) is (who in SEEN[name])


@pytest.mark.parametrize("who", WHO)
def test_list_and_single_answers_agree(world: World, proposals: dict[str, Proposal], who: str) -> None:
    actor = as_actor(getattr(world, who))
    listed = set(Proposal.objects.filter(policies.visible_proposals(actor)).values_list("pk", flat=True))
    single = {proposal.pk for proposal in proposals.values() if policies.can_see(actor, proposal)}
    assert listed == single


def test_sharing_a_purpose_opens_the_decision_about_it(world: World, proposals: dict[str, Proposal]) -> None:
    lea = as_actor(world.lea)
    assert not policies.can_see(lea, proposals["private"])
    from throughline.purpose.models import Statement

    statement = Statement.objects.get(pk=proposals["private"].subject_id)
    statement_share(actor=as_actor(world.ben), statement=statement, visibility="organisation")
    assert policies.can_see(lea, proposals["private"])


def test_the_system_sees_everything(world: World, proposals: dict[str, Proposal]) -> None:
    system = system_actor(world.org.pk)
    assert Proposal.objects.filter(policies.visible_proposals(system)).count() == len(proposals)


@pytest.mark.parametrize(
    ("who", "speaks", "stewards"),
    [
        ("ben", False, True),
        ("mia", True, False),
        ("lea", False, False),
        ("max", False, False),
        ("gus", False, False),
    ],
)
def test_who_speaks_and_who_stewards(
    world: World, proposals: dict[str, Proposal], who: str, speaks: bool, stewards: bool
) -> None:
    actor = as_actor(getattr(world, who))
    assert bool(policies.can_take_position(actor, proposals["open"])) is speaks
    assert bool(policies.can_steward(actor, proposals["open"])) is stewards
