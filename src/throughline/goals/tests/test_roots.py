"""Where the tree begins: at goals that stand under no other today."""

from __future__ import annotations

from tests.worlds import World, as_actor
from throughline.goals.models import Alignment, Goal
from throughline.goals.rules.records import ParentRecord
from throughline.goals.selectors import GoalFilter, goal_tree_roots
from throughline.goals.services import BulkGoal, GoalFields, goal_align, goal_unalign, goals_write_bulk
from throughline.goals.tests.goal_world import goal_of


def roots(world: World, wanted: GoalFilter | None = None) -> list[str]:
    return [row.title for row in goal_tree_roots(as_actor(world.ada), wanted or GoalFilter()).rows]


def test_an_aligned_goal_is_no_root_until_its_last_alignment_ends(world: World) -> None:
    tom = as_actor(world.tom)
    child, first, second = (goal_of(world, title=title) for title in ("Child", "First", "Second"))
    made = []
    for parent in (first, second):
        child.refresh_from_db()
        made.append(goal_align(actor=tom, child=child, parent=parent, version=child.version, rule="supports"))
    assert roots(world) == ["First", "Second"]
    for alignment, expected in zip(made, (["First", "Second"], ["Child", "First", "Second"]), strict=True):
        child.refresh_from_db()
        goal_unalign(actor=tom, alignment=Alignment.objects.get(pk=alignment.pk), version=child.version)
        assert roots(world) == expected


def test_under_a_filter_a_goal_begins_where_its_parents_do_not_fit(world: World) -> None:
    child, parent = goal_of(world, title="Child"), goal_of(world, title="Parent", unit_id=world.clinics.pk)
    goal_align(actor=as_actor(world.tom), child=child, parent=parent, version=child.version)
    assert roots(world) == ["Parent"]
    assert child.unit_id is not None
    assert roots(world, GoalFilter(owner_id=child.owner_id, unit_id=child.unit_id)) == ["Child"]


def test_imported_alignments_count_too(world: World) -> None:
    goals = [
        BulkGoal(external_id="above", fields=GoalFields(title="Above", level="organisation"), state="active"),
        BulkGoal(
            external_id="below",
            fields=GoalFields(title="Below", level="organisation"),
            state="active",
            parents=(ParentRecord("above"),),
        ),
    ]
    written = goals_write_bulk(actor=as_actor(world.ada), goals=goals)
    assert Goal.objects.get(pk=written.ids["below"]).is_aligned
    assert roots(world) == ["Above"]
