"""What importing the part may not load; examples and time are tested for all parts together."""

from throughline_analysis.tests.test_package import loaded_by


def test_importing_retention_loads_no_scipy() -> None:
    assert "scipy" not in loaded_by("import throughline_analysis.retention")
