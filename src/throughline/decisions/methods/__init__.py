"""Ways to decide, one file each. Add a file with an `ENTRY` and it can be chosen."""

from __future__ import annotations

from throughline.decisions.methods.method import Method
from throughline.kernel.registry import Registry

METHODS: Registry[Method] = Registry(__name__, noun="decision method")

__all__ = ["METHODS", "Method"]
