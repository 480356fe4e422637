from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from answerable.imports.models import Import

    TakenOver = Callable[..., Import]


@pytest.fixture
def taken_over(tmp_path: Path) -> TakenOver:
    """What a run over files came to."""
    from answerable.imports.actions import begin_at_once
    from answerable.imports.mapping import Mapping
    from answerable.imports.reading.files import Given
    from answerable.imports.running import work_on
    from tests.cast import Cast

    def take(cast: Cast, *files: Path, system: str = "zendesk", **more: object) -> Import:
        given = {"account": "", "inbox": cast.support_inbox, "zone": "UTC", "mapping": Mapping(), "by": cast.ada}
        row = begin_at_once(system=system, files=[str(file) for file in files], **(given | more))  # type: ignore[arg-type]
        scratch = tmp_path / f"scratch-{row.pk}"
        scratch.mkdir()
        work_on(row, [Given.at(file) for file in files], scratch)
        row.refresh_from_db()
        return row

    return take
