"""All that is put together and taken apart here is promised something."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cast import Cast


@pytest.fixture(autouse=True)
def _promised(cast: Cast) -> None:
    from answerable.policy.actions import load_version
    from tests.desk.test_clocks import POLICY

    load_version(POLICY, by=cast.ada)
