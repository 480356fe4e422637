"""Customers' words on a promise. Nobody signs in, no script is needed, and nothing said here is shown to others."""

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from answerable.policy.actions.comments import add_comment
from answerable.policy.forms.promise_comment import PromiseCommentForm
from answerable.policy.models import Comment, Publication, Version
from answerable.policy.running import compiled
from answerable.web.human import opened
from answerable.web.languages import chosen_language


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def promise_comment(request: HttpRequest, key: str) -> HttpResponse:
    """On one promise, in the reader's `language`; while the promises are published."""
    if Publication.objects.current() is None:
        raise Http404
    version = get_object_or_404(Version.objects.defer("document"), state=Version.State.IN_FORCE)
    standard = compiled(version.pk).standards.get(key)
    if standard is None:
        raise Http404
    language = chosen_language(request)
    with translation.override(language):
        context: dict[str, object] = {"sentence": standard.promise_in(language), "language": language}
        if request.method == "GET":
            form = PromiseCommentForm(initial={"opened": opened(timezone.now())})
            return _page(request, {**context, "form": form, "thanks": "thanks" in request.GET})
        form = PromiseCommentForm(request.POST)
        if not form.is_valid():
            return _page(request, {**context, "form": form}, 422)
        if not form.is_trapped:
            if not ratelimit.consume(request, action="promise_comment"):
                form.add_error(None, _("That was often. Please wait an hour, then send it again."))
                return _page(request, {**context, "form": form}, 429)
            add_comment(
                version=version,
                part=Comment.Part.STANDARD,
                key=standard.key,
                text=form.cleaned_data["text"],
                address=form.cleaned_data["address"],
                language=language,
            )
    return redirect(f"{reverse('promise_comment', args=[key])}?{urlencode({'language': language, 'thanks': '1'})}")


def _page(request: HttpRequest, context: dict[str, object], status: int = 200) -> HttpResponse:
    response = render(request, "policy/promise_comment.html", context, status=status)
    response.headers["Content-Language"] = str(context["language"])
    return response
