"""The engine sees only what is committed, so these tests commit; it is asked through the real pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cast import Cast


@pytest.fixture
def staged(transactional_db: None) -> Cast:
    """The cast under a policy; nobody has written yet."""
    from tests.insight.story import stage

    return stage()


@pytest.fixture
def desk(staged: Cast) -> Cast:
    """The cast with a small desk to report on."""
    from tests.insight.story import perform

    return perform(staged)
