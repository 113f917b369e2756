"""Posting without a name: what is stored, what is not, and how it is followed."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.worlds import World, as_actor
from throughline.access.models import OnceKey
from throughline.kernel.errors import Conflict, Invalid, NotFound, Refused
from throughline.kernel.ids import SubjectRef, secret_hash
from throughline.ledger.models import Event, Link, SearchEntry
from throughline.ledger.rules import FateKind
from throughline.meetings import selectors, services
from throughline.meetings.models import Meeting, PostNonce, Unattributed
from throughline.meetings.rules import CardMove, CardRef, MeetingState, number_of_key, typed_secret
from throughline.meetings.services.unattributed import posting_key_of
from throughline.meetings.tests.boards import closed, crowd, nonce, opened, post_unattributed


@pytest.fixture
def board(world: World) -> Meeting:
    crowd(world)
    return opened(world, wants_anonymous=True)


def test_it_is_not_offered_where_fewer_than_eight_may_post(world: World) -> None:
    meeting = opened(world, wants_anonymous=True)
    shown = selectors.board_of(as_actor(world.ben), meeting)
    assert (bool(shown.anonymous), shown.posting_key) == (False, "")
    with pytest.raises(Refused, match="at least eight"):
        post_unattributed(meeting, "I am afraid to say this", 1)
    assert Unattributed.objects.count() == 0


def test_it_is_offered_where_eight_may_post(world: World, board: Meeting) -> None:
    assert selectors.may_post_count(board) == 9
    assert selectors.board_of(as_actor(world.ben), board).anonymous


def test_only_what_the_design_lists_is_stored(board: Meeting) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM meetings_unattributed")
        columns = {column[0] for column in cursor.description}
    assert columns == {
        "key",
        "number",
        "org_id",
        "meeting_id",
        "text",
        "receipt_hash",
        "theme_id",
        "is_shown",
        "is_withdrawn",
    }


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL has no rowid; its order is rewritten at the close"
)
def test_the_tables_have_no_row_order_on_sqlite(db: None) -> None:
    with connection.cursor() as cursor:
        for table in ("meetings_unattributed", "meetings_postnonce"):
            with pytest.raises(Exception, match="no such column"):
                cursor.execute(f"SELECT rowid FROM {table}")


def test_a_post_writes_no_event_no_search_entry_and_no_idempotency_row(board: Meeting) -> None:
    before = Event.objects.count()
    post_unattributed(board, "The on-call rota breaks families", 1)
    assert Event.objects.count() == before
    assert not OnceKey.objects.exists()
    assert not SearchEntry.objects.filter(body__icontains="on-call").exists()


def test_the_key_of_a_row_is_random_and_its_number_says_no_more(board: Meeting) -> None:
    post_unattributed(board, "One", 1)
    row = Unattributed.objects.get()
    assert len(row.key) == 32
    assert row.number == number_of_key(row.key) < 2**63


def test_a_wrong_posting_key_takes_nothing(board: Meeting) -> None:
    with pytest.raises(Invalid, match="posting key"):
        services.unattributed_post(meeting=board, key="wrong", text="One", nonce=nonce(1))
    assert Unattributed.objects.count() == PostNonce.objects.count() == 0


def test_the_posting_key_is_read_as_people_type_it(board: Meeting) -> None:
    typed = posting_key_of(board).upper().replace("-", " ")
    assert services.unattributed_post(meeting=board, key=typed, text="One", nonce=nonce(1)).receipt


def test_the_same_form_sent_twice_has_one_effect_and_one_receipt(board: Meeting) -> None:
    first = post_unattributed(board, "One", 1)
    again = services.unattributed_post(meeting=board, key=posting_key_of(board), text="One", nonce=nonce(1))
    assert (again.receipt, again.is_repeat) == (first, True)
    assert Unattributed.objects.count() == 1


def test_the_same_form_with_other_words_is_refused_with_what_to_do(board: Meeting) -> None:
    post_unattributed(board, "One", 1)
    with pytest.raises(Conflict, match="use the receipt"):
        post_unattributed(board, "Two", 1)
    assert Unattributed.objects.get().text == "One"


def test_posts_appear_in_batches_of_five_or_at_the_reveal(world: World, board: Meeting) -> None:
    for number in range(4):
        post_unattributed(board, f"Post {number}", number)
    assert selectors.board_of(as_actor(world.ben), board).card_count == 0
    post_unattributed(board, "Post 4", 4)
    assert selectors.board_of(as_actor(world.ben), board).card_count == 5
    post_unattributed(board, "Post 5", 5)
    assert selectors.board_of(as_actor(world.ben), board).card_count == 5
    services.meeting_move(actor=as_actor(world.fay), meeting=board, to=MeetingState.GROUPING)
    cards = selectors.board_of(as_actor(world.ben), board).columns[0].cards
    assert len(cards) == 6
    keys = list(Unattributed.objects.order_by("key").values_list("number", flat=True))
    assert [card.ref.number for card in cards] == keys


def test_a_hidden_post_cannot_be_moved_opened_or_answered(world: World, board: Meeting) -> None:
    post_unattributed(board, "One", 1)
    row = Unattributed.objects.get()
    fay = as_actor(world.fay)
    theme = services.theme_create(actor=fay, meeting=board, title="Queues")
    with pytest.raises(Conflict):
        services.cards_move(
            actor=fay, meeting=board, moves=[CardMove(CardRef("a", row.number), None)], to_theme_id=theme.pk
        )
    with pytest.raises(NotFound):
        selectors.unattributed_for(fay, row.number)
    with pytest.raises(NotFound):
        services.unattributed_message(actor=fay, meeting=board, number=row.number, text="Who are you?")


def test_a_receipt_reads_changes_and_withdraws_its_own_post(board: Meeting) -> None:
    receipt = post_unattributed(board, "One", 1)
    row = services.receipt_open(receipt.upper())
    assert row.receipt_hash == secret_hash(typed_secret(receipt))
    services.unattributed_edit(row=row, text="One, said better")
    assert Unattributed.objects.get().text == "One, said better"
    services.unattributed_withdraw(row=row)
    services.unattributed_withdraw(row=row)
    after = Unattributed.objects.get()
    assert (after.text, after.is_withdrawn) == ("", True)
    with pytest.raises(Conflict):
        services.unattributed_edit(row=row, text="Back again")


def test_an_unknown_receipt_opens_nothing(board: Meeting) -> None:
    post_unattributed(board, "One", 1)
    with pytest.raises(NotFound, match="Check every letter"):
        services.receipt_open("abcd-efgh")


def grouped(world: World, board: Meeting) -> tuple[str, int]:
    receipts = [post_unattributed(board, f"Post {number}", number) for number in range(5)]
    row = services.receipt_open(receipts[0])
    theme = services.theme_create(
        actor=as_actor(world.fay), meeting=board, title="Queues", moves=[CardMove(CardRef("a", row.number), None)]
    )
    return receipts[0], theme.pk


def test_grouping_names_unattributed_cards_in_no_event_and_links_them_at_the_close(
    world: World, board: Meeting
) -> None:
    receipt, theme_id = grouped(world, board)
    number = services.receipt_open(receipt).number
    assert not Link.objects.exists()
    assert str(number) not in str(list(Event.objects.values_list("subject_id", "context_id", "data")))
    closed(world, board)
    link = Link.objects.get()
    assert (link.from_id, link.to_kind, link.to_id) == (theme_id, "meetings.anonymous", number)


@pytest.mark.parametrize("is_closed", [False, True])
def test_the_receipt_shows_theme_fate_and_messages(world: World, board: Meeting, is_closed: bool) -> None:
    receipt, theme_id = grouped(world, board)
    fay = as_actor(world.fay)
    if is_closed:
        board = closed(world, board)
    services.theme_or_contribution_answer(
        actor=fay, meeting=board, ref=SubjectRef("meetings.theme", theme_id), kind=FateKind.ANSWERED, reason="In March."
    )
    row = services.receipt_open(receipt)
    services.unattributed_message(actor=fay, meeting=board, number=row.number, text="Could you say which rota?")
    shown = selectors.receipt_shown(row)
    assert (shown.theme_title, shown.fate.kind, shown.fate.reason) == ("Queues", FateKind.ANSWERED, "In March.")
    assert shown.messages == ("Could you say which rota?",)
    assert shown.can_edit is not is_closed


def test_the_close_deletes_nonces_and_salt_and_writes_one_event_with_the_count(world: World, board: Meeting) -> None:
    for number in range(3):
        post_unattributed(board, f"Post {number}", number)
    board = closed(world, board)
    assert PostNonce.objects.count() == 0
    assert (board.receipt_salt, board.unattributed_count) == ("", 3)
    assert Unattributed.objects.filter(is_shown=True).count() == 3
    event = Event.objects.get(kind="meetings.meeting_closed")
    assert event.data["unattributed_count"] == 3


def test_after_the_close_a_post_can_be_withdrawn_but_not_changed(world: World, board: Meeting) -> None:
    receipt = post_unattributed(board, "One", 1)
    closed(world, board)
    row = services.receipt_open(receipt)
    with pytest.raises(Conflict, match="closed"):
        services.unattributed_edit(row=row, text="Two")
    services.unattributed_withdraw(row=row)
    board.refresh_from_db()
    assert (Unattributed.objects.get().text, board.unattributed_count) == ("", 0)


def test_undo_moves_an_unattributed_card_back(world: World, board: Meeting) -> None:
    receipt, _ = grouped(world, board)
    services.board_undo(actor=as_actor(world.fay), meeting=board)
    assert services.receipt_open(receipt).theme_id is None


def test_a_failure_while_posting_leaves_nothing_half_written(board: Meeting, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(meeting: Meeting) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr("throughline.meetings.services.unattributed._show_full_batch", broken)
    with pytest.raises(RuntimeError):
        post_unattributed(board, "One", 1)
    assert Unattributed.objects.count() == PostNonce.objects.count() == 0


def test_unattributed_posts_are_not_what_somebody_said(world: World, board: Meeting) -> None:
    post_unattributed(board, "One", 1)
    assert selectors.named_contributor_ids(as_actor(world.fay), [board.pk]) == frozenset()
