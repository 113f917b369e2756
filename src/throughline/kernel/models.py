"""The base of every row: it belongs to an organisation and states who may read it."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, ClassVar

from django.db import models

from throughline.kernel.errors import ScopeError
from throughline.kernel.scoping import OrgManager, scope_filter


class Confidentiality(StrEnum):
    """Who may read a row (design, section 5). Every model names one; a start-up check insists."""

    OPEN = "open"
    TEAM = "team"
    PRIVATE = "private"
    PAIR = "pair"
    UNATTRIBUTED = "unattributed"
    SEALED = "sealed"
    # Rows of the installation itself (sign-in, secrets, queues): read by no page but the owner's own.
    SYSTEM = "system"


class OrgModel(models.Model):
    """A row of one organisation. `confidentiality` is set by every model that inherits from this."""

    confidentiality: ClassVar[Confidentiality]

    org = models.ForeignKey("access.Organisation", on_delete=models.CASCADE, related_name="+")

    objects = OrgManager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        wanted = scope_filter().get("org_id")
        if wanted is not None and self.org_id is not None and self.org_id != wanted:
            raise ScopeError(f"{type(self).__name__} of organisation {self.org_id} saved inside {wanted}.")
        super().save(*args, **kwargs)
