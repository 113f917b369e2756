"""This app's endpoints, below `/api/v1/o/<org>/`. Unattributed posts are taken by the answer host, as JSON too."""

from throughline.meetings.api import board, meetings, people, themes, voices
from throughline.meetings.api.router import router

__all__ = ["board", "meetings", "people", "router", "themes", "voices"]
