"""The package as a whole: its examples run, and importing it costs nothing that is not needed."""

import doctest
import importlib
import subprocess
import sys

import pytest

from throughline_analysis import networks

MODULES = (
    "graph",
    "means",
    "amounts",
    "explaining",
    "leaves",
    "key_results",
    "prepared",
    "overriding",
    "asof",
    "capacity",
    "conflicts",
    "coverage",
    "cycles",
    "schedule",
    "uncertain_schedule",
)


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_are_true(name: str) -> None:
    module = importlib.import_module(f"throughline_analysis.networks.{name}")
    outcome = doctest.testmod(module, extraglobs={**vars(networks), **vars(module)})
    assert outcome.attempted > 0
    assert outcome.failed == 0


def modules_loaded_by(statement: str) -> set[str]:
    code = f"{statement}\nimport sys\nprint('\\n'.join(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return {name.split(".")[0] for name in run.stdout.split()}


def test_importing_the_library_loads_no_numerical_package() -> None:
    assert not modules_loaded_by("import throughline_analysis") & {"numpy", "scipy", "django", "throughline"}


def test_importing_networks_loads_neither_the_product_nor_other_heavy_packages() -> None:
    loaded = modules_loaded_by("import throughline_analysis.networks")
    assert not loaded & {"django", "throughline", "networkx", "sklearn", "hypothesis"}
