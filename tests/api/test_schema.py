"""Every operation answers what it documents, whoever asks and whatever is sent; nothing answers 500.

schemathesis makes the requests from the schema the product serves, always the same ones, and each is undone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.content import Caller, build_content, caller_for, signed_in
from tests.worlds import World
from throughline.project.api import api
from throughline.project.wsgi import application

EXAMPLES = 5
DOCUMENTED = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
QUIET = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
SCHEMA = schemathesis.openapi.from_dict(json.loads(json.dumps(api.get_openapi_schema())))
SCHEMA.app = application
OPERATIONS = [found.ok() for found in SCHEMA.get_all_operations()]


@dataclass(frozen=True)
class Served:
    """Who asks, and what there is to ask about."""

    administrator: Caller
    reader: Caller
    guest: Caller
    ids: dict[str, int]


@pytest.fixture
def served(world: World) -> Iterator[Served]:
    """The small world with a little of everything in it. Requests leave the test's connection open."""
    ids = build_content(world)
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield Served(
        administrator=caller_for(world.ada),
        reader=caller_for(world.ben, can_write=False),
        guest=signed_in(world.gus),
        ids=ids,
    )
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("app", sorted({operation.tags[0] for operation in OPERATIONS}))
def test_operations_answer_as_documented(app: str, served: Served, subtests: Any) -> None:
    for operation in OPERATIONS:
        if operation.tags == [app]:
            with subtests.test(operation.label):
                _exercise(operation, served)


def _exercise(operation: Any, served: Served) -> None:
    @QUIET
    @given(case=operation.as_strategy(), is_there=st.booleans())
    def asked_well(case: Any, is_there: bool) -> None:
        _placed(case, served.ids if is_there else {})
        for caller in (served.administrator, served.reader, served.guest):
            case.validate_response(_asked(case, caller), checks=DOCUMENTED)

    @QUIET
    @given(case=operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
    def asked_badly(case: Any) -> None:
        _placed(case, served.ids)
        case.validate_response(_asked(case, served.administrator), checks=[*DOCUMENTED, negative_data_rejection])

    asked_well()
    asked_badly()


def _asked(case: Any, caller: Caller) -> Any:
    with transaction.atomic():
        answer = case.call(headers=caller.credentials)
        transaction.set_rollback(True)
    return answer


def _placed(case: Any, ids: dict[str, int]) -> None:
    """Put the request into the world's organisation and, where there is one, onto a thing that exists."""
    case.path_parameters["org"] = "meridian"
    is_okr = "/goal-imports/" in case.path
    for name, number in ids.items():
        if name in case.path_parameters:
            case.path_parameters[name] = ids["okr_import_id"] if is_okr and name == "import_id" else number
