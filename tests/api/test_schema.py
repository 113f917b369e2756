"""Every operation answers what it documents, whoever asks and whatever is sent; nothing answers 500.

schemathesis makes the requests from the schema the product serves, always the same ones, and each is undone.
"""

from __future__ import annotations

import json
import os
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
from schemathesis.core.parameters import ParameterLocation
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

# More of them look deeper: THROUGHLINE_API_EXAMPLES=100 for a night.
EXAMPLES = int(os.environ.get("THROUGHLINE_API_EXAMPLES", "3"))
DOCUMENTED = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# What a body must name to get past the first check.
NEWEST: dict[str, Any] = {
    "version": 1,
    "based_on": 1,
    "format": "listening_session",
    "time_zone": "UTC",
    "seen_roles": [],
}
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
    others = [served.reader, served.guest]

    @QUIET
    @given(case=operation.as_strategy(), is_there=st.booleans())
    def asked_well(case: Any, is_there: bool) -> None:
        _placed(case, served.ids if is_there else {})
        case.validate_response(_asked(case, served.administrator), checks=DOCUMENTED)
        while others:
            case.validate_response(_asked(case, others.pop()), checks=DOCUMENTED)

    @QUIET
    @given(case=operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
    def asked_badly(case: Any) -> None:
        _placed(case, served.ids, is_body=False)
        # What is wrong in a body must be refused; an unknown header or an extra query parameter is not wrong.
        negated = case.meta.components.get(ParameterLocation.BODY)
        is_wrong = negated is not None and negated.mode is GenerationMode.NEGATIVE and case.body is not None
        checks = [*DOCUMENTED, negative_data_rejection] if is_wrong else DOCUMENTED
        case.validate_response(_asked(case, served.administrator), checks=checks)

    asked_well()
    asked_badly()


def _asked(case: Any, caller: Caller) -> Any:
    with transaction.atomic():
        answer = case.call(headers=caller.credentials)
        transaction.set_rollback(True)
    return answer


def _placed(case: Any, ids: dict[str, int], *, is_body: bool = True) -> None:
    """Put the request into the world's organisation and, where there is one, onto things that exist."""
    case.path_parameters["org"] = "meridian"
    is_okr = "/goal-imports/" in case.path
    for name, number in ids.items():
        if name in case.path_parameters:
            case.path_parameters[name] = ids["okr_import_id"] if is_okr and name == "import_id" else number
    if ids and is_body and isinstance(case.body, dict):
        known = ids | NEWEST | {"owner_id": ids["person_id"], "into": ids["other_theme_id"]}
        case.body |= {name: known[name] for name in case.body.keys() & known.keys()}
