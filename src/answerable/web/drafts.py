"""What is kept while it is typed (static/web/draft.js)."""

from django.http import HttpResponse
from django.utils import timezone

from answerable.web.words import reader


def saved_now() -> HttpResponse:
    """The answer to <answer-draft> where it was kept: the time of day, as the reader says times."""
    return HttpResponse(reader().time_of_day(timezone.now()), content_type="text/plain; charset=utf-8")
