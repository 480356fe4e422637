"""What pages of other packages show of the policy."""

from django import template
from django.urls import NoReverseMatch, reverse

from answerable.policy.models import Publication

register = template.Library()


@register.inclusion_tag("policy/promises_link.html")
def promises_link() -> dict[str, str]:
    """For the foot of customers' pages: the way to the promises, where these are published."""
    try:
        url = reverse("promises")
    except NoReverseMatch:
        return {"url": ""}
    return {"url": url if Publication.objects.current() else ""}
