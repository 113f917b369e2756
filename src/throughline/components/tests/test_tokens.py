from __future__ import annotations

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parents[1] / "css" / "tokens.css").read_text(encoding="utf-8")
PAIR = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")
COLOURS = {name: (light, dark) for name, light, dark in PAIR.findall(TOKENS.split("@media")[0])}
SURFACES = ("paper", "sheet", "sunk")
TEXT_ON = [
    *((text, surface) for text in ("ink", "soft", "line") for surface in SURFACES),
    *((tone, "paper") for tone in ("good", "warn", "bad")),
    *((tone, "sheet") for tone in ("good", "warn", "bad")),
    *((tone, f"{tone}-wash") for tone in ("good", "warn", "bad", "line")),
    *(("ink", f"{tone}-wash") for tone in ("good", "warn", "bad", "line")),
    *(("soft", f"{tone}-wash") for tone in ("good", "warn", "bad", "line")),
    ("paper", "ink"),
    ("paper", "bad"),
]
# WCAG 1.4.11: outlines of controls and the focus ring.
OUTLINE_ON = [*(("edge", surface) for surface in SURFACES), *(("line", surface) for surface in SURFACES)]


def luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_of_black_on_white_is_twenty_one() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "surface"), TEXT_ON)
def test_text_reaches_aa_contrast(text: str, surface: str, theme: int) -> None:
    assert contrast(COLOURS[text][theme], COLOURS[surface][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("outline", "surface"), OUTLINE_ON)
def test_outlines_of_controls_reach_three_to_one(outline: str, surface: str, theme: int) -> None:
    assert contrast(COLOURS[outline][theme], COLOURS[surface][theme]) >= 3
