"""What the company has written down, to be read."""

from django.utils.translation import gettext as _

from answerable.api.operations import Answer, Call, Listed, operation
from answerable.api.outputs.articles import (
    ARTICLE,
    ARTICLE_TEXT,
    LANGUAGES,
    article,
    article_with_words,
    rows,
    rows_with_words,
)
from answerable.api.paging import PAGING, page
from answerable.api.problems import Problem
from answerable.api.schema import choice
from answerable.knowledge.models import Audience

FILTERS = {
    "audience": choice("Only those for these readers.", [each.value for each in Audience], "customers"),
    "language": choice("Only those that are published in this language.", LANGUAGES, "lv"),
}


@operation(
    "GET",
    "/articles",
    "List articles",
    tag="Articles",
    scope="articles:read",
    answers=Listed(ARTICLE),
    query=PAGING | FILTERS,
    about="Those that are published, for customers and for staff, the newest first.",
)
def list_articles(call: Call) -> Answer:
    found = rows().visible_to(call.by).published()
    if audience := call.query.get("audience"):
        found = found.filter(audience=audience)
    if language := call.query.get("language"):
        found = found.filter(translations__language=language, translations__published__isnull=False)
    return page(call, found, article)


@operation(
    "GET",
    "/articles/{id}",
    "Read an article",
    tag="Articles",
    scope="articles:read",
    answers=ARTICLE_TEXT,
    about="With its words in each language in which it is published.",
)
def read_article(call: Call) -> Answer:
    found = rows_with_words().visible_to(call.by).published().filter(pk=call.numbers["id"]).first()
    if found is None:
        raise Problem("not-found", _("There is no such article."))
    return Answer(article_with_words(found))
