"""Each icon a template asks for is in the sprite, and the sprite is what its licence allows."""

import re
from pathlib import Path

import pytest

import answerable
from answerable.web.icons import SPRITE, UnknownIcon, icons, shapes

PACKAGE = Path(answerable.__file__).parent
ASKED = re.compile(r"""{%\s*icon\s+"([^"]+)\"""")


def test_every_icon_a_template_names_exists() -> None:
    asked = {
        (name, path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("templates/**/*.html")
        for name in ASKED.findall(path.read_text())
    }
    assert len(asked) > 20
    assert [(name, path) for name, path in asked if name not in icons()] == []


def test_an_unknown_icon_names_its_neighbours() -> None:
    with pytest.raises(UnknownIcon, match="chevron-down"):
        shapes("chevron-dwn")


def test_the_sprite_carries_its_licence_and_nothing_that_runs() -> None:
    assert "ISC License" in (SPRITE.parent / "icons.LICENSE.txt").read_text()
    assert not re.search(r"<script|\son\w+=|href=", SPRITE.read_text())
