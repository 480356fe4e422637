"""Whatever fits the document is taken, whatever does not is refused, and every answer is as it says (schemathesis)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks
from schemathesis.config import SchemathesisConfig
from schemathesis.hooks import HookContext
from schemathesis.schemas import Case

from answerable.api import bearer
from answerable.api.operations import OPERATIONS, Operation
from answerable.api.resources import conversations as conversations  # declares them all
from answerable.api.schema import NO_NUL
from answerable.desk.actions.conversations import open_conversation
from answerable.desk.actions.fields import write_field
from answerable.desk.actions.messages import receive
from answerable.policy.actions import load_default
from tests.api.program import Program
from tests.cast import Cast

EXAMPLES = int(os.environ.get("ANSWERABLE_FUZZ", "3"))
"""Of each kind, for each operation; for those that only read two thirds of it."""
LONG = 1000
QUIET = settings(
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def before_load_schema(_context: HookContext, raw_schema: dict[str, Any]) -> None:
    """That no text holds U+0000 is a pattern, which together with a length of a hundred thousand takes the engine of
    patterns a second each time; no example of such a text holds one anyway."""
    for body in (one for one in each(raw_schema) if one.get("maxLength", 0) > LONG and one.get("pattern") == NO_NUL):
        del body["pattern"]


def each(schema: Any) -> Iterator[dict[str, Any]]:
    """All objects within."""
    if isinstance(schema, dict):
        yield schema
    for inner in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from each(inner)


@cache
def document() -> Any:
    """Served as the product serves it, and read by schemathesis."""
    load_all_checks()
    schemathesis.hook(before_load_schema)
    config = SchemathesisConfig()
    config.projects.default.generation.update(allow_x00=False)
    config.projects.default.analysis.constants.enabled = False  # our sources hold no secrets of the interface
    checks = config.projects.default.checks
    checks.positive_data_acceptance.expected_statuses.append("422")  # it is right, and makes no sense now
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", WSGIHandler(), config=config)


@pytest.fixture
def secret(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Of an administrator, in a company where each first row is there to be found."""
    monkeypatch.setattr(bearer, "REQUESTS", 10**9)
    load_default(cast.company, by=None)
    write_field(name="Order", kind="text", by=cast.ada, names={}, choices_in={})
    row = open_conversation(inbox=cast.support_inbox, contact=cast.dace, subject="Where is it?", by=None)
    receive(row, contact=cast.dace, text="I ordered a book on Monday.")
    secret = Program(cast.ada).secret
    signals = (request_started, request_finished)
    for signal in signals:  # the connection is the test's
        signal.disconnect(close_old_connections)
    yield secret
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.mark.parametrize("one", OPERATIONS, ids=[one.name for one in OPERATIONS])
def test_an_operation_keeps_its_word(one: Operation, secret: str) -> None:
    operation = document()[one.path][one.method]

    for mode in GenerationMode:

        @settings(QUIET, max_examples=EXAMPLES if one.writes else max(1, EXAMPLES * 2 // 3))
        @given(case=operation.as_strategy(generation_mode=mode))
        def tried(case: Case) -> None:
            case.call_and_validate(headers={"Authorization": f"Bearer {secret}"})

        tried()
