"""What pages of other packages show of the help centre."""

from django import template

from answerable.knowledge.models import Article

register = template.Library()


@register.inclusion_tag("knowledge/help_link.html")
def help_link() -> dict[str, bool]:
    """For the foot of customers' pages: the way to the help centre, where something stands in it. One query."""
    return {"is_there": Article.objects.for_customers().exists()}
