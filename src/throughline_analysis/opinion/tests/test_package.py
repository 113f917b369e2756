"""Importing the part is light; the library's own test of the package runs the examples."""

from __future__ import annotations

import subprocess
import sys


def test_importing_opinion_loads_no_heavy_package() -> None:
    code = "import throughline_analysis.opinion\nimport sys\nprint('\\n'.join(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "scipy" not in {name.split(".")[0] for name in run.stdout.split()}
