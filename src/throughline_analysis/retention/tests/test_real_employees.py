"""On the sample of 1,470 employees: groups of every size, ties everywhere, and lifelines beside it."""

import csv
from pathlib import Path

import numpy as np
import pytest
from lifelines import KaplanMeierFitter
from lifelines.statistics import multivariate_logrank_test

from throughline_analysis.retention import histories, logrank, standardised_leaving, survival_curves

EMPLOYEES = Path(__file__).resolve().parents[5] / "shared" / "data" / "hr" / "attrition.csv"


def employees() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Years here (whole, so half a year is added), who left, and the job role as a number."""
    if not EMPLOYEES.exists():
        pytest.skip("The employees of ../shared/data are not here.")
    with EMPLOYEES.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    years = np.array([float(row["YearsAtCompany"]) + 0.5 for row in rows])
    has_left = np.array([row["Attrition"] == "Yes" for row in rows])
    return years, has_left, np.unique([row["JobRole"] for row in rows], return_inverse=True)[1]


def test_curves_test_and_counts_of_job_roles_are_those_of_lifelines() -> None:
    years, has_left, role = employees()
    watched = histories(years, has_left, groups=role)
    curves = survival_curves(watched)
    for place, one in enumerate(curves.group.tolist()):
        curve = curves.curve(place)
        fitted = KaplanMeierFitter().fit(years[role == one], has_left[role == one])
        np.testing.assert_allclose(curve.survival, fitted.survival_function_["KM_estimate"].loc[curve.time], atol=1e-12)
    assert logrank(watched).statistic == pytest.approx(multivariate_logrank_test(years, role, has_left).test_statistic)
    told = standardised_leaving(watched)
    assert told.observed.sum() == has_left.sum() == pytest.approx(told.expected.sum())
