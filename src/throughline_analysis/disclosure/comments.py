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
    records: SurveyRecords, *, is_shown: NDArray[np.bool_], listed: NDArray[np.bool_], rules: ReleaseRules
) -> tuple[ShownComments, ...]:
    """Each comment once and for all, in the smallest unit above its writer that may show comments.

    `is_shown` (n_units,) of the tree, by sizes alone. `listed` (n_people,) True for ballots whose comments an earlier
    release has listed: listed again in another unit, a comment could only be by somebody who is in both, and a list that
    grew by one text would be by those who are new. So the ballots listed before are left out, and units are chosen
    among the others alone. Units are chosen so that every group a list can be pinned to,
    remainders included, has at least ten people; how many of them wrote is not said. Comments of other units travel
    upwards. Lists are in alphabetical order, which depends on the texts alone.
    """
    if not records.comments:
        return ()
    tree = records.tree
    own = np.bincount(records.unit[~listed], minlength=tree.n_units)
    if own.sum() < rules.comment_floor:
        return ()
    # The same choice as for values, with ten for five: no list can be pinned to fewer than ten people.
    ten = rules.comment_floor
    by_ten = replace(rules, floor=ten, band_below=max(rules.band_below, ten), filter_floor=max(rules.filter_floor, ten))
    marked = visible_units(tree, own, allowed=is_shown, rules=by_ten).is_shown
    place = tree.nearest(marked)[records.unit]
    lists: dict[tuple[int, int], list[str]] = {}
    for comment in records.comments:
        if listed[comment.person]:
            continue
        lists.setdefault((int(place[comment.person]), comment.question), []).append(comment.text)
    return tuple(
        ShownComments(unit, question, tuple(sorted(lists[unit, question]))) for unit, question in sorted(lists)
    )
