"""The form, for customers. Nobody signs in, no script is needed, and nothing said here is shown to others."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from answerable.channels.form.actions import submit
from answerable.channels.form.forms import RequestForm
from answerable.channels.form.models import Form
from answerable.desk.errors import Refused
from answerable.desk.forms.writing import ask_for_files_again
from answerable.web.human import opened
from answerable.web.languages import chosen_language

MOST_FORMS = 50


@login_not_required
@never_cache
@require_safe
def web_forms(request: HttpRequest) -> HttpResponse:
    """Those that are open, for who knows only that they want to write to us."""
    language = chosen_language(request)
    with translation.override(language):
        rows = Form.objects.open().select_related("inbox").order_by("title", "pk")[:MOST_FORMS]
        forms = _told_apart(sorted(rows, key=lambda row: row.inbox.language != language), language)
        response = render(request, "form/list.html", {"forms": forms, "language": language})
    response.headers["Content-Language"] = language
    return response


def _told_apart(rows: Sequence[Form], language: str) -> list[tuple[Form, str, str]]:
    """Forms with their titles and what is said of them; those of one title are told apart by their inboxes."""
    titles = Counter(row.title_in(language) for row in rows)
    told = []
    for row in rows:
        title, introduction = row.title_in(language) or row.inbox.name, row.introduction_in(language)
        told.append((row, title, introduction or (row.inbox.name if titles[title] > 1 else "")))
    return told


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def web_form(request: HttpRequest, key: str) -> HttpResponse:
    """In the reader's `language`; while it is open."""
    row = get_object_or_404(Form.objects.open().select_related("inbox__team"), key=key)
    language = chosen_language(request)
    with translation.override(language):
        context = {
            "title": row.title_in(language),
            "introduction": row.introduction_in(language),
            "language": language,
            "thanks": "thanks" in request.GET,
        }
        questions = list(row.questions.filter(field__retired_at=None).select_related("field"))
        if request.method != "POST":
            form = RequestForm(
                form=row, questions=questions, language=language, initial={"opened": opened(timezone.now())}
            )
            return _page(request, {**context, "form": form})
        form = RequestForm(request.POST, request.FILES, form=row, questions=questions, language=language)
        if not form.is_valid():
            return _page(request, {**context, "form": form}, 422)
        if not form.is_trapped:
            given = form.cleaned_data
            if not ratelimit.consume(request, action="form", key=given["address"].lower()):
                form.add_error(None, _("That was often. Please wait an hour, then send it again."))
                return _page(request, {**context, "form": form}, 429)
            try:
                submit(
                    row,
                    address=given["address"],
                    name=given["name"],
                    subject=given["subject"],
                    text=given["text"],
                    language=language,
                    details=form.details,
                    files=given.get("attachments", ()),
                    page=given["opened"],
                )
            except Refused as refusal:
                form.add_error("address", str(refusal))
                return _page(request, {**context, "form": form}, 422)
    return redirect(f"{reverse('web_form', args=[key])}?{urlencode({'language': language, 'thanks': '1'})}")


def _page(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    ask_for_files_again(context["form"])
    response = render(request, "form/form.html", context, status=status)
    response.headers["Content-Language"] = str(context["language"])
    return response
