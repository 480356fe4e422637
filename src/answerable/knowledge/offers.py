"""Articles offered to who is about to ask, by pages that anybody may open."""

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

from answerable.knowledge.find import CLOSE, Found, fitting
from answerable.knowledge.pace import OFFERS

SHORTEST = 3
"""Characters; of fewer nobody knows what they will be."""


def offered(request: HttpRequest, text: str, language: str) -> list[Found]:
    """Up to three, for customers; none to who asks as no person types. One query at most."""
    if len(text.strip()) < SHORTEST or not OFFERS.allows(get_adapter().get_client_ip(request)):
        return []
    return fitting(text, language=language, typing=True, share=CLOSE)
