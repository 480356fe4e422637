"""Visitors read and write. Each answer is JSON; nothing is cached."""

from typing import Any

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.channels.chat.actions.signs import end, give_sign, rate
from answerable.channels.chat.actions.writing import (
    Page,
    ask_for_a_call,
    ask_for_mail,
    keep_address,
    leave_letter,
    write,
)
from answerable.channels.chat.budget import TooMuch, check_budget
from answerable.channels.chat.forms import (
    AddressForm,
    CallForm,
    ConversationForm,
    LetterForm,
    MessageForm,
    RatingForm,
    SignForm,
)
from answerable.channels.chat.here import is_long, there
from answerable.channels.chat.models import Visit
from answerable.channels.chat.reading import conversations, line_words, said, told
from answerable.channels.chat.views.door import Caller, checked, for_pages, for_visitors, refused
from answerable.channels.chat.visits import Known, files_of
from answerable.channels.chat.words import words
from answerable.desk.views.attachments import handed_out
from answerable.web.numbers import key_in

LARGEST_ID = 2**62
LARGE = 64 * 1024


@for_pages("GET")
def chat(request: HttpRequest, caller: Caller) -> HttpResponse:
    """How it looks, what it says, whether anybody is there, and what this browser has asked before."""
    now = timezone.now()
    widget, inbox = caller.widget, caller.widget.inbox
    found = there(inbox.team, inbox.region, now)
    ahead, wait = found.place(now)
    return JsonResponse(
        {
            "name": widget.name,
            "greeting": widget.greeting_in(caller.language),
            "colour": widget.colour,
            "takes_files": widget.takes_files,
            "language": caller.language,
            "words": words(),
            "is_here": found.is_here,
            "opens_at": found.opens_at.isoformat() if found.opens_at else None,
            "line": line_words(ahead, wait) if found.is_here and (ahead or wait) else "",
            "is_long": is_long(wait),
            "conversations": conversations(caller.known) if caller.known else [],
            "address": caller.known.visitor.address if caller.known else "",
            "is_confirmed": caller.known is not None and caller.known.is_confirmed,
        }
    )


@for_pages("GET")
@for_visitors
def conversation(request: HttpRequest, caller: Caller, known: Known, pk: int) -> HttpResponse:
    """What is newer in it than message `?after=`, and how it stands."""
    state = told(known, min(pk, LARGEST_ID), after=key_in(request.GET.get("after", "")) or 0)
    return (
        refused(_("This conversation is no longer here. Begin another one."), 404)
        if state is None
        else JsonResponse(state)
    )


@for_pages("POST")
def messages(request: HttpRequest, caller: Caller) -> HttpResponse:
    """One message. The same `once` again is the same message. What is long is not even looked through where it would be
    too much."""
    if caller.secret is None:
        return refused(_("We don't know this browser. Begin a conversation first."), 401)
    if caller.known is None and not ratelimit.consume(request, action="chat_visitor"):
        raise TooMuch(_("That was a lot at once. Please wait a few minutes, then go on."), 600)
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    if caller.known is not None and length > LARGE:
        check_budget(caller.known.visitor, size=length, now=timezone.now())
    given = checked(MessageForm(request.POST, request.FILES))
    message = write(
        caller.widget,
        secret=caller.secret,
        once=given["once"],
        text=given["text"],
        language=caller.language,
        conversation=given["conversation"],
        files=given["attachments"],
        name=given["name"],
        page=page_of(given),
    )
    files = message.attachments.all() if given["attachments"] else ()
    return JsonResponse(said(message, files), status=201)


@for_pages("POST")
@for_visitors
def signs(request: HttpRequest, caller: Caller, known: Known) -> HttpResponse:
    """They are there, type, have seen; or leave."""
    given = checked(SignForm(request.POST))
    give_sign(
        known,
        conversation=given["conversation"],
        is_typing=given["typing"],
        seen=given["seen"] or 0,
        page=page_of(given),
        is_leaving=given["leaving"],
    )
    return HttpResponse(status=204)


@for_pages("POST")
@for_visitors
def endings(request: HttpRequest, caller: Caller, known: Known) -> HttpResponse:
    return _of_theirs(lambda given: end(known, **given), ConversationForm(request.POST))


@for_pages("POST")
@for_visitors
def ratings(request: HttpRequest, caller: Caller, known: Known) -> HttpResponse:
    if not ratelimit.consume(request, action="chat_rating", key=str(known.visitor.pk)):
        raise TooMuch(_("That was often. Please wait an hour, then send it again."), 3600)
    return _of_theirs(lambda given: rate(known, **given), RatingForm(request.POST))


@for_pages("POST")
@for_visitors
def calls(request: HttpRequest, caller: Caller, known: Known) -> HttpResponse:
    """They would rather be called."""
    secret = caller.secret or ""
    return _of_theirs(lambda given: ask_for_a_call(known, secret=secret, **given), CallForm(request.POST))


@for_pages("POST")
@for_visitors
def addresses(request: HttpRequest, caller: Caller, known: Known) -> HttpResponse:
    """Where our answers go instead, or (`wait`) when they have left."""
    given = checked(AddressForm(request.POST))
    (keep_address if given["wait"] else ask_for_mail)(known, address=given["address"])
    return HttpResponse(status=204)


@for_pages("POST")
def letters(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Nobody is there: a message that is answered by mail."""
    given = checked(LetterForm(request.POST))
    if not ratelimit.consume(request, action="chat_letter", key=given["address"].lower()):
        raise TooMuch(_("That was often. Please wait an hour, then send it again."), 3600)
    leave_letter(caller.widget, language=caller.language, **given)
    return JsonResponse({}, status=201)


@for_pages("GET")
@for_visitors
def file(request: HttpRequest, caller: Caller, known: Known, pk: int) -> HttpResponse:
    """A file of theirs or of ours to them."""
    return handed_out(get_object_or_404(files_of(known), pk=min(pk, LARGEST_ID)))


def page_of(given: dict[str, Any]) -> Page | None:
    return Page(given["page_url"], given["page_title"]) if given["page_url"] else None


def _of_theirs(act: Any, form: Any) -> HttpResponse:
    try:
        act(checked(form))
    except Visit.DoesNotExist:
        return refused(_("This conversation is no longer here. Begin another one."), 404)
    return HttpResponse(status=204)
