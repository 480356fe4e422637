"""Articles offered to visitors before they ask."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.http import urlencode

from answerable.channels.chat.forms import OfferForm
from answerable.channels.chat.views.door import Caller, checked, for_pages
from answerable.knowledge.offers import offered


@for_pages("POST")
def articles(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Up to three of the help centre that fit what somebody types; none to who asks as no person types."""
    found = offered(request, checked(OfferForm(request.POST))["text"], caller.language)
    page = urlencode({"language": caller.language})
    return JsonResponse(
        {
            "articles": [
                {
                    "title": one.title,
                    "language": one.language,
                    "url": f"{settings.SITE_URL}{reverse('help_article', args=[one.article])}?{page}",
                }
                for one in found
            ]
        }
    )
