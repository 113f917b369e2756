"""The wheel holds what an installed product needs, and nothing that only a checkout needs."""

from __future__ import annotations

import zipfile
from email.parser import HeaderParser
from pathlib import Path

import pytest

from tools.wheel import BUILT, ROOT, build


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel of this checkout."""
    if not (BUILT / "app.css").exists():
        pytest.skip("The front end is not bundled here; make setup does it.")
    return zipfile.ZipFile(build(tmp_path_factory.mktemp("dist")))


def test_every_module_template_and_static_file_is_in_the_wheel(wheel: zipfile.ZipFile) -> None:
    source = ROOT / "src"
    wanted = {
        str(path.relative_to(source))
        for package in ("throughline", "throughline_analysis")
        for path in (source / package).rglob("*")
        if path.is_file() and not {"tests", "__pycache__"} & set(path.parts)
    }
    assert "throughline/components/static/built/app.css" in wanted
    missing = {name for name in wanted - set(wheel.namelist()) if not Path(name).name.startswith(".")}
    assert missing == {"throughline/project/settings_test.py"}


def test_the_wheel_asks_for_what_the_product_is_tested_with_and_has_the_command(wheel: zipfile.ZipFile) -> None:
    folder = next(name for name in wheel.namelist() if name.endswith("/METADATA")).rpartition("/")[0]
    metadata = HeaderParser().parsestr(wheel.read(f"{folder}/METADATA").decode())
    base = [line.strip() for line in (ROOT / "requirements" / "base.in").read_text().splitlines()]
    plain = {line.partition("==")[0].lower() for line in base if line and not line.startswith("#")}
    assert {asked.partition("==")[0].lower() for asked in metadata.get_all("Requires-Dist", [])} == plain
    assert metadata["License-Expression"] == "Apache-2.0"
    assert "throughline = throughline.project.cli:main" in wheel.read(f"{folder}/entry_points.txt").decode()
