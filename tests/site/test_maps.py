"""A package whose first words list its modules lists all of them, and none that is gone."""

import ast
import re
from pathlib import Path

import pytest

import answerable

ROW = re.compile(r"^([a-z_]+) {2,}\S", re.MULTILINE)


def listed(package: Path) -> set[str]:
    """The modules that the docstring of a package names, each on a line of its own."""
    said = ast.get_docstring(ast.parse((package / "__init__.py").read_text(encoding="utf-8"))) or ""
    return set(ROW.findall(said))


def there(package: Path) -> set[str]:
    modules = {path.stem for path in package.glob("*.py")}
    return modules - {"__init__"} | {path.parent.name for path in package.glob("*/__init__.py")}


MAPPED = [path.parent for path in sorted(Path(answerable.__file__).parent.rglob("__init__.py")) if listed(path.parent)]


@pytest.mark.parametrize("package", MAPPED, ids=lambda package: f"{package.parent.name}-{package.name}")
def test_a_map_shows_what_is_there(package: Path) -> None:
    assert listed(package) == there(package)
