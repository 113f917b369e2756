from __future__ import annotations

import pytest

from throughline.access.outgoing import header_text
from throughline.access.rules import role_words, roles_kept, slug_from


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Meridian Häuser GmbH", "meridian-hauser-gmbh"),
        ("  --A & B--  ", "a-b"),
        ("日本", ""),
        ("x" * 80, "x" * 50),
        ("y" * 49 + " z", "y" * 49),
    ],
)
def test_a_name_suggests_a_slug_that_is_valid(name: str, slug: str) -> None:
    assert slug_from(name) == slug


def test_nobody_is_without_a_role() -> None:
    assert roles_kept([]) == ["member"]


def test_roles_are_kept_in_one_order_without_what_cannot_be_given() -> None:
    assert roles_kept(["member", "administrator", "guest", "member"]) == ["administrator", "member"]


def test_roles_read_as_words() -> None:
    assert role_words(["leader", "administrator"]) == "Administrator, Leader"


def test_text_in_a_header_cannot_start_another_header() -> None:
    assert header_text("Hello\r\nBcc: everybody@example.org\x00") == "Hello Bcc: everybody@example.org"
