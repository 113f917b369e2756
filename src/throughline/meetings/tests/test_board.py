"""Named contributions, grouping, undo and the close."""

from __future__ import annotations

import pytest

from tests.worlds import World, as_actor
from throughline.kernel.errors import Conflict, Invalid, Refused
from throughline.kernel.ids import SubjectRef
from throughline.ledger.models import Event, Link, SearchEntry
from throughline.meetings import selectors, services
from throughline.meetings.models import AgendaItem, BoardMove, Contribution, Meeting, Theme
from throughline.meetings.rules import CardMove, CardRef, MeetingState
from throughline.meetings.tests.boards import closed, opened, plan


def say(world: World, meeting: Meeting, text: str = "The queue is too long", who: str = "ben") -> Contribution:
    return services.contribution_post(actor=as_actor(getattr(world, who)), meeting=meeting, text=text)


def moved(world: World, meeting: Meeting, row: Contribution, to: Theme | None, *, who: str = "fay") -> int:
    row.refresh_from_db()
    return services.cards_move(
        actor=as_actor(getattr(world, who)),
        meeting=meeting,
        moves=[CardMove(CardRef("n", row.pk), row.theme_id)],
        to_theme_id=to.pk if to is not None else None,
    )


def test_a_meeting_takes_question_and_agenda_from_its_format(world: World) -> None:
    meeting = plan(world)
    assert meeting.question.startswith("What should we hear")
    assert AgendaItem.objects.filter(meeting=meeting).count() == 4
    assert Event.objects.filter(kind="meetings.meeting_planned", subject_id=meeting.pk).count() == 1


def test_nobody_posts_before_the_board_opens(world: World) -> None:
    with pytest.raises(Refused, match="not open yet"):
        say(world, plan(world))


def test_posting_records_one_event_in_the_meetings_context_and_is_findable(world: World) -> None:
    meeting = opened(world)
    row = say(world, meeting)
    event = Event.objects.get(kind="meetings.contribution_posted")
    assert (event.subject_id, event.context_kind, event.context_id) == (row.pk, "meetings.meeting", meeting.pk)
    assert SearchEntry.objects.get(kind="meetings.contribution", subject_id=row.pk).body == row.text


@pytest.mark.parametrize(("text", "words"), [("  ", "Write what"), ("x" * 2001, "2,001")])
def test_a_contribution_has_between_1_and_2000_characters(world: World, text: str, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        say(world, opened(world), text)


def test_an_edit_from_an_old_version_is_refused(world: World) -> None:
    row = say(world, opened(world))
    ben = as_actor(world.ben)
    services.contribution_edit(actor=ben, contribution=row, text="The queue is very long", version=1)
    with pytest.raises(Conflict, match="another window"):
        services.contribution_edit(actor=ben, contribution=row, text="Queue", version=1)
    row.refresh_from_db()
    assert (row.text, row.version) == ("The queue is very long", 2)
    assert row.edited_at is not None


def test_only_the_author_changes_a_contribution(world: World) -> None:
    row = say(world, opened(world))
    with pytest.raises(Refused):
        services.contribution_edit(actor=as_actor(world.fay), contribution=row, text="x", version=1)


def test_withdrawing_erases_the_words_the_link_and_the_search_entry(world: World) -> None:
    meeting = opened(world)
    row = say(world, meeting)
    services.theme_create(
        actor=as_actor(world.fay), meeting=meeting, title="Queues", moves=[CardMove(CardRef("n", row.pk), None)]
    )
    row.refresh_from_db()
    services.contribution_withdraw(actor=as_actor(world.ben), contribution=row)
    row.refresh_from_db()
    assert (row.text, row.theme_id) == ("", None)
    assert not Link.objects.exists()
    assert not SearchEntry.objects.filter(kind="meetings.contribution").exists()


def test_grouping_links_the_theme_to_what_it_is_derived_from(world: World) -> None:
    meeting = opened(world)
    row = say(world, meeting)
    theme = services.theme_create(actor=as_actor(world.fay), meeting=meeting, title="Queues")
    moved(world, meeting, row, theme)
    link = Link.objects.get()
    assert (link.relation, link.from_kind, link.from_id) == ("derived_from", "meetings.theme", theme.pk)
    assert (link.to_kind, link.to_id) == ("meetings.contribution", row.pk)
    moved(world, meeting, row, None)
    assert not Link.objects.exists()


def test_a_card_that_moved_on_refuses_and_nothing_of_the_move_happens(world: World) -> None:
    meeting = opened(world)
    first, second = say(world, meeting, "One"), say(world, meeting, "Two")
    fay = as_actor(world.fay)
    one = services.theme_create(actor=fay, meeting=meeting, title="One theme")
    other = services.theme_create(actor=fay, meeting=meeting, title="Other theme")
    moved(world, meeting, second, other)
    stale = [CardMove(CardRef("n", first.pk), None), CardMove(CardRef("n", second.pk), None)]
    with pytest.raises(Conflict, match="in “Other theme” now"):
        services.cards_move(actor=fay, meeting=meeting, moves=stale, to_theme_id=one.pk)
    first.refresh_from_db()
    assert first.theme_id is None


def test_members_group_only_once_grouping_has_begun(world: World) -> None:
    meeting = opened(world)
    row = say(world, meeting)
    theme = services.theme_create(actor=as_actor(world.fay), meeting=meeting, title="Queues")
    with pytest.raises(Refused, match="once the facilitator"):
        moved(world, meeting, row, theme, who="ben")
    meeting = services.meeting_move(actor=as_actor(world.fay), meeting=meeting, to=MeetingState.GROUPING)
    assert moved(world, meeting, row, theme, who="ben") == 1


def test_undo_takes_back_ones_own_last_move_and_nothing_of_others(world: World) -> None:
    meeting = opened(world)
    fay, tom = as_actor(world.fay), as_actor(world.tom)
    services.people_invite(actor=fay, meeting=meeting, person_ids=[world.tom.pk], are_facilitators=True)
    one, two = say(world, meeting, "One"), say(world, meeting, "Two")
    theme = services.theme_create(actor=fay, meeting=meeting, title="Queues")
    other = services.theme_create(actor=fay, meeting=meeting, title="Other")
    moves = [CardMove(CardRef("n", row.pk), None) for row in (one, two)]
    services.cards_move(actor=fay, meeting=meeting, moves=moves, to_theme_id=theme.pk)
    moved(world, meeting, two, other, who="tom")
    done = services.board_undo(actor=fay, meeting=meeting)
    one.refresh_from_db()
    two.refresh_from_db()
    assert (done.done, done.skipped) == (1, 1)
    assert (one.theme_id, two.theme_id) == (None, other.pk)
    assert services.board_undo(actor=tom, meeting=meeting).done == 1


def test_merge_split_rename_and_remove_can_be_undone(world: World) -> None:
    meeting = opened(world)
    fay = as_actor(world.fay)
    row = say(world, meeting)
    card = CardRef("n", row.pk)
    first = services.theme_create(actor=fay, meeting=meeting, title="First", moves=[CardMove(card, None)])
    second = services.theme_create(actor=fay, meeting=meeting, title="Second")
    services.themes_merge(actor=fay, theme=first, into=second)
    row.refresh_from_db()
    assert row.theme_id == second.pk
    services.theme_create(actor=fay, meeting=meeting, title="Split", moves=[CardMove(card, second.pk)])
    second.refresh_from_db()
    services.theme_edit(actor=fay, theme=second, title="Renamed", version=second.version)
    services.theme_remove(actor=fay, theme=second)
    for _ in range(4):
        assert services.board_undo(actor=fay, meeting=meeting).skipped == 0
    row.refresh_from_db()
    titles = set(Theme.objects.filter(is_removed=False, merged_into=None).values_list("title", flat=True))
    assert (row.theme_id, titles) == (first.pk, {"First", "Second"})


def test_renaming_from_an_old_version_says_what_it_is_called_now(world: World) -> None:
    meeting = opened(world)
    fay = as_actor(world.fay)
    theme = services.theme_create(actor=fay, meeting=meeting, title="Queues")
    services.theme_edit(actor=fay, theme=theme, title="Waiting", version=1)
    with pytest.raises(Conflict, match="“Waiting” now"):
        services.theme_edit(actor=fay, theme=theme, title="Lines", version=1)


def test_closing_needs_an_outcome_and_is_final(world: World) -> None:
    meeting = opened(world)
    say(world, meeting)
    with pytest.raises(Invalid, match="came to"):
        closed(world, meeting, "  ")
    meeting = closed(world, meeting)
    event = Event.objects.get(kind="meetings.meeting_closed")
    assert event.data == {"named_count": 1, "unattributed_count": 0, "theme_count": 0}
    assert (meeting.receipt_salt, BoardMove.objects.count()) == ("", 0)
    with pytest.raises(Refused):
        services.meeting_move(actor=as_actor(world.fay), meeting=meeting, to=MeetingState.OPEN)


def test_closing_from_an_old_version_is_refused_and_changes_nothing(world: World) -> None:
    meeting = opened(world)
    with pytest.raises(Conflict, match="Your text is kept"):
        services.meeting_close(actor=as_actor(world.fay), meeting=meeting, outcome="x", version=1)
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.OPEN


@pytest.mark.parametrize("step", ["_rewrite_in_key_order", "event_record", "search_index", "links_create_bulk"])
def test_a_failure_in_the_middle_of_the_close_leaves_nothing_half_written(
    world: World, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = opened(world)
    theme = services.theme_create(actor=as_actor(world.fay), meeting=meeting, title="Queues")

    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr(f"throughline.meetings.services.closing.{step}", broken)
    with pytest.raises(RuntimeError):
        closed(world, meeting)
    meeting.refresh_from_db()
    assert (meeting.state, bool(meeting.receipt_salt)) == (MeetingState.OPEN, True)
    assert BoardMove.objects.filter(meeting=meeting).count() == 1
    assert theme.pk


def test_a_failure_in_the_middle_of_a_move_leaves_nothing_half_written(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = opened(world)
    row = say(world, meeting)

    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr("throughline.meetings.services.grouping.move_record", broken)
    with pytest.raises(RuntimeError):
        services.theme_create(
            actor=as_actor(world.fay), meeting=meeting, title="Queues", moves=[CardMove(CardRef("n", row.pk), None)]
        )
    row.refresh_from_db()
    assert (row.theme_id, Theme.objects.count(), Link.objects.count()) == (None, 0, 0)


def test_an_answer_tells_named_contributors_and_becomes_their_fate(world: World) -> None:
    from throughline.ledger.rules import FateKind
    from throughline.meetings.services.answering import fate_tell
    from throughline.notify.models import Notification

    meeting = opened(world)
    row = say(world, meeting)
    fay = as_actor(world.fay)
    theme = services.theme_create(
        actor=fay, meeting=meeting, title="Queues", moves=[CardMove(CardRef("n", row.pk), None)]
    )
    answer = services.theme_or_contribution_answer(
        actor=fay,
        meeting=meeting,
        ref=SubjectRef("meetings.theme", theme.pk),
        kind=FateKind.NOT_TAKEN_UP,
        reason="Not this year, because of the move.",
    )
    event = Event.objects.get(kind="ledger.fate_given")
    assert fate_tell(actor=fay, event_id=event.pk) == 1
    assert fate_tell(actor=fay, event_id=event.pk) == 0
    told = Notification.objects.get(kind="meetings.theme_answered")
    assert (told.person_id, told.by_person_id) == (world.ben.pk, world.fay.pk)
    shown = selectors.my_voices(as_actor(world.ben)).rows[0].fate
    assert (shown.kind, shown.reason) == (FateKind.NOT_TAKEN_UP, answer.reason)
    assert shown.via is not None


def test_the_cursor_changes_with_every_change_of_the_board(world: World) -> None:
    meeting = opened(world)
    before = selectors.board_cursor(meeting)
    say(world, meeting)
    assert selectors.board_cursor(meeting) != before


def test_not_heard_counts_named_posts_only(world: World) -> None:
    meeting = opened(world)
    fay = as_actor(world.fay)
    assert set(selectors.not_heard_ids(fay, meeting)) == {world.ben.pk, world.tom.pk, world.fay.pk}
    say(world, meeting)
    assert selectors.named_contributor_ids(fay, [meeting.pk]) == {world.ben.pk}
    assert world.ben.pk not in selectors.not_heard_ids(fay, meeting)
