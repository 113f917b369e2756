"""`make wheel`: the product as one installable file with its bundled front end, in dist/."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).resolve().parents[1]
BUILT = ROOT / "src" / "throughline" / "components" / "static" / "built"


def build(directory: Path) -> Path:
    """Build the wheel of this checkout into a folder; answers the file."""
    return Path(next(iter(WheelBuilder(str(ROOT)).build(directory=str(directory), versions=["standard"]))))


def main() -> int:
    """Build the wheel; refuses when the front end has not been bundled."""
    if not (BUILT / "app.css").exists():
        print("Not done. The front end is not bundled; run make setup first.")
        return 1
    shutil.rmtree(ROOT / "dist", ignore_errors=True)
    print(build(ROOT / "dist"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
