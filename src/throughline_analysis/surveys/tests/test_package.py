"""The package as a whole: its examples run, and importing it loads nothing heavy."""

import doctest
import importlib
import subprocess
import sys

import pytest

from throughline_analysis import surveys

MODULES = (
    "agreement",
    "benchmarks",
    "differences",
    "multiplicity",
    "reliability",
    "scales",
    "small_groups",
    "team_effects",
    "trends",
    "weighted_figures",
    "weighting",
)


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_are_true(name: str) -> None:
    module = importlib.import_module(f"throughline_analysis.surveys.{name}")
    outcome = doctest.testmod(module, extraglobs={**vars(surveys), "np": importlib.import_module("numpy")})
    assert outcome.attempted > 0
    assert outcome.failed == 0


def test_importing_surveys_loads_no_scipy_and_no_product() -> None:
    code = "import throughline_analysis.surveys, sys\nprint('\\n'.join(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in run.stdout.split()}
    assert not loaded & {"scipy", "django", "throughline", "sklearn", "pandas", "hypothesis"}
