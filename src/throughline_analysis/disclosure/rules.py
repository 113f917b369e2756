"""The numbers of the disclosure rules, in one place, so that a test can halve and double each of them."""

from __future__ import annotations

from dataclasses import dataclass

from throughline_analysis.errors import InputError


@dataclass(frozen=True, slots=True)
class ReleaseRules:
    """What a release keeps to. The defaults are the product's promise; only tests and studies change them.

    `floor`: no published group and no remainder has fewer people, unless it has none. Five is the least that
    statistical offices use for frequencies (Hundepool et al. 2012, Statistical Disclosure Control, ch. 4).
    `band_below`: groups with fewer people show a band (lower, middle, upper third), larger ones a share
    rounded to 5 %. `filter_floor`: least size of a filtered group and of the rest of its unit.
    `comment_floor`: least group whose comments are shown. `decoy_share_0_1`: part of the publishable units
    and values left out at random, so that a gap proves nothing; any positive share serves, and one in two hundred costs
    little.
    """

    floor: int = 5
    band_below: int = 20
    filter_floor: int = 10
    comment_floor: int = 10
    decoy_share_0_1: float = 0.005

    def __post_init__(self) -> None:
        if self.floor < 2:
            raise InputError(f"The floor is {self.floor}; it must be at least 2, or single people are published.")
        if self.band_below < self.floor or self.filter_floor < self.floor or self.comment_floor < self.floor:
            raise InputError("Bands, filters and comments cannot begin below the floor; raise them or lower the floor.")
        if not 0 <= self.decoy_share_0_1 < 1:
            raise InputError(f"The share of decoys is {self.decoy_share_0_1:g}; it lies in [0, 1).")


STANDARD_RULES = ReleaseRules()
