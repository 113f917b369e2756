"""Who can sign in to the demo organisations: one person per role, all with the same password."""

from __future__ import annotations

from throughline.access.selectors.organisations import organisations_all

STORY_SLUG = "meridian"
LARGE_SLUG = "meridian-large"
# Printed by the command line and the README; the demo holds nothing that anybody could want.
PASSWORD = "unbroken-line-2026"  # noqa: S105 - told to everybody

SIGN_INS: tuple[tuple[str, str], ...] = (
    ("administrator", "jonas.weidemann@meridian.example"),
    ("leader", "amara.lindholm@meridian.example"),
    ("team lead", "mira.solvang@meridian.example"),
    ("facilitator", "noor.castellane@meridian.example"),
    ("member", "grace.mutesi@meridian.example"),
    ("guest", "colette.ngata@wards.example"),
)
LARGE_SIGN_INS: tuple[tuple[str, str], ...] = (
    ("administrator", "administrator@large.example"),
    ("leader", "leader@large.example"),
    ("team lead", "lead@large.example"),
    ("facilitator", "facilitator@large.example"),
    ("member", "member@large.example"),
    ("guest", "guest@large.example"),
)


def demo_sign_ins(slug: str = "") -> list[tuple[str, str, str]]:
    """Role, e-mail and password of one person per role; empty when the demo is not loaded.

    Without a slug, those of the story, or of the large organisation when only that one is there.
    """
    present = {known for _, known in organisations_all()}
    wanted = [slug] if slug else [STORY_SLUG, LARGE_SLUG]
    for name in wanted:
        if name in present and name in _BY_SLUG:
            return [(role, email, PASSWORD) for role, email in _BY_SLUG[name]]
    return []


_BY_SLUG = {STORY_SLUG: SIGN_INS, LARGE_SLUG: LARGE_SIGN_INS}
