"""This app's endpoints, below `/api/v1/o/<org>/`: what the pages of goals can do, through the same services."""

# In this order: `goals/cycles` and `goals/themes` must be tried before `goals/{goal_id}`.
from throughline.goals.api import cycles, goals, linking, parts, talking
from throughline.goals.api.router import router

__all__ = ["cycles", "goals", "linking", "parts", "router", "talking"]
