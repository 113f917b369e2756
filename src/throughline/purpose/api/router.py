"""The router every endpoint of purpose is added to."""

from throughline.access.rest import api_router

router = api_router("purpose")
