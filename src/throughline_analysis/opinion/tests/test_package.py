"""The package as a whole: examples run, importing is light."""

from __future__ import annotations

import doctest
import importlib
import subprocess
import sys

import numpy as np
import pytest

from throughline_analysis import opinion

MODULES = (
    "agreement",
    "groups",
    "mapping",
    "one_cloud",
    "polis",
    "polis_statements",
    "routing",
    "stability",
    "statements",
    "votes",
)


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_are_true(name: str) -> None:
    module = importlib.import_module(f"throughline_analysis.opinion.{name}")
    outcome = doctest.testmod(module, extraglobs={**vars(opinion), "np": np})
    assert outcome.attempted > 0
    assert outcome.failed == 0


def test_importing_opinion_loads_neither_the_product_nor_heavy_packages() -> None:
    code = "import throughline_analysis.opinion\nimport sys\nprint('\\n'.join(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in run.stdout.split()}
    assert not loaded & {"django", "throughline", "scipy", "sklearn", "pandas", "reddwarf", "hypothesis"}
