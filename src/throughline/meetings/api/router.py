"""The one router of this app, and what its endpoints share."""

from django.http import HttpResponse
from django.urls import reverse

from throughline.access.rest import ApiRequest, api_router
from throughline.kernel.errors import Invalid
from throughline.meetings.rules import CardMove
from throughline.meetings.schemas import FateItem
from throughline.meetings.selectors import FateShown

router = api_router("meetings")


def made_at(request: ApiRequest, response: HttpResponse, name: str, **kwargs: int) -> None:
    """Say where the thing that was made is read."""
    response["Location"] = reverse(f"api:{name}", kwargs={"org": request.actor.org_slug, **kwargs})


def moves_read(cards: list[str]) -> list[CardMove]:
    """Cards as sent; raises `Invalid` naming the one that cannot be read."""
    try:
        return [CardMove.parse(text) for text in cards]
    except ValueError as error:
        raise Invalid({"cards": str(error)}) from None


def fate_item(fate: FateShown) -> FateItem:
    """A fate as the API shows it."""
    return FateItem(kind=fate.kind, reason=fate.reason, by=fate.by, shaped=[card.title for card in fate.shaped])
