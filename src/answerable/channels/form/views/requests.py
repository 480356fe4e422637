"""A customer's requests: entered by a mailed link, then by a cookie. Only what went between them and us is shown."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from answerable.channels.form.asked import messages_of, requests_of, shown
from answerable.channels.form.forms import AddressForm, AnswerForm
from answerable.channels.form.jobs import mail_entrance
from answerable.channels.form.links import LinkTooOld, LinkUnknown, forget, reader_of, remember, who_enters
from answerable.customers.models import Contact
from answerable.desk.actions.messages import receive
from answerable.desk.forms.writing import ask_for_files_again
from answerable.desk.models import Attachment
from answerable.desk.views.attachments import handed_out
from answerable.web.human import opened
from answerable.web.languages import chosen_language
from answerable.web.pager import keyset

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Contact, P], HttpResponse]
AT_ONCE = 25


def for_reader(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Hand the view whose requests they are, in their language; who has not entered is asked for their address."""

    @wraps(view)
    def entered(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        contact = reader_of(request)
        if contact is None:
            return redirect("requests_entrance_mails")
        with translation.override(contact.language or chosen_language(request)):
            response = view(request, contact, *args, **kwargs)
            response.headers["Content-Language"] = translation.get_language() or "en"
        return response

    return login_not_required(never_cache(entered))


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def entrance_mails(request: HttpRequest) -> HttpResponse:
    """Ask for a link. Whether we know the address is not said."""
    language = chosen_language(request)
    with translation.override(language):
        if request.method != "POST":
            form = AddressForm(initial={"opened": opened(timezone.now())})
            return _entrance(request, form, language)
        form = AddressForm(request.POST)
        if not form.is_valid():
            return _entrance(request, form, language, 422)
        address = form.cleaned_data["address"].lower()
        if not form.is_trapped:
            if not ratelimit.consume(request, action="requests_link", key=address):
                form.add_error(None, _("That was often. Please wait an hour, then send it again."))
                return _entrance(request, form, language, 429)
            mail_entrance.later(once=f"requests-{address}", address=address, language=language)
    return redirect(f"{request.path}?language={language}&sent=1")


@login_not_required
@never_cache
@require_safe
def entrance(request: HttpRequest, token: str) -> HttpResponse:
    """By the link of a mail: the browser is theirs from now on."""
    try:
        contact = who_enters(token)
    except LinkTooOld:
        return render(request, "form/link_too_old.html", status=410)
    except LinkUnknown:
        return render(request, "form/link_unknown.html", status=404)
    response = redirect("requests")
    remember(response, contact)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@require_safe
@for_reader
def requests(request: HttpRequest, contact: Contact) -> HttpResponse:
    """All, the newest first."""
    page = keyset(requests_of(contact), column="last_message_at", cursor=request.GET.get("cursor"), size=AT_ONCE)
    return render(request, "form/requests.html", {"contact": contact, "page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@for_reader
def one_request(request: HttpRequest, contact: Contact, pk: int) -> HttpResponse:
    """What was written, and room to add to it. What is added to a closed one begins another."""
    found = get_object_or_404(requests_of(contact), pk=pk)
    form = AnswerForm()
    if request.method == "POST":
        form = AnswerForm(request.POST, request.FILES)
        if form.is_valid():
            if ratelimit.consume(request, action="request_reply", key=str(contact.pk)):
                given = form.cleaned_data
                message = receive(found, contact=contact, text=given["text"], files=given["attachments"])
                messages.success(request, _("We have it, and will answer."))
                return redirect("request", message.conversation_id)
            form.add_error(None, _("That was often. Please wait an hour, then send it again."))
        ask_for_files_again(form)
    context = {"contact": contact, "conversation": found, "messages_shown": shown(found), "form": form}
    return render(request, "form/request.html", context, status=422 if form.errors else 200)


@require_safe
@for_reader
def file(request: HttpRequest, contact: Contact, pk: int) -> HttpResponse:
    """A file of theirs or of ours to them, to be saved."""
    rows = Attachment.objects.filter(message__in=messages_of(contact))
    return handed_out(get_object_or_404(rows.select_related("file"), pk=pk))


@login_not_required
@require_POST
def leaving(request: HttpRequest) -> HttpResponse:
    """The browser is nobody's again."""
    response = redirect("requests_entrance_mails")
    forget(response)
    return response


def _entrance(request: HttpRequest, form: AddressForm, language: str, status: int = 200) -> HttpResponse:
    context = {"form": form, "language": language, "sent": "sent" in request.GET and not form.is_bound}
    response = render(request, "form/entrance.html", context, status=status)
    response.headers["Content-Language"] = language
    return response
