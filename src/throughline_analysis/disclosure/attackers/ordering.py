"""The ordering attack: what follows from the order of things and from knowing the rule by which gaps are chosen?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from throughline_analysis.disclosure.release import Release, Style
from throughline_analysis.disclosure.rules import ReleaseRules
from throughline_analysis.disclosure.tree import unit_tree


@dataclass(frozen=True, slots=True)
class PinnedSize:
    """A hidden unit whose number of people, one to four, follows from the order of its siblings."""

    unit: int
    n: int


@dataclass(frozen=True, eq=False)
class OrderingAttack:
    """What order gives away.

    `pinned`: sizes under five of hidden units that follow for certain. `unordered_cells`: neighbouring rows of the
    release that are not in the fixed order, so that their order may follow answers. `unordered_comments`: lists that
    are not in alphabetical order, so that it may follow the records. `n` things looked at.
    """

    pinned: tuple[PinnedSize, ...]
    unordered_cells: int
    unordered_comments: tuple[int, ...]
    n: int
    method: str = "order of rows, lists and sizes"

    @property
    def n_certain(self) -> int:
        """Number of findings of all kinds."""
        return len(self.pinned) + self.unordered_cells + len(self.unordered_comments)


def attack_ordering(release: Release) -> OrderingAttack:
    """Sizes of hidden units, and orders that are not the fixed one.

    Parameters
    ----------
    release : Release
        What is published.

    Returns
    -------
    OrderingAttack
        The findings.

    Notes
    -----
    A rule that hides units under five and then the *next smallest* of their siblings says more than it prints: the
    sibling hidden second is no larger than any shown one and has five at least. With the remainder, sizes of the
    small ones may follow. The attack applies this to releases without decoys, whose rules choose by sizes alone. In a
    release with decoys any unit may be missing by chance, so nothing follows from the choice, and sizes are only bounded
    from the remainder: pinned where a remainder of one hidden unit has fewer than five people.
    Cost O(n_cells log n_cells).

    Examples
    --------
    >>> import numpy as np
    >>> records = survey_records([-1, 0, 0], [1] * 6 + [2] * 7, answers=[[1]] * 6 + [[0]] * 7, points=2)
    >>> attack_ordering(release_make(records, rng=np.random.default_rng(1)).release).n_certain
    0
    """
    cells = release.cells
    keys = np.stack([cells.hierarchy, cells.attribute, cells.unit, cells.value])
    fixed = np.lexsort(keys[::-1])
    unordered = int((fixed != np.arange(cells.n_cells)).sum())
    lists = tuple(row for row, one in enumerate(release.comments) if list(one.texts) != sorted(one.texts))
    pinned = _pinned_sizes(release)
    return OrderingAttack(pinned, unordered, lists, n=cells.n_cells + len(release.comments))


def _pinned_sizes(release: Release) -> tuple[PinnedSize, ...]:
    tree = unit_tree(release.parents)
    size = np.full(tree.n_units, -1, dtype=np.int64)
    in_tree = release.cells.is_tree
    size[release.cells.unit[in_tree]] = release.cells.n[in_tree]
    order = np.argsort(tree.parents, kind="stable")
    begins = np.searchsorted(tree.parents[order], np.arange(tree.n_units + 1))
    has_children = np.bincount(tree.parents[tree.parents >= 0], minlength=tree.n_units) > 0
    found: list[PinnedSize] = []
    for parent in np.flatnonzero(size >= 0).tolist():
        children = order[begins[parent] : begins[parent + 1]]
        hidden = children[size[children] < 0]
        if not len(hidden):
            continue
        rest = int(size[parent] - size[children][size[children] >= 0].sum())
        smallest_shown = min((int(n) for n in size[children] if n >= 0), default=rest)
        # Units that have shown units below them hide nobody on their own; only lowest ones are looked at.
        if has_children[hidden].any():
            continue
        sizes = _possible_sizes(rest, len(hidden), smallest_shown, release)
        if sizes is not None:
            found += [PinnedSize(int(hidden[0]), n) for n in sizes if n < release.rules.floor]
    return tuple(found)


def _possible_sizes(rest: int, n_hidden: int, smallest_shown: int, release: Release) -> tuple[int, ...] | None:
    """The sizes of the hidden siblings where only one set of sizes fits, else None."""
    if n_hidden > 3 or rest > 3 * release.rules.floor:
        return None
    choose_by_size = release.style == Style.EXACT or release.rules.decoy_share_0_1 == 0
    fitting = [
        sizes
        for sizes in _partitions(rest, n_hidden)
        if not choose_by_size or _could_be_chosen(sizes, smallest_shown, release.rules)
    ]
    return fitting[0] if len(fitting) == 1 else None


def _could_be_chosen(sizes: tuple[int, ...], smallest_shown: int, rules: ReleaseRules) -> bool:
    """Whether hiding the small ones and then the next smallest could have hidden exactly these."""
    small = [n for n in sizes if n < rules.floor]
    large = [n for n in sizes if n >= rules.floor]
    return bool(small) and all(n <= smallest_shown for n in large)


def _partitions(total: int, parts: int) -> list[tuple[int, ...]]:
    """Sets of `parts` positive sizes that add up to `total`, in rising order."""
    if parts == 1:
        return [(total,)] if total > 0 else []
    return [
        (first, *others)
        for first in range(1, total // parts + 1)
        for others in _partitions(total - first, parts - 1)
        if others[0] >= first
    ]
