"""Comments: shown for the smallest group that has ten people and shows the question, in alphabetical order."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from throughline_analysis.disclosure.records import SurveyRecords
from throughline_analysis.disclosure.release import ShownComments
from throughline_analysis.disclosure.rules import ReleaseRules
from throughline_analysis.disclosure.suppression import visible_units


def shown_comments(
    records: SurveyRecords, *, is_shown: NDArray[np.bool_], rules: ReleaseRules
) -> tuple[ShownComments, ...]:
    """Each comment once, in the smallest unit above its writer that may show comments.

    `is_shown` (n_units,) of the tree, by sizes alone. Units are chosen so that every group a list can be pinned to,
    remainders included, has at least ten people; how many of them wrote is not said. Comments of other units travel
    upwards. Lists are in alphabetical order, which depends on the texts alone.
    """
    if not records.comments:
        return ()
    tree = records.tree
    own = np.bincount(records.unit, minlength=tree.n_units)
    if records.n_people < rules.comment_floor:
        return ()
    # The same choice as for values, with ten for five: no list can be pinned to fewer than ten people.
    ten = rules.comment_floor
    by_ten = replace(rules, floor=ten, band_below=max(rules.band_below, ten), filter_floor=max(rules.filter_floor, ten))
    marked = visible_units(tree, own, allowed=is_shown, rules=by_ten).is_shown
    place = tree.nearest(marked)[records.unit]
    lists: dict[tuple[int, int], list[str]] = {}
    for comment in records.comments:
        lists.setdefault((int(place[comment.person]), comment.question), []).append(comment.text)
    return tuple(
        ShownComments(unit, question, tuple(sorted(lists[unit, question]))) for unit, question in sorted(lists)
    )
