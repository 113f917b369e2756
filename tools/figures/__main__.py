"""`make figures`: every figure of docs/explanation/methods, or those named, as SVG."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path

import tools.figures

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
METHODS = Path("docs/explanation/methods")
# The same drawing on every machine: words stay words, nothing is dated, ids are not random.
LOOK = {
    "svg.hashsalt": "throughline",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "figure.figsize": (7.2, 4.0),
}


def main() -> int:
    """Draw what was asked for; needs the folder of real data beside the checkout."""
    if not DATA.is_dir():
        print(f"Not done. The real data is not at {DATA}; put it there, beside the checkout.")
        return 1
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams.update(LOOK)
    names = sorted(found.name for found in pkgutil.iter_modules(tools.figures.__path__) if found.name != "__main__")
    for name in sys.argv[1:] or names:
        figure = importlib.import_module(f"tools.figures.{name}").draw(DATA)
        figure.savefig(METHODS / f"{name}.svg", metadata={"Date": None}, bbox_inches="tight")
        print(f"Written: {METHODS / name}.svg")
    return 0


if __name__ == "__main__":
    sys.exit(main())
