"""What the bookshop has written down for its customers and for itself (`library.toml`)."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from answerable.knowledge.actions import begin_article, judge, publish, write, write_section
from answerable.knowledge.actions.writing import NONE, Wording
from answerable.knowledge.models import Audience, Section
from answerable.site.demo.company import Founded
from answerable.web.formatted import harmless

WRITTEN = Path(__file__).with_name("library.toml")
WRITERS = ("priya", "marta", "sofia")
PUBLISHED_AFTER = timedelta(hours=3)


def fill_library(company: Founded, *, now: datetime) -> None:
    """Sections with articles, their translations, and what readers said of them."""
    writers, readers = cycle(WRITERS), (UUID(int=number) for number in range(1, 10_000))
    for known in tomllib.loads(WRITTEN.read_text("utf-8"))["section"]:
        names = {language: said for language, said in known.items() if language in dict(settings.LANGUAGES)}
        section = write_section(None, name=known["name"], names=names, by=company.administrator)
        for article in known["article"]:
            _write(company, section, article, next(writers), readers, now - timedelta(days=article["days_ago"]))


def _write(
    company: Founded, section: Section, known: Mapping[str, Any], writer: str, readers: Iterator[UUID], at: datetime
) -> None:
    (first, wording), *others = (
        (language, _wording(known[language])) for language in dict(settings.LANGUAGES) if language in known
    )
    by = company.staff[writer]
    audience = known.get("audience", Audience.CUSTOMERS)
    article = begin_article(section=section, audience=audience, language=first, wording=wording, by=by, at=at)
    for language, words in others:
        write(article, language=language, wording=words, seen=NONE, by=by, at=at + timedelta(hours=1))
    if known.get("draft"):
        return
    for language in (first, *(language for language, _words in others)):
        publish(article, language=language, by=company.administrator, at=at + PUBLISHED_AFTER)
    said = [True] * known.get("helped", 0) + [False] * known.get("failed", 0)
    for number, helped in enumerate(said, 1):
        later = timedelta(days=known["days_ago"] * number / (len(said) + 1))
        judge(article, reader=next(readers), helped=helped, language=first, at=at + later + PUBLISHED_AFTER)


def _wording(known: Mapping[str, str]) -> Wording:
    written = harmless(known["html"].strip())
    return Wording(known["title"], written.html, written.text)
