"""Several releases of the same ballots: joiners, withdrawn ballots, movers, and what their comparison gives away."""

from __future__ import annotations

import numpy as np
import pytest

from throughline_analysis.disclosure import (
    Comment,
    Release,
    ReleaseOutcome,
    SurveyRecords,
    attack_temporal,
    gate,
    release_make,
    roster_of,
    survey_records,
    team_organisation,
)
from throughline_analysis.disclosure.earlier import SEEN_TOGETHER, singled_out
from throughline_analysis.errors import InputError, NotEnoughData


def rng_of(*seed: int) -> np.random.Generator:
    return np.random.default_rng(list(seed))


def one_unit(answers: list[float], **given: object) -> SurveyRecords:
    return survey_records([-1], [0] * len(answers), answers=np.array(answers)[:, None], points=2, **given)


def released(records: list[SurveyRecords], seed: int = 1) -> list[ReleaseOutcome]:
    made: list[ReleaseOutcome] = []
    for step, one in enumerate(records):
        made.append(release_make(one, rng=rng_of(seed, step), earlier=[before.ledger for before in made]))
    return made


def assert_nothing_follows(releases: list[Release], records: list[SurveyRecords]) -> None:
    found = attack_temporal(releases, [roster_of(one) for one in records])
    assert found.integer.n_certain == 0
    assert not found.integer.is_one_sided.any()
    assert found.linear.small_groups == ()


HALF = [1.0] * 10 + [0.0] * 10


def test_the_topmost_value_goes_where_it_would_give_the_joiners_away() -> None:
    # 10 of 20 are printed as 50 %, 10 of 25 as 40 %: both stand for 10 alone, so all five joiners would have said no.
    records = [one_unit(HALF), one_unit([*HALF, *[0.0] * 5])]
    first, second = released(records)
    assert first.release.words(0, 0) == "50 %"
    assert second.release.words(0, 0) == "not shown"
    assert_nothing_follows([first.release, second.release], records)


def test_withdrawn_ballots_stay_as_safe_as_those_that_are_still_there() -> None:
    records = [one_unit([*HALF, *[0.0] * 5]), one_unit(HALF)]
    first, second = released(records)
    assert second.release.words(0, 0) == "not shown"
    assert_nothing_follows([first.release, second.release], records)


def test_a_question_that_one_joiner_answered_is_not_shown_again() -> None:
    early = np.stack([HALF, HALF], axis=1)
    joiners = np.column_stack([[1.0, 0, 1, 0, 1, 0], [1.0, *[np.nan] * 5]])
    first, late = (
        survey_records([-1], [0] * len(answers), answers=answers, points=2)
        for answers in (early, np.vstack([early, joiners]))
    )
    _, second = released([first, late])
    assert second.release.is_shown[0].tolist() == [True, False]
    with pytest.raises(NotEnoughData, match="make the difference"):
        released([one_unit(HALF), one_unit([*HALF, 1.0, *[np.nan] * 5])])


def test_no_release_can_be_made_of_questions_nobody_answered() -> None:
    with pytest.raises(NotEnoughData, match="fewer than 5 answers"):
        release_make(one_unit([1.0, 1.0, *[np.nan] * 6]), rng=rng_of(2))


def test_a_comment_is_listed_once_so_that_a_move_does_not_name_its_writer() -> None:
    # Only person 20 is in the first unit first and in the second one later.
    units = np.repeat([1, 2], [21, 40]), np.concatenate([[1] * 20, [2] * 21, [1] * 20])
    comments = (Comment(20, 0, "mine"), Comment(3, 0, "theirs"))
    answers = np.arange(61)[:, None] % 2
    records = [survey_records([-1, 0, 0], unit, answers=answers, points=2, comments=comments) for unit in units]
    first, second = released(records)
    assert [(one.unit, one.texts) for one in first.release.comments] == [(1, ("mine", "theirs"))]
    assert second.release.is_shown.sum() == 3
    assert second.release.comments == ()


@pytest.mark.parametrize(("n_joiners", "expected"), [(9, ()), (10, ("late",))])
def test_new_comments_come_from_ten_new_ballots_on(n_joiners: int, expected: tuple[str, ...]) -> None:
    more = [*HALF, *[1.0, 0.0] * 5][: 20 + n_joiners]
    comments = (Comment(2, 0, "early"), Comment(20, 0, "late"))
    _, second = released([one_unit(HALF, comments=comments[:1]), one_unit(more, comments=comments)])
    assert tuple(text for one in second.release.comments for text in one.texts) == expected


def test_comments_held_back_for_want_of_ten_are_listed_when_there_are_enough() -> None:
    comments = (Comment(2, 0, "early"),)
    few, more = [1.0, 0.0] * 4, [1.0, 0.0] * 9
    first, second = released([one_unit(few, comments=comments), one_unit(more, comments=comments)])
    assert first.release.comments == ()
    assert [one.texts for one in second.release.comments] == [("early",)]


def test_a_key_with_other_answers_or_points_is_refused() -> None:
    first = release_make(one_unit(HALF), rng=rng_of(3))
    with pytest.raises(InputError, match="other answers now"):
        release_make(one_unit([1.0, *HALF]), rng=rng_of(3), earlier=[first.ledger])
    other = survey_records([-1], [0] * 20, answers=np.array(HALF)[:, None], points=5)
    with pytest.raises(InputError, match="possible answers"):
        release_make(other, rng=rng_of(3), earlier=[first.ledger])


def test_groups_that_follow_only_from_three_divisions_together_are_found() -> None:
    # Adding one group of each of three pairs counts everybody once but for one person, who is counted twice.
    everybody = np.arange(17)
    first, second, third = (
        np.where(np.isin(everybody, group), 0, -1) for group in (range(6), range(6, 12), range(11, 17))
    )
    whole = np.zeros(17, dtype=np.int64)
    assert singled_out([whole, first], most=4) == []
    assert singled_out([whole, first, second, third], most=4) == [(11,)]


@pytest.mark.parametrize("whole_program", [gate.WHOLE_PROGRAM, 30], ids=["seen as a whole", "seen in parts"])
@pytest.mark.parametrize("seed", [45, 73, 94, 11, 46, 28, 40])
def test_moves_joiners_and_withdrawals_over_time_give_nothing_away(
    seed: int, whole_program: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Releases of more people are seen in parts, here of fewer people than the organisation and some of its units have.
    monkeypatch.setattr(gate, "WHOLE_PROGRAM", whole_program)
    monkeypatch.setattr(gate, "AROUND", min(gate.AROUND, whole_program // 3))
    rng = rng_of(4, seed)
    records = team_organisation(rng, n_people=80, n_filters=seed % 3, n_questions=2)
    made: list[ReleaseOutcome] = []
    shown: list[SurveyRecords] = []
    keys = np.arange(records.n_people)
    for step in range(3):
        if step:
            records, keys = a_month_later(records, keys, rng, newest=1_000 * step)
        try:
            made.append(release_make(records, rng=rng, earlier=[one.ledger for one in made]))
            shown.append(records)
        except NotEnoughData:
            continue
    assert len(made) > 1
    assert records.n_people <= SEEN_TOGETHER
    assert_nothing_follows([one.release for one in made], shown)


def a_month_later(
    records: SurveyRecords, keys: np.ndarray, rng: np.random.Generator, *, newest: int
) -> tuple[SurveyRecords, np.ndarray]:
    unit = np.array(records.unit)
    movers = rng.choice(len(unit), 8, replace=False)
    unit[movers] = rng.choice(unit, 8)
    stay = np.sort(rng.permutation(len(unit))[6:])
    rows = np.concatenate([stay, rng.choice(len(unit), 7)])
    new = np.concatenate([keys[stay], newest + np.arange(7)])
    later = survey_records(
        records.tree.parents,
        unit[rows],
        answers=records.answers[rows],
        points=records.points,
        attributes=records.attributes[rows],
        keys=new,
    )
    return later, new
