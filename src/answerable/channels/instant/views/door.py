"""Where messengers hand over what was written. Nobody signs in: each shows who it is in its own way."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from answerable.channels.instant.messenger import messengers
from answerable.channels.instant.models import Gateway
from answerable.channels.vault import Locked

LARGEST_ID = 2**63 - 1


@csrf_exempt
@login_not_required
@never_cache
def door(request: HttpRequest, gateway: int, rest: str) -> HttpResponse:
    """To the messenger whose gateway it is."""
    row = Gateway.objects.current().filter(pk=gateway).first() if gateway <= LARGEST_ID else None
    messenger = messengers().get(row.channel) if row else None
    if row is None or messenger is None:
        raise Http404
    try:
        return messenger.door(request, row, rest)
    except Locked:  # an administrator can mend that: what is not acknowledged comes again
        return HttpResponse(status=503)
