"""Rate limits of the answer host, without identity: so many requests per board and minute, in this process's memory.

Nothing is stored: a count with times would say when somebody posted.
"""

from __future__ import annotations

import threading
import time

_lock = threading.Lock()
_windows: dict[str, tuple[float, int]] = {}
WINDOW_SECONDS = 60.0
MOST_NAMES = 10_000


def is_allowed(name: str, *, most: int) -> bool:
    """Count one more under this name; False when there were more than `most` within the minute."""
    moment = time.monotonic()
    with _lock:
        if len(_windows) > MOST_NAMES:
            _windows.clear()
        started, count = _windows.get(name, (moment, 0))
        if moment - started >= WINDOW_SECONDS:
            started, count = moment, 0
        _windows[name] = (started, count + 1)
        return count < most


def limits_clear() -> None:
    """Begin again, for tests."""
    with _lock:
        _windows.clear()
