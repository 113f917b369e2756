"""The temporal attack: several releases of the same ballots taken together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from throughline_analysis.disclosure.attackers.integer import IntegerAttack, attack_question
from throughline_analysis.disclosure.attackers.linear import LinearAttack, attack_linear_system
from throughline_analysis.disclosure.attackers.system import AttackSystem, Roster, incidence_matrix
from throughline_analysis.disclosure.cells import atoms_of, memberships
from throughline_analysis.disclosure.release import Release, Style
from throughline_analysis.disclosure.tree import IntArray
from throughline_analysis.errors import InputError


@dataclass(frozen=True, eq=False)
class TemporalAttack:
    """What follows from all releases together. `keys` (n_people,) name the rows of both results."""

    keys: IntArray
    linear: LinearAttack
    integer: IntegerAttack


def attack_temporal(releases: Sequence[Release], rosters: Sequence[Roster]) -> TemporalAttack:
    """Answers and small groups that follow from several releases in which the same ballots take part.

    Parameters
    ----------
    releases : sequence of Release
        In any order, with the same questions.
    rosters : sequence of Roster
        Who was where at each of them; `keys` say who is the same person.

    Returns
    -------
    TemporalAttack
        The linear and the integer attack on everything together.

    Raises
    ------
    InputError
        Numbers of releases, rosters or questions differ, they do not belong together, or a roster knows answers.

    Notes
    -----
    Assumes that a ballot has not changed in between, which is true of one ballot box and false of two waves: people
    who answer anew may answer otherwise, and nothing is then certain. Cost as of the two attacks, on all cells.

    Examples
    --------
    Six more ballots after a first release; the second one was made with its ledger.

    >>> import numpy as np
    >>> answers, rng = np.arange(30)[:, None] % 2, np.random.default_rng(1)
    >>> early, late = (survey_records([-1], [0] * n, answers=answers[:n], points=2) for n in (24, 30))
    >>> first = release_make(early, rng=rng)
    >>> second = release_make(late, rng=rng, earlier=[first.ledger])
    >>> attack_temporal([first.release, second.release], [roster_of(early), roster_of(late)]).integer.n_certain
    0
    """
    if len(releases) != len(rosters) or not releases:
        raise InputError(f"There are {len(releases)} releases and {len(rosters)} rosters; give one roster per release.")
    if len({len(release.points) for release in releases}) != 1:
        raise InputError("The releases have different numbers of questions; attack those of the same ballots together.")
    if any(roster.known is not None for roster in rosters):
        raise InputError(
            "Answers known beforehand are not taken into account here; use `attack_integer` on each release."
        )
    keys = np.unique(np.concatenate([roster.keys for roster in rosters]))
    n_questions = len(releases[0].points)
    answered = np.zeros((len(keys), n_questions), dtype=np.bool_)
    slots, offset = [], 0
    for release, roster in zip(releases, rosters, strict=True):
        rows = np.searchsorted(keys, roster.keys)
        mine = memberships(release.cells, roster.places)
        spread = np.full((len(keys), mine.shape[1]), -1, dtype=np.int32)
        spread[rows] = np.where(mine >= 0, mine + offset, -1)
        slots.append(spread)
        answered[rows] |= roster.has_answered
        offset += release.cells.n_cells
    atoms = atoms_of(np.ascontiguousarray(np.concatenate(slots, axis=1)))
    incidence = incidence_matrix(atoms, offset)
    people = np.bincount(atoms.of_person, minlength=atoms.n_atoms).astype(np.int64)
    n = np.stack(
        [np.bincount(atoms.of_person, weights=answered[:, q], minlength=atoms.n_atoms) for q in range(n_questions)],
        axis=1,
    ).astype(np.int64)
    counts = np.asarray(np.rint(incidence @ n), dtype=np.int64)
    begins = np.cumsum([0, *(release.cells.n_cells for release in releases)])
    limits = [r.limits(counts[a:b]) for r, a, b in zip(releases, begins, begins[1:], strict=False)]
    system = AttackSystem(
        incidence=incidence,
        people=people,
        n=n,
        low=np.concatenate([one.low for one in limits]),
        high=np.concatenate([one.high for one in limits]),
        is_shown=np.concatenate([release.is_shown for release in releases]),
        points=releases[0].points,
        atom_of_person=atoms.of_person,
    )
    is_exact = all(release.style == Style.EXACT for release in releases)
    linear = attack_linear_system(system, is_exact=is_exact, floor=releases[0].rules.floor)
    found = [attack_question(system, question) for question in range(n_questions)]
    certain, one_sided, answer = (
        np.stack([getattr(one, name) for one in found], axis=1)[system.atom_of_person]
        for name in ("is_certain", "is_one_sided", "answer")
    )
    return TemporalAttack(keys, linear, IntegerAttack(certain, one_sided, answer, n=len(keys)))
