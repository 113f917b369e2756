"""Property tests draw the same examples on every run, and a busy machine does not make them fail."""

from hypothesis import settings

settings.register_profile("same_every_time", derandomize=True, deadline=None)
settings.load_profile("same_every_time")
