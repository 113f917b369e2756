"""The one router of this app, and the types its endpoints share."""

from throughline.access.rest import api_router

router = api_router("people")
