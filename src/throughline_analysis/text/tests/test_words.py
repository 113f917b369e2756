"""Words: the standard's own example, many scripts, and what folding must never change."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughline_analysis.text import segment_words
from throughline_analysis.text.words import plain_text


def test_the_example_of_the_unicode_standard_gives_its_words() -> None:
    # Unicode Standard Annex 29, figure 1 of "Word Boundaries".
    text = "The quick (\u201cbrown\u201d) fox can\u2019t jump 32.3 feet, right?"
    assert segment_words(text) == ["the", "quick", "brown", "fox", "can't", "jump", "32.3", "feet", "right"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("हिन्दी में काम", ["हिन्दी", "में", "काम"]),
        ("Мы строим дом.", ["мы", "строим", "дом"]),
        ("客户服务 first", ["客户", "户服", "服务", "first"]),
        ("ABC漢字def", ["abc", "漢字", "def"]),
        ("駅", ["駅"]),
        ("น่าอยู่", ["น่า", "าอ", "อยู่"]),
        ("می\u200cخواهم", ["می\u200cخواهم"]),
        ("한국어 문장", ["한국어", "문장"]),
        ("l\u2019équipe d'accueil", ["l'équipe", "d'accueil"]),
        ("STRASSE straße ﬁne Ｗｏｒｄ", ["strasse", "strasse", "fine", "word"]),
        ("a_b x@y.com 1,000.50 e.g.", ["a", "b", "x", "y", "com", "1,000.50", "e", "g"]),
        ("... !? '' \U0001f600", []),
        ("", []),
    ],
)
def test_words_of_many_scripts(text: str, words: list[str]) -> None:
    assert segment_words(text) == words


@given(st.text(max_size=40))
def test_composed_and_decomposed_writing_give_the_same_words(text: str) -> None:
    assert segment_words(unicodedata.normalize("NFC", text)) == segment_words(unicodedata.normalize("NFD", text))


@given(st.text(alphabet=st.characters(max_codepoint=0x24F), max_size=40))
def test_case_does_not_matter_in_latin_text(text: str) -> None:
    if len(text.upper()) == len(text.lower()) == len(text):
        assert segment_words(text.upper().lower()) == segment_words(text.lower())


@given(st.text(max_size=30), st.text(max_size=30))
def test_words_of_two_texts_with_a_space_between_are_the_words_of_both(one: str, other: str) -> None:
    assert segment_words(f"{one}. {other}") == segment_words(one) + segment_words(other)


@given(st.text(max_size=40))
def test_what_is_left_of_a_text_keeps_its_words(text: str) -> None:
    assert segment_words(plain_text(text)) == segment_words(text)
