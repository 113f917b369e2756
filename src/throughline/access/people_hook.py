"""How access makes people rows without knowing the people app: that app registers two functions at start-
up.
"""

from __future__ import annotations

from collections.abc import Callable

from throughline.access.models import Organisation
from throughline.kernel.actor import Actor

# (organisation, name, e-mail, is_guest) -> the person's number; get-or-create by e-mail, inside the scope.
PersonCreator = Callable[[Organisation, str, str, bool], int]
# The administrator who just created the organisation; makes what every organisation begins with (its first
# unit).
OrganisationStarter = Callable[[Actor], None]

_creators: list[PersonCreator] = []
_starters: list[OrganisationStarter] = []


def person_creator_register(function: PersonCreator) -> None:
    """Say how a person is found or made: `(org: Organisation, name: str, email: str, is_guest: bool)
    -> int`.
    """
    _creators[:] = [function]


def organisation_starter_register(function: OrganisationStarter) -> None:
    """Add what happens in the transaction that creates an organisation, as its first administrator."""
    if function not in _starters:
        _starters.append(function)


def person_ensure(org: Organisation, name: str, *, email: str, is_guest: bool) -> int:
    """The number of the person with this e-mail address in the organisation, made when there is none."""
    if not _creators:
        raise RuntimeError("No app makes people; call person_creator_register(…) in an AppConfig.ready().")
    return _creators[0](org, name, email, is_guest)


def organisation_begin(actor: Actor) -> None:
    """Run everything that belongs to the beginning of an organisation."""
    for starter in _starters:
        starter(actor)
