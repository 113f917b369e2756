"""Themes: planted ones recovered, none where there are none, edits respected, an embedding that helps."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from throughline_analysis import InputError, NotEnoughData
from throughline_analysis.text import (
    NumberOfThemes,
    ThemeModel,
    find_themes,
    merge_themes,
    move_text,
    refit_themes,
    rename_theme,
    split_theme,
)
from throughline_analysis.text.tests.planted import planted_texts, synonym_embedding

COMMENTS = (
    Path(__file__).resolve().parents[5] / "shared" / "data" / "opinion" / "scoop-hivemind.biodiversity" / "comments.csv"
)


@pytest.fixture(scope="module", autouse=True)
def _fewer_resamples() -> Iterator[None]:
    """Half of the splits and shuffles: enough for texts as clear as these, and twice as fast. bench uses all."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("throughline_analysis.text.stability.SPLITS", 4)
        patch.setattr("throughline_analysis.text.stability.SHUFFLES", 10)
        yield


def seeded(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.fixture(scope="module")
def planted() -> tuple[list[str], np.ndarray]:
    return planted_texts(300, 4, seeded(7))


@pytest.fixture(scope="module")
def model(planted: tuple[list[str], np.ndarray]) -> ThemeModel:
    return find_themes(planted[0], rng=seeded())


def test_planted_themes_are_found_in_number_and_in_text(
    planted: tuple[list[str], np.ndarray], model: ThemeModel
) -> None:
    assert model.number is not None
    assert model.number.chosen == 4
    # Half of twelve words come from the theme; a text with none or one of them cannot be placed.
    assert adjusted_rand_score(planted[1], model.theme_of) > 0.9


def test_names_are_words_of_the_theme(model: ThemeModel) -> None:
    for theme in model.themes:
        words = theme.name.split(" · ")
        assert len(words) == 3
        assert len({word[0] for word in words}) == 1
        assert all(word.endswith("topic") for word in words)


def test_planted_themes_are_found_again_in_the_halves(model: ThemeModel) -> None:
    for theme in model.themes:
        assert theme.interval is not None
        assert theme.replication is not None
        assert 0.6 < theme.interval.low <= theme.replication <= theme.interval.high <= 1


@pytest.mark.parametrize("seed", range(2))
def test_texts_without_themes_have_none(seed: int) -> None:
    texts, _ = planted_texts(70, 2, seeded(seed), share=0.0)
    with pytest.raises(NotEnoughData, match="no themes that hold"):
        find_themes(texts, rng=seeded(seed))


@pytest.mark.parametrize(("least", "is_supported"), [(0.05, True), (0.1, True), (0.2, False)])
def test_a_trace_of_likeness_is_not_enough_however_certain(
    least: float, is_supported: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The default is 0.1; this number of themes is found again by 0.15 more than shuffled words, far beyond doubt.
    monkeypatch.setattr("throughline_analysis.text.stability.LEAST_EXCESS", least)
    number = NumberOfThemes(
        tried=np.array([2, 3]),
        likeness=np.array([0.3, 0.32]),
        shuffled=np.array([0.25, 0.2]),
        excess=np.array([0.067, 0.15]),
        chosen=3,
        evidence=12.0,
        bound=3.0,
        level=0.95,
        n_texts=100,
        method="",
    )
    assert number.is_supported is is_supported
    assert not replace(number, evidence=2.0).is_supported


def test_few_texts_are_refused() -> None:
    with pytest.raises(NotEnoughData, match="Only 19 texts have words"):
        find_themes(["some words here"] * 19 + ["", "!"], rng=seeded())


def test_twenty_texts_are_enough_when_the_number_is_given() -> None:
    texts = ["tram stop", "tram line", "bus stop", "bus line", "tram bus"] * 2
    texts += ["soup rice", "rice meal", "soup meal", "bread rice", "bread meal"] * 2
    found = find_themes(texts, rng=seeded(), n_themes=2)
    assert len(set(found.theme_of[:10])) == len(set(found.theme_of[10:])) == 1
    assert found.theme_of[0] != found.theme_of[19]


def test_the_same_generator_gives_the_same_model(planted: tuple[list[str], np.ndarray]) -> None:
    one, other = (find_themes(planted[0][:60], rng=seeded(), n_themes=3) for _ in range(2))
    assert one.themes == other.themes
    assert np.array_equal(one.membership, other.membership)


def test_order_of_texts_hardly_changes_the_themes(planted: tuple[list[str], np.ndarray], model: ThemeModel) -> None:
    order = seeded(3).permutation(300)
    mixed = find_themes([planted[0][row] for row in order], rng=seeded(), n_themes=4)
    # The start is random, so a text between two themes may fall to the other side.
    assert adjusted_rand_score(model.theme_of[order], mixed.theme_of) > 0.95


def test_memberships_are_shares_and_fits_are_cosines(model: ThemeModel) -> None:
    total = model.membership.sum(axis=1)
    assert np.logical_or(np.abs(total - 1) < 1e-9, total == 0).all()
    assert model.membership.min() >= 0
    assert 0 <= model.fit.min() <= model.fit.max() <= 1
    assert model.sizes.sum() == (model.theme_of >= 0).sum()
    assert (np.diff(model.sizes) <= 15).all()  # largest first, up to texts between themes


@pytest.mark.parametrize("least_fit", [0.025, 0.05, 0.1])
def test_half_and_double_the_least_fit_move_few_texts(
    planted: tuple[list[str], np.ndarray], least_fit: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("throughline_analysis.text.theme_model.LEAST_FIT", least_fit)
    found = find_themes(planted[0], rng=seeded(), n_themes=4)
    # The default is 0.05. Few texts have at most two of twelve words from their theme; only those may lose it.
    assert (found.theme_of < 0).mean() < 0.05


def test_a_text_of_other_words_belongs_to_no_theme(planted: tuple[list[str], np.ndarray]) -> None:
    found = find_themes([*planted[0], "quite different", ""], rng=seeded(), n_themes=4)
    assert found.theme_of[-2:].tolist() == [-1, -1]
    assert found.fit[-2:].tolist() == [0.0, 0.0]


def test_a_renamed_theme_keeps_its_name_in_the_next_run(
    planted: tuple[list[str], np.ndarray], model: ThemeModel
) -> None:
    later = refit_themes(rename_theme(model, "t2", name=" Trust "), planted[0], rng=seeded())
    assert [theme.name == "Trust" for theme in later.themes] == [False, True, False, False]
    assert later.themes[1].is_named


def test_merged_themes_stay_merged_in_the_next_run(planted: tuple[list[str], np.ndarray], model: ThemeModel) -> None:
    merged = merge_themes(model, "t1", other="t3")
    assert merged.membership[:, 0] == pytest.approx(model.membership[:, 0] + model.membership[:, 2])
    more, truth = planted_texts(300, 4, seeded(8))
    later = refit_themes(merged, [*planted[0], *more], rng=seeded())
    assert [theme.key for theme in later.themes] == ["t1", "t2", "t4"]
    both = {int(np.bincount(planted[1][model.theme_of == column]).argmax()) for column in (0, 2)}
    in_both = np.isin(truth, list(both))
    assert (later.theme_of[300:][in_both] == 0).mean() > 0.9
    assert (later.theme_of[300:][~in_both] == 0).mean() < 0.1


def test_a_split_theme_stays_split_in_the_next_run(planted: tuple[list[str], np.ndarray]) -> None:
    texts, truth = planted
    coarse = merge_themes(find_themes(texts, rng=seeded(), n_themes=4), "t1", other="t2")
    parts = split_theme(coarse, "t1", texts, rng=seeded())
    assert [theme.key for theme in parts.themes] == ["t5", "t6", "t3", "t4"]
    assert adjusted_rand_score(truth, parts.theme_of) > 0.85
    later = refit_themes(parts, texts, rng=seeded())
    assert [theme.key for theme in later.themes] == ["t5", "t6", "t3", "t4"]
    assert adjusted_rand_score(truth, later.theme_of) > 0.9


def test_a_key_never_comes_back(planted: tuple[list[str], np.ndarray], model: ThemeModel) -> None:
    once = split_theme(model, "t4", planted[0], rng=seeded())
    merged = merge_themes(once, "t5", other="t6")
    again = split_theme(merged, "t5", planted[0], rng=seeded())
    assert [theme.key for theme in again.themes] == ["t1", "t2", "t3", "t7", "t8"]


@pytest.mark.parametrize("moved_for_half", [5.0, 10.0, 20.0])
def test_a_moved_text_stays_and_teaches_its_theme(
    planted: tuple[list[str], np.ndarray], moved_for_half: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The default is 10; half and double do the same here.
    monkeypatch.setattr("throughline_analysis.text.refitting.MOVED_FOR_HALF", moved_for_half)
    texts = [*planted[0], *["ledger audit invoice"] * 6, "ledger audit"]
    first = find_themes(texts, rng=seeded(), n_themes=4, keys=[f"c{row}" for row in range(307)])
    moved = first
    for row in range(300, 306):
        moved = move_text(moved, f"c{row}", to="t3")
    later = refit_themes(moved, texts, rng=seeded(), keys=[f"c{row}" for row in range(307)])
    assert (later.theme_of[300:306] == 2).all()
    # Nobody moved the last one; it follows because the theme has learned its words.
    assert later.theme_of[306] == 2
    assert dict(later.pins) == {f"c{row}": "t3" for row in range(300, 306)}


@pytest.mark.parametrize("share", [0.25, 0.5, 1.0])
def test_half_and_double_the_anchor_keep_the_themes_apart(
    planted: tuple[list[str], np.ndarray], model: ThemeModel, share: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("throughline_analysis.text.refitting.ANCHOR_SHARE", share)
    more, _ = planted_texts(300, 4, seeded(9))
    later = refit_themes(model, [*planted[0], *more], rng=seeded())
    assert adjusted_rand_score(model.theme_of, later.theme_of[:300]) > 0.9
    assert (model.theme_of == later.theme_of[:300]).mean() > 0.95


def test_merging_moves_pins_along_and_splitting_frees_them(
    planted: tuple[list[str], np.ndarray], model: ThemeModel
) -> None:
    pinned = move_text(model, 5, to="t3")
    assert dict(merge_themes(pinned, "t1", other="t3").pins) == {5: "t1"}
    assert dict(split_theme(pinned, "t3", planted[0], rng=seeded()).pins) == {}


def test_an_edit_leaves_the_model_as_it_was(planted: tuple[list[str], np.ndarray], model: ThemeModel) -> None:
    before = model.membership.copy(), model.theme_of.copy(), model.themes
    edited = move_text(merge_themes(rename_theme(model, "t1", name="x"), "t1", other="t2"), 0, to="t4")
    split_theme(edited, "t1", planted[0], rng=seeded())
    assert np.array_equal(model.membership, before[0])
    assert np.array_equal(model.theme_of, before[1])
    assert model.themes == before[2]


def test_what_is_not_there_cannot_be_edited(planted: tuple[list[str], np.ndarray], model: ThemeModel) -> None:
    with pytest.raises(InputError, match="no theme 't9'"):
        rename_theme(model, "t9", name="x")
    with pytest.raises(InputError, match="empty"):
        rename_theme(model, "t1", name=" ")
    with pytest.raises(InputError, match="itself"):
        merge_themes(model, "t1", other="t1")
    with pytest.raises(InputError, match="no text 'c1'"):
        move_text(model, "c1", to="t1")
    with pytest.raises(InputError, match="texts for a model"):
        split_theme(model, "t1", ["a"], rng=seeded())
    with pytest.raises(InputError, match="two or more"):
        split_theme(model, "t1", planted[0], rng=seeded(), n_parts=1)
    with pytest.raises(NotEnoughData, match="parts need at least"):
        split_theme(model, "t1", planted[0], rng=seeded(), n_parts=90)


def test_wrong_input_is_refused_with_a_sentence() -> None:
    texts = ["some words"] * 30
    with pytest.raises(InputError, match="keys for 30 texts"):
        find_themes(texts, rng=seeded(), keys=[1])
    with pytest.raises(InputError, match="given to several"):
        find_themes(texts, rng=seeded(), keys=[1] * 30)
    with pytest.raises(InputError, match="two themes or more"):
        find_themes(texts, rng=seeded(), n_themes=1)
    with pytest.raises(NotEnoughData, match="share too few words"):
        find_themes([f"word{row}" for row in range(30)], rng=seeded())
    with pytest.raises(NotEnoughData, match="too few words for 5"):
        find_themes(texts, rng=seeded(), n_themes=5)


def test_a_refit_on_texts_without_the_words_is_refused(model: ThemeModel) -> None:
    with pytest.raises(NotEnoughData, match="shares no word"):
        refit_themes(model, ["nothing of this"] * 30, rng=seeded())


def test_an_embedding_brings_together_what_synonyms_keep_apart() -> None:
    texts, truth = planted_texts(120, 3, seeded(4), n_synonyms=3)
    plain = find_themes(texts, rng=seeded(), n_themes=3)
    helped = find_themes(texts, rng=seeded(), embed=synonym_embedding)
    assert helped.number is not None
    assert helped.number.chosen == 3
    alone, together = (adjusted_rand_score(truth, found.theme_of) for found in (plain, helped))
    assert alone < 0.5
    assert together > 0.85


@pytest.mark.parametrize(
    ("name", "value"), [("NEIGHBOURS", 5), ("NEIGHBOURS", 20), ("BORROWED_SHARE", 0.25), ("BORROWED_SHARE", 1.0)]
)
def test_half_and_double_of_what_an_embedding_lends_still_help(
    name: str, value: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"throughline_analysis.text.neighbours.{name}", value)
    texts, truth = planted_texts(120, 3, seeded(4), n_synonyms=3)
    found = find_themes(texts, rng=seeded(), n_themes=3, embed=synonym_embedding)
    # Without an embedding it is below 0.5, as the test above shows.
    assert adjusted_rand_score(truth, found.theme_of) > 0.6


def test_an_embedding_without_meaning_makes_no_themes() -> None:
    texts, _ = planted_texts(70, 2, seeded(1), share=0.0)
    with pytest.raises(NotEnoughData, match="no themes that hold"):
        find_themes(texts, rng=seeded(), embed=lambda given: seeded(5).normal(size=(len(given), 16)))


def test_scripts_without_spaces_give_names_of_whole_runs() -> None:
    rng = seeded(6)
    service, price = ["客户服务", "服务时间", "客户经理", "服务质量"], ["价格太高", "降低价格", "价格合理", "产品价格"]
    texts = ["，".join(rng.choice(theme, 2)) for theme in [service, price] * 30]
    found = find_themes(texts, rng=rng, n_themes=2)
    assert len(set(found.theme_of[::2])) == len(set(found.theme_of[1::2])) == 1
    assert any(len(part) > 2 for theme in found.themes for part in theme.name.split(" · "))


def test_real_comments_about_the_writers_themselves_form_a_theme() -> None:
    if not COMMENTS.exists():
        pytest.skip("the shared data are not here")
    with COMMENTS.open(encoding="utf-8", newline="") as lines:
        texts = [row["comment-body"] for row in csv.DictReader(lines)]
    found = find_themes(texts, rng=seeded(), n_themes=2)
    about_me = [row for row, text in enumerate(texts) if text.startswith("I am ") or "I live in" in text]
    columns = found.theme_of[about_me]
    assert (columns == np.bincount(columns[columns >= 0]).argmax()).mean() > 0.7


def test_two_themes_may_become_one() -> None:
    texts = ["tram stop", "tram line", "bus stop", "bus line", "soup rice", "rice meal", "soup meal"] * 4
    model = find_themes(texts, rng=seeded(), n_themes=2)
    merged = merge_themes(model, "t1", other="t2")
    assert [theme.key for theme in merged.themes] == ["t1"]
    assert refit_themes(merged, texts, rng=seeded()).sizes.tolist() == [28]


def test_numbers_keys_and_names_of_a_strange_kind_are_refused(model: ThemeModel) -> None:
    texts = ["some words"] * 30
    with pytest.raises(InputError, match="whole number"):
        find_themes(texts, rng=seeded(), n_themes=2.5)  # type: ignore[arg-type]  # what is tested
    with pytest.raises(InputError, match="as keys"):
        find_themes(texts, rng=seeded(), keys=[[row] for row in range(30)])  # type: ignore[misc]  # what is tested
    with pytest.raises(InputError, match="empty"):
        rename_theme(model, "t1", name=None)  # type: ignore[arg-type]  # what is tested
