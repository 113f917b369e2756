"""`make wheel`: the product as one installable file with its bundled front end, in dist/."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from hatchling.builders.wheel import WheelBuilder

BUILT = Path("src/throughline/components/static/built")


def main() -> int:
    """Build the wheel; refuses when the front end has not been bundled."""
    if not (BUILT / "app.css").exists():
        print("Not done. The front end is not bundled; run make setup first.")
        return 1
    shutil.rmtree("dist", ignore_errors=True)
    for artifact in WheelBuilder(str(Path.cwd())).build(directory="dist", versions=["standard"]):
        print(artifact)
    return 0


if __name__ == "__main__":
    sys.exit(main())
