"""What can be asked of the API: each operation says its address, what it takes and answers, and does it.

    @operation("GET", "/teams/{id}", "A team", tag="People", scope="people:read", answers=TEAM)
    def team(call: Call) -> Answer: ...

The address book (`find`), the document (`openapi.py`) and the page for people read the same declarations.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _

from answerable.api.models import Token
from answerable.api.problems import Problem
from answerable.api.schema import LARGEST, Schema, Shape
from answerable.desk.actions.files import NewFile
from answerable.people.models import User

Row = TypeVar("Row", bound=Model)
NUMBER: Final = re.compile(r"[0-9]{1,19}", re.ASCII)


@dataclass(frozen=True)
class Listed:
    """A page of a list."""

    of: Shape


@dataclass(frozen=True)
class Bytes:
    """A file."""


@dataclass(frozen=True)
class Answer:
    """`body` is what JSON is made of; None for none. `location` is the address of what was made."""

    body: Any
    status: int = 200
    location: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """A request as an operation gets it: read, and found to fit what is documented."""

    token: Token
    path: str
    numbers: Mapping[str, int] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    raw_query: Sequence[tuple[str, str]] = ()
    body: Mapping[str, Any] = field(default_factory=dict)
    files: Sequence[NewFile] = ()
    if_match: str = ""

    @property
    def by(self) -> User:
        return self.token.user

    def one(self, rows: "QuerySet[Row]", number: int | None = None) -> Row:
        """The row whose number stands in the address. Raises Problem (404): what one may not see is not there."""
        found = rows.filter(pk=self.numbers["id"] if number is None else number).first()
        if found is None:
            raise Problem("not-found", _("There is no such thing, or it is not yours to see."))
        return found


Doing = Callable[[Call], Answer | HttpResponse]


@dataclass(frozen=True)
class Operation:
    """`query` and `body` are schemas of what it takes. `takes_files`: the body may come with files (multipart)."""

    method: str
    path: str
    title: str
    tag: str
    scope: str
    answers: Shape | Listed | Bytes | None
    do: Doing
    about: str = ""
    status: int = 200
    query: Mapping[str, Schema] = field(default_factory=dict)
    body: Schema | None = None
    takes_files: bool = False
    may_be: Sequence[str] = ()

    @property
    def name(self) -> str:
        return self.do.__name__

    @property
    def writes(self) -> bool:
        return self.method != "GET"


OPERATIONS: Final[list[Operation]] = []
_PATHS: Final[dict[str, tuple[re.Pattern[str], dict[str, Operation]]]] = {}


def operation(method: str, path: str, title: str, **more: Any) -> Callable[[Doing], Doing]:
    """Declares one. `more` are fields of Operation."""

    def declare(do: Doing) -> Doing:
        made = Operation(method, path, title, do=do, **more)
        OPERATIONS.append(made)
        pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))
        _PATHS.setdefault(path, (pattern, {}))[1][method] = made
        return do

    return declare


def find(method: str, path: str) -> tuple[Operation, dict[str, int]]:
    """The operation at an address, and the numbers in it. Raises Problem (404, 405)."""
    for numbers, methods in _at(path):
        if found := methods.get("GET" if method == "HEAD" else method):
            return found, numbers
        allowed = sorted({*methods, "HEAD"} if "GET" in methods else methods)
        detail = _("It takes %(methods)s.") % {"methods": ", ".join(allowed)}
        raise Problem("method-not-allowed", detail, headers={"Allow": ", ".join(allowed)})
    raise Problem("not-found", _("The API has no such address."))


def _at(path: str) -> Iterator[tuple[dict[str, int], dict[str, Operation]]]:
    """Those without numbers first: `/policies/in-force` is no number."""
    if path in _PATHS and "{" not in path:
        yield {}, _PATHS[path][1]
    for pattern, methods in _PATHS.values():
        match = pattern.fullmatch(path)
        if match and all(NUMBER.fullmatch(given) and int(given) <= LARGEST for given in match.groupdict().values()):
            yield {name: int(given) for name, given in match.groupdict().items()}, methods
