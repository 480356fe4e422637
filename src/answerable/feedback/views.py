"""The customer's page. Whoever holds the signed link may answer; nothing else is shown of the conversation.

Opening the address changes nothing, for mail scanners open every address they see. The page sends the chosen
score by itself, which people take for one click; without scripts there is a button.
"""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache

from answerable.feedback.actions.ratings import comment, complain, rate
from answerable.feedback.forms import CommentForm, ScoreForm
from answerable.feedback.links import LinkTooOld, LinkUnknown, invitation_of
from answerable.feedback.models import Invitation, Rating, Score
from answerable.people.models import Company

View = Callable[..., HttpResponse]


def for_invited(view: View) -> View:
    """Hand the view the invitation its link speaks of, in the customer's language."""

    @wraps(view)
    def with_invitation(request: HttpRequest, token: str, **kwargs: object) -> HttpResponse:
        try:
            invitation = invitation_of(token)
        except LinkTooOld:
            return render(request, "feedback/link_too_old.html", status=410)
        except LinkUnknown:
            return render(request, "feedback/link_unknown.html", status=404)
        with translation.override(invitation.language):
            response = view(request, invitation, token=token, **kwargs)
            response.headers["Content-Language"] = invitation.language
            response.headers["Referrer-Policy"] = "no-referrer"
            return response

    return login_not_required(never_cache(with_invitation))


@for_invited
def rating(request: HttpRequest, invitation: Invitation, *, token: str, score: int | None = None) -> HttpResponse:
    """The five scores, the chosen one sent; afterwards room for words, and with a complaint somebody will write. Score
    and words go together: who changes the one keeps the other."""
    if request.method == "POST":
        form, comments = ScoreForm(request.POST), CommentForm(request.POST)
        if not form.is_valid() or not comments.is_valid():
            return _page(request, invitation, token, form=form, comments=comments, status=422)
        given, words = rate(invitation, score=form.cleaned_data["score"]), comments.cleaned_data["comment"]
        if "comment" in request.POST:
            comment(given, text=words)
        if comments.cleaned_data["complaint"]:
            complain(given, text=words)
        return redirect("rating", token)
    return _page(request, invitation, token, chosen=score if score in range(1, 6) else None)


def _page(
    request: HttpRequest,
    invitation: Invitation,
    token: str,
    *,
    chosen: int | None = None,
    form: ScoreForm | None = None,
    comments: CommentForm | None = None,
    status: int = 200,
) -> HttpResponse:
    given = Rating.objects.filter(invitation=invitation).first()
    posted = form.cleaned_data.get("score") if form and form.is_bound else None
    sends_itself = chosen is not None and (given is None or given.score != chosen)
    context = {
        "invitation": invitation,
        "token": token,
        "company": Company.objects.first(),
        "rating": given,
        "chosen": chosen or posted or (given.score if given else None),
        "sends_itself": sends_itself,
        "form": form or ScoreForm(),
        "scores": list(Score),
        "comments": comments or CommentForm(initial={"comment": given.comment if given else ""}),
    }
    return render(request, "feedback/rating.html", context, status=status)
