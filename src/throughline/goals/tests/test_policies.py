"""Who may read and change goals: a table per role, and the query that agrees with it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.worlds import World, as_actor
from throughline.goals import policies
from throughline.goals.models import Goal
from throughline.goals.selectors import goal_visible, goals_table
from throughline.goals.selectors.rows import GoalFilter
from throughline.goals.services import dependency_request, goal_align, goal_share_co_owner
from throughline.goals.tests.goal_world import cycle_of, goal_of, theme_of, with_key_result
from throughline.kernel.errors import NotFound
from throughline.kernel.ids import SubjectRef
from throughline.kernel.scoping import in_org

READS_TEAM_GOAL = {
    "owner": True,
    "member": True,
    "team_lead": True,
    "leader": True,
    "facilitator": True,
    "administrator": False,
    "elsewhere": False,
    "guest": False,
}
CHANGES_ACTIVE_GOAL = {
    "owner": True,
    "member": False,
    "team_lead": True,
    "leader": True,
    "facilitator": False,
    "administrator": False,
    "elsewhere": False,
    "guest": False,
}


def goals_of_all_kinds(world: World) -> list[Goal]:
    """Open and team goals, of a unit and of persons, with parts, co-owners, providers and goals above."""
    tom, mia = as_actor(world.tom), as_actor(world.mia)
    open_goal = goal_of(world)
    team = goal_of(world, title="Team", visibility="team")
    person = goal_of(world, title="Ben learns", level="person", owner_id=world.ben.pk, unit_id=None)
    shared = goal_of(world, title="Shared", level="person", owner_id=world.tom.pk, unit_id=None)
    goal_share_co_owner(actor=tom, goal=shared, person_id=world.mia.pk, version=1)
    provided = goal_of(world, title="Provided", visibility="team", unit_id=world.top.pk)
    dependency_request(actor=tom, goal=provided, provider_id=world.mia.pk, text="Data", version=1)
    above = goal_of(world, title="Above", owner_id=world.mia.pk, unit_id=world.clinics.pk)
    below = goal_of(world, title="Below", visibility="team")
    goal_align(actor=tom, child=below, parent=above, version=1)
    for goal in (open_goal, team, person, shared, below):
        with_key_result(tom if goal is not person else as_actor(world.lea), goal)
    assert mia.person_id == world.mia.pk
    return list(Goal.objects.all())


def test_query_and_verdict_agree_for_every_role(world: World) -> None:
    goals = goals_of_all_kinds(world)
    guest = replace(as_actor(world.gus), shared=frozenset({SubjectRef("goals.goal", goals[0].pk)}))
    actors = [as_actor(person) for name, person in world.everyone.items() if name not in ("stranger", "guest")]
    for actor in [*actors, guest, as_actor(world.gus)]:
        shown = set(Goal.objects.filter(policies.visible_goals(actor)).values_list("id", flat=True))
        allowed = {goal.pk for goal in Goal.objects.all() if policies.can_read_goal(actor, goal)}
        assert shown == allowed, actor.name


@pytest.mark.parametrize(("who", "expected"), READS_TEAM_GOAL.items())
def test_who_reads_a_team_goal(world: World, who: str, expected: bool) -> None:
    goal = goal_of(world, visibility="team")
    assert bool(policies.can_read_goal(as_actor(world.everyone[who]), goal)) is expected


@pytest.mark.parametrize(("who", "expected"), CHANGES_ACTIVE_GOAL.items())
def test_who_changes_and_checks_in_on_an_active_goal(world: World, who: str, expected: bool) -> None:
    goal = goal_of(world)
    Goal.objects.filter(pk=goal.pk).update(state="active")
    goal.refresh_from_db()
    actor = as_actor(world.everyone[who])
    assert bool(policies.can_edit_goal(actor, goal)) is expected
    assert bool(policies.can_check_in(actor, goal)) is expected


def test_cycles_and_themes_agree_with_their_queries(world: World) -> None:
    cycle, theme = cycle_of(world), theme_of(world)
    guest = replace(as_actor(world.gus), shared=frozenset({SubjectRef("goals.cycle", cycle.pk)}))
    for actor in (as_actor(world.ben), as_actor(world.gus), guest):
        cycles = type(cycle).objects.filter(policies.visible_cycles(actor))
        themes = type(theme).objects.filter(policies.visible_themes(actor))
        assert bool(policies.can_read_cycle(actor, cycle)) is cycles.exists()
        assert bool(policies.can_read_theme(actor, theme)) is themes.exists()


def test_another_organisation_finds_nothing(world: World) -> None:
    goal = goal_of(world)
    sid = world.sid
    from throughline.access.actors import actor_of_person
    from throughline.kernel.scoping import across_orgs

    with across_orgs(reason="a test looks from the other organisation"), in_org(world.other_org.pk):
        stranger = actor_of_person(sid.pk, world.other_org.pk)
        assert stranger is not None
        with pytest.raises(NotFound):
            goal_visible(stranger, goal.pk)


def test_list_queries_do_not_grow_with_rows(world: World, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    actor = as_actor(world.ben)
    goal_of(world)
    with django_assert_num_queries(3):
        one = goals_table(actor, GoalFilter())
    for number in range(12):
        goal_of(world, title=f"Goal {number:02}")
    with django_assert_num_queries(3):
        many = goals_table(actor, GoalFilter())
    assert (len(one.rows), len(many.rows)) == (1, 13)


def test_unit_filter_reaches_units_below(world: World) -> None:
    goal_of(world)
    goal_of(world, title="Elsewhere", unit_id=world.clinics.pk)
    actor = as_actor(world.ben)
    assert len(goals_table(actor, GoalFilter(unit_id=world.top.pk)).rows) == 2
    assert [row.title for row in goals_table(actor, GoalFilter(unit_id=world.clinics.pk)).rows] == ["Elsewhere"]
