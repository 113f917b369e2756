"""What the settings consist of: access owns the frame, every app adds its own pages and set-up steps.

An app calls these from its `AppConfig.ready`. `settings_urls_register("throughline.notify.settings_urls")`
puts that module's `urlpatterns` (without `app_name`) below `/o/<org>/settings/` in the namespace `settings`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from throughline.kernel.actor import Actor


def _everybody(actor: Actor) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """One page of the settings, in the row of tabs. `url_name` is reversed with the organisation's slug."""

    key: str
    label: str
    url_name: str
    order: int
    is_visible: Callable[[Actor], bool] = _everybody


@dataclass(frozen=True, slots=True)
class SetupStep:
    """One step of the guided set-up. `is_done` may make one query; `url_name` is where to do it."""

    key: str
    label: str
    detail: str
    url_name: str
    order: int
    is_done: Callable[[Actor], bool]


_pages: dict[str, SettingsPage] = {}
_steps: dict[str, SetupStep] = {}
_url_modules: list[str] = []


def settings_page_register(*pages: SettingsPage) -> None:
    """Add pages to the row of tabs."""
    for page in pages:
        _pages[page.key] = page


def setup_step_register(*steps: SetupStep) -> None:
    """Add steps to the guided set-up that a new administrator sees."""
    for step in steps:
        _steps[step.key] = step


def settings_urls_register(module: str) -> None:
    """Put an app's settings addresses below `/o/<org>/settings/`."""
    if module not in _url_modules:
        _url_modules.append(module)


def settings_pages(actor: Actor) -> list[SettingsPage]:
    """The pages this actor has, in order."""
    return sorted((page for page in _pages.values() if page.is_visible(actor)), key=lambda page: (page.order, page.key))


def setup_steps() -> list[SetupStep]:
    """All steps of the set-up, in order."""
    return sorted(_steps.values(), key=lambda step: (step.order, step.key))


def settings_url_modules() -> tuple[str, ...]:
    """Modules whose addresses belong below the settings."""
    return tuple(_url_modules)
