"""Organisation scope and confidentiality hold for every model, and each exception is written down."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from tests.worlds import World
from throughline.kernel.errors import ScopeError
from throughline.kernel.models import Confidentiality, OrgModel
from throughline.kernel.scoping import across_orgs, current_org_id, in_org

SOURCE = Path(__file__).resolve().parents[2] / "src" / "throughline"
OUR_MODELS = [model for model in apps.get_models() if model.__module__.startswith("throughline.")]
SCOPED = [model for model in OUR_MODELS if issubclass(model, OrgModel)]
# Rows of the installation itself; every other model belongs to an organisation.
WITHOUT_ORGANISATION = {"Organisation", "Account", "ReactionCursor", "WorkerBeat"}

# Where the scope is lifted, and how often. A new use is added here with a reason a reviewer accepts.
LIFTED = {
    # Finding the organisation of a request or token, before a scope can exist.
    "access/actors.py": 2,
    # Invitations are found by their secret; one's organisations are listed on the welcome page.
    "access/selectors/invitations.py": 1,
    "access/selectors/organisations.py": 3,
    # Old keys of every organisation are deleted by the worker.
    "access/services/purging.py": 1,
    # A form to start an organisation that was sent twice.
    "access/services/repeating.py": 1,
    # The outbox serves every organisation, one event at a time.
    "kernel/prepared.py": 1,
    "ledger/outbox.py": 3,
    # The live stream reads ids of changes for all its clients at once.
    "meetings/live_changes.py": 1,
    # The answer host knows a board by its public name and a post by its receipt, and nobody's organisation.
    "meetings/services/unattributed.py": 2,
    # Account mail goes through a server of one of its reader's organisations.
    "notify/mail.py": 1,
}


@pytest.mark.parametrize("model", OUR_MODELS, ids=lambda model: model.__name__)
def test_model_states_its_confidentiality_class(model: type[models.Model]) -> None:
    assert isinstance(getattr(model, "confidentiality", None), Confidentiality)


def test_every_model_belongs_to_an_organisation() -> None:
    assert {model.__name__ for model in OUR_MODELS} - {model.__name__ for model in SCOPED} <= WITHOUT_ORGANISATION


@pytest.mark.parametrize("model", SCOPED, ids=lambda model: model.__name__)
def test_model_refuses_a_query_outside_a_scope(model: type[OrgModel], db: None) -> None:
    with pytest.raises(ScopeError):
        model._default_manager.count()


@pytest.mark.parametrize("model", SCOPED, ids=lambda model: model.__name__)
def test_model_shows_only_rows_of_the_organisation_in_scope(model: type[OrgModel], world: World) -> None:
    sql = str(model._default_manager.all().query)
    assert re.search(rf'"org_id" = {world.org.pk}\b', sql), sql


def test_scope_cannot_change_half_way() -> None:
    with in_org(1), pytest.raises(ScopeError), in_org(2):
        pass


def test_lifted_scope_has_no_current_organisation() -> None:
    with across_orgs(reason="this test"), pytest.raises(ScopeError):
        current_org_id()


def test_every_lifted_scope_is_listed() -> None:
    found: dict[str, int] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        relative = path.relative_to(SOURCE).as_posix()
        if "/tests/" in relative or relative == "kernel/scoping.py":
            continue
        uses = len(re.findall(r"\bacross_orgs\(", path.read_text()))
        if uses:
            found[relative] = uses
    assert found == LIFTED
