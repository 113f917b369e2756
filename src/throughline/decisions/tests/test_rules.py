"""Who is asked again, and how signatures read, against a plain reading of the rule's sentences."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughline.decisions import rules
from throughline.decisions.methods import METHODS, Method
from throughline.decisions.rules import Asked, Capacity, Poll, SignatureState, Spoken, Stance
from throughline.ledger.subjects import ChangeKind

capacities = st.sets(st.sampled_from(sorted(Capacity)), min_size=1)
changes = st.sets(st.sampled_from(sorted(ChangeKind)))


def is_asked_by_the_sentence(capacity: Capacity, made: set[ChangeKind]) -> bool:
    """The issue's sentence, clause by clause, without the table."""
    # "A changed target, baseline, unit, direction, date or owner asks everyone"
    if ChangeKind.TERMS in made:
        return True
    # "changed wording asks everyone, unless declared editorial"
    if ChangeKind.WORDING in made and ChangeKind.EDITORIAL not in made:
        return True
    is_owner = capacity in (Capacity.OWNER, Capacity.CO_OWNER)
    # "changed key results or initiatives ask owners and stakeholders"
    if ChangeKind.PARTS in made and (is_owner or capacity is Capacity.STAKEHOLDER):
        return True
    # "a changed alignment … asks both ends"
    if ChangeKind.UPWARD in made and (is_owner or capacity is Capacity.PARENT_OWNER):
        return True
    # "… or dependency asks both ends"; "the others carry over"
    return ChangeKind.SIDEWAYS in made and (is_owner or capacity is Capacity.PROVIDER)


@given(capacities, changes)
def test_the_table_says_what_the_sentence_says(held: set[Capacity], made: set[ChangeKind]) -> None:
    expected = any(is_asked_by_the_sentence(capacity, made) for capacity in held)
    assert rules.is_asked_again(held, made) is expected


@given(capacities, changes, changes)
def test_several_kinds_ask_at_least_whom_each_asks(
    held: set[Capacity], first: set[ChangeKind], second: set[ChangeKind]
) -> None:
    without = {ChangeKind.EDITORIAL}
    both = rules.is_asked_again(held, (first | second) - without)
    assert both is (rules.is_asked_again(held, first - without) or rules.is_asked_again(held, second - without))


@given(capacities, changes)
def test_an_editorial_declaration_excuses_wording_and_nothing_else(held: set[Capacity], made: set[ChangeKind]) -> None:
    declared = rules.is_asked_again(held, made | {ChangeKind.EDITORIAL})
    assert declared is rules.is_asked_again(held, made - {ChangeKind.WORDING, ChangeKind.EDITORIAL})


TABLE = {
    ChangeKind.TERMS: set(Capacity),
    ChangeKind.PARTS: {Capacity.OWNER, Capacity.CO_OWNER, Capacity.STAKEHOLDER},
    ChangeKind.UPWARD: {Capacity.OWNER, Capacity.CO_OWNER, Capacity.PARENT_OWNER},
    ChangeKind.SIDEWAYS: {Capacity.OWNER, Capacity.CO_OWNER, Capacity.PROVIDER},
    ChangeKind.WORDING: set(Capacity),
    ChangeKind.EDITORIAL: set(),
}


@pytest.mark.parametrize("kind", list(ChangeKind))
def test_each_kind_of_change_asks_exactly_its_capacities(kind: ChangeKind) -> None:
    assert rules.capacities_asked([kind]) == TABLE[kind]


@pytest.mark.parametrize(
    ("given_on", "now_at", "words"),
    [
        (3, 4, "signed version 3; version 4 did not change what you signed as stakeholder"),
        (3, 6, "signed version 3; versions 4 to 6 did not change what you signed as stakeholder"),
        (4, 4, "signed version 4"),
    ],
)
def test_a_signature_reads_as_the_issue_words_it(given_on: int, now_at: int, words: str) -> None:
    asked = Asked(1, {Capacity.STAKEHOLDER: 1}, Spoken(given_on, Stance.AGREE))
    assert rules.signature_label(asked, version=now_at, is_reader=True) == words


@given(
    st.dictionaries(st.sampled_from(sorted(Capacity)), st.integers(1, 9), min_size=1),
    st.integers(1, 9),
    st.sampled_from(sorted(Stance)),
)
def test_a_position_counts_only_from_the_latest_version_any_capacity_needs(
    since: dict[Capacity, int], version: int, stance: Stance
) -> None:
    asked = Asked(1, since, Spoken(version, stance))
    state = rules.signature_state(asked, version=9)
    assert (state is SignatureState.ASKED_AGAIN) is any(version < needed for needed in since.values())
    assert asked.has_signed is (asked.has_spoken and stance in rules.SIGNING)


def poll(*people: Asked, objections: int = 0, past: bool = False) -> Poll:
    return Poll(version=1, asked=people, open_objections=objections, is_past_closing=past)


SILENT = Asked(1, {Capacity.MEMBER: 1})
AGREES = Asked(2, {Capacity.MEMBER: 1}, Spoken(1, Stance.AGREE))
ABSTAINS = Asked(3, {Capacity.MEMBER: 1}, Spoken(1, Stance.ABSTAIN))


@pytest.mark.parametrize(
    ("method", "case", "may_adopt"),
    [
        ("consent", poll(AGREES, ABSTAINS), True),
        ("consent", poll(AGREES, SILENT), False),
        ("consent", poll(AGREES, SILENT, past=True), True),
        ("consent", poll(AGREES, objections=1, past=True), False),
        ("sign_off", poll(AGREES), True),
        ("sign_off", poll(AGREES, ABSTAINS), False),
        ("sign_off", poll(AGREES, SILENT, past=True), False),
        ("sign_off", poll(AGREES, objections=1), False),
    ],
)
def test_each_method_judges_by_its_own_rule(method: str, case: Poll, may_adopt: bool) -> None:
    judgement = METHODS[method].judge(case)
    assert judgement.may_adopt is may_adopt
    assert judgement.words.endswith((".", "?"))


@pytest.mark.parametrize("method", list(METHODS), ids=lambda entry: entry.key)
def test_every_method_can_be_explained_and_judges_an_empty_poll(method: Method) -> None:
    assert method.label
    assert method.explanation.endswith(".")
    assert isinstance(method.judge(poll()).words, str)


def test_a_declaration_may_be_contested_for_seven_days() -> None:
    declared = datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert rules.contest_until(declared) - declared == timedelta(days=7)


def test_the_hash_binds_every_character() -> None:
    assert rules.text_hash("a") != rules.text_hash("a ")
    assert rules.text_hash("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
