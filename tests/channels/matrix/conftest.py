"""One homeserver for all tests of this folder, and two products that it serves: the tests', and one they start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cast import Cast
    from tests.channels.matrix.stage import Shared, Stage


@pytest.fixture(scope="package")
def shared(live_server: Any) -> Iterator[Shared]:
    from tests.channels.matrix.stage import share

    with share(str(live_server)) as found:
        yield found


@pytest.fixture
def stage(cast: Cast, shared: Shared) -> Stage:
    from tests.channels.matrix.stage import NUMBER, SECRETS, Stage, connect, names

    gateway = connect(cast, shared.server, NUMBER, "service", SECRETS)
    return Stage(cast, gateway, shared.server, shared.server.person(next(names)))
