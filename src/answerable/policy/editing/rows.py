"""Forms of one kind below one another, as many as the writer wants: steps, intervals, dates.

Rows are added, moved and taken out by the server, which draws the form again with all that was typed, so that it
works with and without scripts, by mouse and by keyboard.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict

MOST_ROWS = 1000  # what is sent with one form has a limit of its own: DATA_UPLOAD_MAX_NUMBER_FIELDS
_TURN = re.compile(r"([a-z_]+):(add|remove|up|down)(?::(\d{1,3}))?")


class RowForm(forms.Form):
    """One row. It is left out where all its `telling` fields are empty."""

    telling: ClassVar[tuple[str, ...]] = ()

    @property
    def is_blank(self) -> bool:
        return not any(str(self[name].value() or "").strip() for name in self.telling)

    def has_changed(self) -> bool:
        """Whether there is anything to check."""
        return not self.is_blank


@dataclass(frozen=True)
class Row:
    """A row as it is drawn. `focus` is the button to go on at, after it was pressed: up, down, remove, or none."""

    form: RowForm
    place: int
    is_first: bool
    is_last: bool
    focus: str


class Rows:
    """The rows of a name. `given` goes to each form."""

    def __init__(
        self,
        kind: type[RowForm],
        name: str,
        data: QueryDict | None,
        initial: Sequence[Mapping[str, Any]] = (),
        **given: Any,
    ) -> None:
        self.name = name
        count = count_of(data, name) if data is not None else max(len(initial), 1)
        self.forms = [
            kind(
                data,
                prefix=f"{name}-{place}",
                initial=dict(initial[place]) if data is None and place < len(initial) else {},
                empty_permitted=True,
                use_required_attribute=False,
                **given,
            )
            for place in range(count)
        ]
        self.errors: list[str] = []
        """What is wrong with them together."""
        self.turn: Turn | None = None

    def __iter__(self) -> Iterator[RowForm]:
        return iter(self.forms)

    @property
    def drawn(self) -> list[Row]:
        """Each with its place."""
        last = len(self.forms) - 1
        return [
            Row(form, place, place == 0, place == last, self._focus(place, last))
            for place, form in enumerate(self.forms)
        ]

    def go_on(self, turn: "Turn") -> None:
        """Where the writer goes on after a button was pressed."""
        self.turn = turn
        if turn.verb == "add" and self.forms:
            form = self.forms[-1]
            next(iter(form.fields.values())).widget.attrs["autofocus"] = True

    def _focus(self, place: int, last: int) -> str:
        turn = self.turn
        if turn is None or turn.verb == "add" or place != min(turn.place, last):
            return ""
        if turn.verb == "up" and place == 0:
            return "down"
        return "up" if turn.verb == "down" and place == last else turn.verb

    def __len__(self) -> int:
        return len(self.forms)

    def is_valid(self) -> bool:
        valid = [form.is_valid() for form in self.forms]  # all are asked, so that all show what is wrong
        return all(valid)

    @property
    def used(self) -> list[RowForm]:
        """Those that say something, in their order."""
        return [form for form in self.forms if not form.is_blank]

    def refuse(self, place: int, field: str, words: str) -> None:
        """Show what is wrong with one of those that say something."""
        if place < len(self.used) and field in self.used[place].fields:
            self.used[place].add_error(field, words)
        else:
            self.errors.append(words)


def count_of(data: QueryDict, name: str) -> int:
    """How many rows of a name were sent."""
    asked = data.get(f"{name}-rows", "")
    return min(int(asked), MOST_ROWS) if asked.isdecimal() and len(asked) < 4 else 1


@dataclass(frozen=True)
class Turn:
    """A button that was pressed: what became of which row of a name."""

    name: str
    verb: str
    place: int


def turned(data: QueryDict) -> tuple[QueryDict, Turn | None]:
    """What was typed with its rows as the pressed button (`row`) wants them, and which that was."""
    match = _TURN.fullmatch(data.get("row", ""))
    result = data.copy()
    if match is None:
        return result, None
    name, verb, place = match[1], match[2], int(match[3] or 0)
    rows = _taken(result, name)
    if verb == "add":
        place = len(rows)
        rows = [*rows, {}][:MOST_ROWS]
    elif place < len(rows):
        row = rows.pop(place)
        if verb != "remove":
            place = max(0, place - 1) if verb == "up" else min(len(rows), place + 1)
            rows.insert(place, row)
    result[f"{name}-rows"] = str(len(rows))
    for number, row in enumerate(rows):
        for field, values in row.items():
            result.setlist(f"{name}-{number}-{field}", values)
    return result, Turn(name, verb, place)


def _taken(data: QueryDict, name: str) -> list[dict[str, list[str]]]:
    """The rows of a name, field by field, taken out of what was sent."""
    rows: list[dict[str, list[str]]] = [{} for _ in range(count_of(data, name))]
    for key in list(data):
        match = re.fullmatch(rf"{name}-(\d{{1,3}})-(\w+)", key)
        if match and int(match[1]) < len(rows):
            rows[int(match[1])][match[2]] = data.getlist(key)
            del data[key]
    return rows
