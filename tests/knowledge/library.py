"""Articles for tests."""

from answerable.knowledge.actions import begin_article, publish, write, write_section
from answerable.knowledge.actions.writing import Wording, latest_version
from answerable.knowledge.models import Article, Audience, Section
from answerable.web.formatted import as_html
from tests.cast import Cast


def section(cast: Cast, name: str = "Delivery", **names: str) -> Section:
    return Section.objects.filter(name=name).first() or write_section(None, name=name, names=names, by=cast.ada)


def said(title: str, text: str = "Write to us and we send it.") -> Wording:
    return Wording(title, as_html(text), text)


def article(
    cast: Cast,
    title: str,
    text: str = "Write to us and we send it.",
    *,
    language: str = "en",
    audience: str = Audience.CUSTOMERS,
    published: bool = True,
    about: str = "Delivery",
) -> Article:
    """By Alice, in one language."""
    wording = said(title, text)
    begun = begin_article(
        section=section(cast, about), audience=audience, language=language, wording=wording, by=cast.alice
    )
    return publish(begun, language=language, by=cast.alice) if published else begun


def translated(cast: Cast, row: Article, language: str, title: str, text: str = "-", *, published: bool = True) -> None:
    latest = latest_version(row, language)
    write(row, language=language, wording=said(title, text), seen=latest.number if latest else 0, by=cast.alice)
    if published:
        publish(row, language=language, by=cast.alice)
