"""The story as frozen data: who is in it and what they say. No Django, no dates: days are counted from the calendar."""
