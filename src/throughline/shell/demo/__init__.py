"""The demo organisations: one small with a story, and one large for measuring.

`story/` is frozen data about invented people; the loaders tell it through the services of the apps with the clock set
to the day on which each thing happened. Three rules: nothing is written past a service; days are counted from the day
of loading, so that the current cycle is always in its middle; the same day gives the same rows.
"""

from __future__ import annotations

from throughline.shell.demo.large import demo_load_large
from throughline.shell.demo.loading import demo_load
from throughline.shell.demo.sign_ins import demo_sign_ins

__all__ = ["demo_load", "demo_load_large", "demo_sign_ins"]
