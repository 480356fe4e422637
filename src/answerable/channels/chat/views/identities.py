"""Who a visitor is: signed by the page's own server, or by a code in a mail."""

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from answerable.channels.chat.actions.identities import NotSigned, Somebody, confirm_code, identify, send_code
from answerable.channels.chat.budget import TooMuch
from answerable.channels.chat.forms import AddressForm, CodeForm, IdentityForm
from answerable.channels.chat.views.door import Caller, checked, for_pages, for_visitors, refused
from answerable.channels.chat.visits import Known


@for_pages("POST")
def identities(request: HttpRequest, caller: Caller) -> HttpResponse:
    """403 where the signature does not fit, 409 where this browser is somebody else's by now."""
    if caller.secret is None:
        return refused(_("We don't know this browser. Begin a conversation first."), 401)
    if not ratelimit.consume(request, action="chat_identity"):
        raise TooMuch(_("That was a lot at once. Please wait a few minutes, then go on."), 600)
    given = checked(IdentityForm(request.POST))
    signature = given.pop("hmac")
    try:
        identify(caller.widget, secret=caller.secret, signature=signature, language=caller.language, **given)
    except NotSigned as reason:
        return refused(str(reason), 403)
    except Somebody as reason:
        return refused(str(reason), 409)
    return HttpResponse(status=204)


@for_pages("POST")
def codes(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Mail a code. Whether we know the address is not said."""
    if caller.secret is None:
        return refused(_("We don't know this browser. Begin a conversation first."), 401)
    address = checked(AddressForm(request.POST))["address"]
    if not ratelimit.consume(request, action="chat_code", key=address.lower()):
        raise TooMuch(_("That was often. Please wait an hour, then send it again."), 3600)
    send_code(caller.widget, secret=caller.secret, address=address, language=caller.language)
    return JsonResponse({}, status=201)


@for_pages("POST")
@for_visitors
def confirmations(request: HttpRequest, caller: Caller, known: Known) -> HttpResponse:
    """The code that was in the mail."""
    try:
        confirm_code(known, code=checked(CodeForm(request.POST))["code"])
    except Somebody as reason:
        return refused(str(reason), 409)
    return HttpResponse(status=204)
