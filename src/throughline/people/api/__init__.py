"""This app's endpoints, below `/api/v1/o/<org>/`."""

from throughline.people.api import imports, people, stakeholders, units
from throughline.people.api.router import router

__all__ = ["imports", "people", "router", "stakeholders", "units"]
