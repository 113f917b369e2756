"""Start-up checks: every model states its confidentiality class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.core.checks import CheckMessage, Error, register

from throughline.kernel.models import Confidentiality


@register
def models_state_their_class(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse to start with a model of ours that does not say who may read it."""
    return [
        Error(
            f"{model.__module__}.{model.__name__} does not state its confidentiality class.",
            hint="Set `confidentiality = Confidentiality.…` on the model (design, section 5).",
            id="throughline.E001",
        )
        for model in apps.get_models()
        if model.__module__.startswith("throughline.")
        and not isinstance(getattr(model, "confidentiality", None), Confidentiality)
    ]
