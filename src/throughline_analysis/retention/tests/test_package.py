"""The part as a whole: its examples run, and importing it loads nothing heavy."""

import doctest
import importlib
import pkgutil
import subprocess
import sys

import pytest

from throughline_analysis import retention

MODULES = sorted(found.name for found in pkgutil.iter_modules(retention.__path__) if found.name != "tests")
WITH_EXAMPLES = [
    "curves", "hazards", "histories", "logrank", "rates", "summaries",
]  # fmt: skip


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_are_true(name: str) -> None:
    module = importlib.import_module(f"throughline_analysis.retention.{name}")
    outcome = doctest.testmod(module, extraglobs=dict(vars(retention)))
    assert outcome.failed == 0
    assert (outcome.attempted > 0) == (name in WITH_EXAMPLES)


def test_importing_retention_loads_neither_scipy_nor_the_product() -> None:
    code = "import throughline_analysis.retention\nimport sys\nprint('\\n'.join(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in run.stdout.split()}
    assert not loaded & {"scipy", "pandas", "django", "throughline"}
