"""What the pages for writers begin with."""

from django.conf import settings
from django.http import Http404, HttpRequest

from answerable.knowledge.permissions import check_may_write
from answerable.people.models import User
from answerable.people.views.door import member_of_staff


def writer(request: HttpRequest) -> User:
    """Who asks, if they may write. Raises PermissionDenied."""
    person = member_of_staff(request)
    check_may_write(person)
    return person


def language_name(language: str) -> str:
    """In its own words. Raises Http404 for one that we don't speak."""
    try:
        return dict(settings.LANGUAGES)[language]
    except KeyError:
        raise Http404 from None
