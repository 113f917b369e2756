"""The part as a whole: its examples run, and importing it loads nothing heavy."""

import doctest
import importlib
import pkgutil
import subprocess
import sys

import pytest

from throughline_analysis import ranking

MODULES = sorted(found.name for found in pkgutil.iter_modules(ranking.__path__) if found.name != "tests")
WITH_EXAMPLES = [
    "ballots", "bradley_terry", "clusters", "comparisons", "equal_shares", "group_effects", "large", "next_pairs", "ratings",
    "runoff", "schulze", "score_vote",
]  # fmt: skip


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_are_true(name: str) -> None:
    module = importlib.import_module(f"throughline_analysis.ranking.{name}")
    outcome = doctest.testmod(module, extraglobs=dict(vars(ranking)))
    assert outcome.failed == 0
    assert (outcome.attempted > 0) == (name in WITH_EXAMPLES)


def test_importing_ranking_loads_neither_scipy_nor_the_product() -> None:
    code = "import throughline_analysis.ranking\nimport sys\nprint('\\n'.join(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in run.stdout.split()}
    assert not loaded & {"scipy", "pandas", "django", "throughline"}
