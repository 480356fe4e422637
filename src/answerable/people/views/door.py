"""Who comes in to a page, how a form is shown again, and how a refusal is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from answerable.people.errors import Refused
from answerable.people.models import User
from answerable.people.permissions import check_is_administrator


def member_of_staff(request: HttpRequest) -> User:
    """Who asks. Pages for members of staff only are reached by nobody else (LoginRequiredMiddleware)."""
    return cast(User, request.user)


def administrator(request: HttpRequest) -> User:
    """Who asks, when they administer the company. Raises PermissionDenied."""
    person = member_of_staff(request)
    check_is_administrator(person)
    return person


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with, be it nothing at all; None while the page is only looked at."""
    return request.POST if request.method == "POST" else None


def show(request: HttpRequest, template: str, form: BaseForm | None = None, **context: Any) -> HttpResponse:
    """A page; with status 422 when its form was refused."""
    status = 422 if form is not None and form.is_bound and form.errors else 200
    return render(request, template, {"form": form, **context}, status=status)


@contextmanager
def refusals_told(request: HttpRequest) -> Iterator[None]:
    """What the action inside refuses is told on the page that comes next; the rest inside is not done then."""
    try:
        yield
    except Refused as refusal:
        messages.error(request, str(refusal))
