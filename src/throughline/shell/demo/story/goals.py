"""All goals of the story, and what happens to some of them on the way."""

from __future__ import annotations

from throughline.shell.demo.story.goals_before import BEFORE, DROPPED_BEFORE
from throughline.shell.demo.story.goals_care import CLINICAL
from throughline.shell.demo.story.goals_run import CORPORATE, OPERATIONS, PERSONAL, SECURITY
from throughline.shell.demo.story.goals_top import ENGINEERING, ORGANISATION, THEMES
from throughline.shell.demo.story.shapes import StoryEnd, StoryGoal

NOW: tuple[StoryGoal, ...] = ORGANISATION + ENGINEERING + CLINICAL + OPERATIONS + SECURITY + CORPORATE + PERSONAL
FINISHED: tuple[StoryEnd, ...] = BEFORE
GIVEN_UP = DROPPED_BEFORE

__all__ = ["FINISHED", "GIVEN_UP", "NOW", "THEMES"]
