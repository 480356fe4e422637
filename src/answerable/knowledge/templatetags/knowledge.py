"""What pages of other packages show of the help centre."""

from django import template
from django.utils.translation import get_language

from answerable.knowledge.models import Article
from answerable.knowledge.reading import in_words_of, titled

register = template.Library()
BEST = 5


@register.inclusion_tag("knowledge/help_link.html")
def help_link() -> dict[str, bool]:
    """For the foot of customers' pages: the way to the help centre, where something stands in it. One query."""
    return {"is_there": Article.objects.for_customers().exists()}


@register.inclusion_tag("knowledge/best.html")
def best_articles() -> dict[str, object]:
    """What helped most others, in the reader's language, with a search; nothing where no article is. Two queries."""
    language = get_language() or ""
    rows = titled(Article.objects.for_customers().order_by("-helped", "id"))[:BEST]
    shown = [(row, words) for row in rows if (words := in_words_of(row, language)) is not None]
    return {"shown": shown, "language": language}
