"""The package as a whole: its examples run, and importing it loads nothing heavy."""

import doctest
import importlib
import subprocess
import sys

import pytest

from throughline_analysis import drivers

MODULES = ("importance", "reading", "report")


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_are_true(name: str) -> None:
    module = importlib.import_module(f"throughline_analysis.drivers.{name}")
    outcome = doctest.testmod(module, extraglobs={**vars(drivers), "np": importlib.import_module("numpy")})
    assert outcome.attempted > 0
    assert outcome.failed == 0


def test_importing_drivers_loads_no_scipy_and_no_product() -> None:
    code = "import throughline_analysis.drivers, sys\nprint('\\n'.join(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in run.stdout.split()}
    assert not loaded & {"scipy", "django", "throughline", "sklearn", "pandas", "hypothesis"}
