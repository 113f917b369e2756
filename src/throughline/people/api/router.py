"""The one router of this app, and the types its endpoints share."""

from typing import Annotated

from pydantic import Field

from throughline.access.rest import api_router

router = api_router("people")

RowId = Annotated[int, Field(ge=1, le=2**63 - 1)]
