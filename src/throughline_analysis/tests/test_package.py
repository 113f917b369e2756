"""The library as a whole: every example runs, importing is quick, and nothing is loaded that is not needed."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil
import subprocess
import sys

import pytest

import throughline_analysis

PARTS = sorted(
    found.name for found in pkgutil.iter_modules(throughline_analysis.__path__) if found.ispkg and found.name != "tests"
)
MODULES = sorted(
    found.name
    for found in pkgutil.walk_packages(throughline_analysis.__path__, "throughline_analysis.")
    if ".tests" not in found.name
)
# Packages that are for development, or so slow to load that only the function that needs one may load it.
NOT_AT_IMPORT = {
    "django", "throughline", "networkx", "sklearn", "hypothesis", "pandas", "matplotlib", "lifelines", "choix",
    "evalica", "rapidfuzz", "reddwarf",
}  # fmt: skip


def loaded_by(statement: str) -> set[str]:
    code = f"{statement}\nimport sys\nprint('\\n'.join(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return {name.split(".")[0] for name in run.stdout.split()}


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_are_true(name: str) -> None:
    module = importlib.import_module(name)
    part = importlib.import_module(".".join(name.split(".")[:2]))
    outcome = doctest.testmod(module, extraglobs={**vars(part), **vars(module)})
    assert outcome.failed == 0


@pytest.mark.parametrize("part", PARTS)
def test_every_public_function_has_an_example_and_a_source_or_says_what_it_returns(part: str) -> None:
    package = importlib.import_module(f"throughline_analysis.{part}")
    functions = [getattr(package, name) for name in package.__all__ if inspect.isfunction(getattr(package, name))]
    assert functions
    without = [one.__name__ for one in functions if ">>>" not in (inspect.getdoc(one) or "")]
    assert not without, f"without an example: {', '.join(without)}"


@pytest.mark.parametrize("part", PARTS)
def test_importing_a_part_loads_no_development_package(part: str) -> None:
    assert not loaded_by(f"import throughline_analysis.{part}") & NOT_AT_IMPORT


def test_importing_the_library_loads_no_numerical_package() -> None:
    assert not loaded_by("import throughline_analysis") & {"numpy", "scipy", *NOT_AT_IMPORT}


@pytest.mark.parametrize("part", PARTS)
def test_importing_a_part_takes_less_than_three_tenths_of_a_second_of_computing(part: str) -> None:
    # The processor's time, beyond an interpreter that loads numpy; the best of a few, as other programs share the core.
    code = f"import time, numpy\nstart = time.process_time()\nimport throughline_analysis.{part}\n"
    code += "print(time.process_time() - start)"
    best = 1.0
    for _ in range(5):
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        best = min(best, float(run.stdout))
        if best < 0.3:
            break
    assert best < 0.3
