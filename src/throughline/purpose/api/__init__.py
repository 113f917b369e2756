"""This app's endpoints, below `/api/v1/o/<org>/`."""

from throughline.purpose.api import statements, values
from throughline.purpose.api.router import router

__all__ = ["router", "statements", "values"]
