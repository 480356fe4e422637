"""What is kept while it is typed (static/web/draft.js), and not over what was typed of it in another tab."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django import forms
from django.http import HttpResponse, JsonResponse
from django.utils import timezone

from answerable.web.words import reader

LONGEST_NAME = 36


class Typed(Protocol):
    """A draft: what was typed, when, and in which tab."""

    text: str
    tab: str
    updated_at: datetime


def version_of(draft: Typed | None) -> str:
    """What a page tells of the draft that it was opened with: when that was kept, in microseconds; empty for none."""
    return f"{draft.updated_at.timestamp() * 1e6:.0f}" if draft else ""


@dataclass(frozen=True)
class Page:
    """Where somebody types: a `tab` of a name that it made up, which was opened with the version `known`. Without a
    name, as programs have none, all is kept; also where the writer has seen what stands there, and `insists`."""

    tab: str = ""
    known: str = ""
    insists: bool = False

    def may_keep(self, draft: Typed | None, text: str) -> bool:
        """Whether it has seen all words that stand in the draft: its own, or those that it was opened with."""
        if self.insists or not self.tab or draft is None or draft.text.strip() in ("", text.strip()):
            return True
        return draft.tab == self.tab or version_of(draft) == self.known


class Elsewhere(Exception):
    """Its writer has gone on in another tab: `text` stands there, with its `html`. Both are empty where the words have
    been sent or saved from there."""

    def __init__(self, text: str = "", html: str = "") -> None:
        super().__init__(text)
        self.text, self.html = text, html


class PageForm(forms.Form):
    """What <answer-draft> says of the page with what is typed. `page` afterwards."""

    tab = forms.CharField(required=False, max_length=LONGEST_NAME)
    known = forms.CharField(required=False, max_length=20)
    insists = forms.BooleanField(required=False)

    @property
    def page(self) -> Page:
        return Page(*(self.cleaned_data[name] for name in ("tab", "known", "insists")))


def saved_now() -> HttpResponse:
    """The answer to <answer-draft> where it was kept: the time of day, as the reader says times."""
    return HttpResponse(reader().time_of_day(timezone.now()), content_type="text/plain; charset=utf-8")


def not_kept(text: str, html: str) -> JsonResponse:
    """The answer where it was not, since it went on elsewhere: what stands there, its HTML as editors show it."""
    return JsonResponse({"text": text, "html": html}, status=409)
