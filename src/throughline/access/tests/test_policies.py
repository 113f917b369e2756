"""Who may see and change what, and that each policy agrees with its query twin."""

from __future__ import annotations

import pytest

from tests.worlds import World, as_actor
from throughline.access import policies
from throughline.access.models import ApiToken, Invitation, Membership, Share
from throughline.access.services import invitation_create, token_create
from throughline.kernel.actor import system_actor
from throughline.kernel.clock import now

PEOPLE = ("ada", "ben", "tom", "lea", "fay", "max", "mia", "gus")


def _populated(world: World) -> None:
    invitation_create(actor=as_actor(world.max), email="a@example.org", name="", roles=[])
    invitation_create(actor=as_actor(world.ada), email="b@example.org", name="", roles=[])
    for number, owner in enumerate((world.ben, world.mia)):
        token_create(actor=as_actor(owner), name="Script", can_write=False, lasts_days=None)
        Share.objects.create(
            org=world.org,
            person=world.gus,
            shared_by=owner,
            subject_kind="access.note",
            subject_id=number,
            created_at=now(),
        )


@pytest.mark.parametrize(
    ("model", "policy", "twin"),
    [
        (Membership, policies.can_see_member, policies.visible_members),
        (Invitation, policies.can_see_invitation, policies.visible_invitations),
        (Share, policies.can_see_share, policies.visible_shares),
        (ApiToken, policies.can_see_token, policies.visible_tokens),
    ],
)
def test_each_policy_agrees_with_its_twin_for_everybody(world: World, model, policy, twin) -> None:
    _populated(world)
    actors = [as_actor(getattr(world, name)) for name in PEOPLE] + [system_actor(world.org.pk, world.org.slug)]
    for actor in actors:
        allowed = {row.pk for row in model.objects.all() if policy(actor, row)}
        assert allowed == set(model.objects.filter(twin(actor)).values_list("pk", flat=True)), actor.name


@pytest.mark.parametrize(
    ("policy", "who"),
    [
        (policies.can_administer, {"ada", "max"}),
        (policies.can_invite, {"ada", "max"}),
        (policies.can_share, set(PEOPLE) - {"gus"}),
        (policies.can_use_tokens, set(PEOPLE) - {"gus"}),
    ],
)
def test_who_may_run_access(world: World, policy, who: set[str]) -> None:
    assert {name for name in PEOPLE if policy(as_actor(getattr(world, name)))} == who


def test_a_refusal_says_why(world: World) -> None:
    assert "administrator" in policies.can_invite(as_actor(world.ben)).reason
