"""What the forms of the policy's parts share."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict

from answerable.core.policy import PolicyError
from answerable.core.policy.positions import Path
from answerable.core.policy.touched import Part
from answerable.policy.editing.manuscript import Element, Values
from answerable.policy.editing.rows import Rows
from answerable.policy.editing.workshop import Workshop
from answerable.policy.mistakes import mistake_words
from answerable.policy.names import language_name

LONGEST_TEXT = 2000
LONGEST_KEY = 60


class Spoken:
    """The fields of one text: the policy's own language first."""

    def __init__(self, fields: Sequence[forms.BoundField]) -> None:
        self.own = fields[0]
        self.others = fields[1:]

    @property
    def is_open(self) -> bool:
        """Whether something is wrong in another language than the policy's own."""
        return any(field.errors for field in self.others)


class PartForm(forms.Form):
    """One element of a draft as people write it. Subclasses say what it reads and writes.

    A mistake that `core` finds is shown beside the field that `place` names for its path below the element.
    """

    part: ClassVar[Part]
    template: ClassVar[str]

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, data: QueryDict | None, *, workshop: Workshop, element: Element | None, revision: int | None = None
    ) -> None:
        self.workshop = workshop
        self.element = element
        self.present: Values = element.values if element else {}
        self.rows: dict[str, Rows] = {}
        self.texts: list[str] = []
        super().__init__(data, initial={"revision": revision}, auto_id="id_%s", use_required_attribute=False)
        self.prepare(data)

    def prepare(self, data: QueryDict | None) -> None:
        """Fill in choices, what the document says now, and rows."""

    def values(self) -> dict[str, Any]:
        """What to write, None for what to take out. Only of a valid form."""
        raise NotImplementedError

    def new_key(self) -> str:
        """What a new element's key is made from."""
        raise NotImplementedError

    def place(self, tail: Path) -> str | None:
        """The field that a path below the element is written in."""
        name = str(tail[0]) if tail else ""
        return name if name in self.fields else None

    def refuse(self, error: PolicyError, tail: Path) -> None:
        """Show what `core` finds wrong beside its field."""
        words = mistake_words(error)
        name = self.place(tail)
        if name is not None and self.has_error(name):
            return
        self.add_error(name, words)

    def is_valid(self) -> bool:
        """With all of its rows."""
        return all([super().is_valid(), *[rows.is_valid() for rows in self.rows.values()]])

    @property
    def has_errors(self) -> bool:
        return bool(self.errors) or any(rows.errors or any(form.errors for form in rows) for rows in self.rows.values())

    @property
    def condition_fields(self) -> list[forms.BoundField]:
        """Which conversations it is for."""
        return [self[name] for name in self.fields if name.startswith("when_")]

    # Texts in several languages: a field each, the policy's own language first.

    def add_spoken(self, name: str, label: Any, *, required: bool = True, rows: int = 2, longest: int = 300) -> None:
        """Fields ``NAME_en`` and so on."""
        self.texts.append(name)
        texts = spoken_texts(self.present.get(name), self.workshop.manuscript.language)
        for code in dict.fromkeys((*self.workshop.languages, *texts)):
            own = code == self.workshop.languages[0]
            widget: forms.Widget = forms.Textarea(attrs={"rows": rows}) if rows > 1 else forms.TextInput()
            widget.attrs["lang"] = code
            self.fields[f"{name}_{code}"] = forms.CharField(
                label=label if own else language_name(code),
                required=required and own,
                initial=texts.get(code, ""),
                max_length=longest,
                widget=widget,
            )

    @property
    def spoken(self) -> dict[str, "Spoken"]:
        """The fields of each text."""
        return {
            name: Spoken([self[each] for each in self.fields if each.startswith(f"{name}_")]) for name in self.texts
        }

    def spoken_value(self, name: str) -> str | dict[str, str] | None:
        """What was written in them: one text, if it is in the policy's own language alone."""
        prefix = f"{name}_"
        texts = {
            each.removeprefix(prefix): " ".join(self.cleaned_data[each].split())
            for each in self.fields
            if each.startswith(prefix) and self.cleaned_data.get(each)
        }
        return spoken_written(texts, self.present.get(name), self.workshop.languages[0])


def spoken_texts(value: object, own: str) -> dict[str, str]:
    """A text of the document by language."""
    if isinstance(value, Mapping):
        return {str(code): str(text) for code, text in value.items()}
    return {own: str(value)} if value is not None else {}


def spoken_written(texts: Mapping[str, str], present: object, own: str) -> str | dict[str, str] | None:
    """Texts as the document has them: one that is in its own language alone as it is, unless it was a table."""
    if not texts:
        return None
    if set(texts) == {own} and not isinstance(present, Mapping):
        return texts[own]
    return dict(texts)


def key_from(words: str, taken: Iterable[str], otherwise: str) -> str:
    """A key made of words: ASCII, small, a few words long, unlike those that are taken."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().casefold()
    base = "-".join(re.findall(r"[a-z0-9]+", plain)[:5])[:40].strip("-") or otherwise
    known, number, key = set(taken), 2, base
    while key in known or key == "always" or key == "regional":
        key, number = f"{base}-{number}", number + 1
    return key


def strings(value: object) -> list[str]:
    """A list of texts, or one; what is none is left out."""
    if isinstance(value, str):
        return [value]
    return [str(each) for each in value] if isinstance(value, Sequence) else []
