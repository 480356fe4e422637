"""Where parts of the policy are spoken of: `{% load policy_comments %}`."""

from typing import Any

from django import template
from django.db.models import Count
from django.template import Context

from answerable.policy.models import Comment
from answerable.policy.views.comments import address_of

register = template.Library()
COUNTED = "policy_comments_counted"


@register.inclusion_tag("policy/comment_link.html", takes_context=True)
def comment_link(context: Context, part: str, key: str = "") -> dict[str, Any]:
    """A link to what is said of a part of the policy, with how many. One query a page, whatever the number of links."""
    if COUNTED not in context.render_context:
        rows = Comment.objects.order_by().values_list("part", "key").annotate(count=Count("pk"))
        context.render_context[COUNTED] = {(found, name): count for found, name, count in rows}
    count = context.render_context[COUNTED].get((part, key), 0)
    return {"address": address_of(part, key), "count": count}
