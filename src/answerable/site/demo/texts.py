"""What customers and staff write, from `texts/LANGUAGE.toml`."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

LANGUAGES = ("en", "lv", "ka", "kk")


@dataclass(frozen=True)
class Topic:
    """One thing people write about. Each sequence holds variants; see the files for the words filled in."""

    key: str
    tag: str
    subjects: Sequence[str]
    questions: Sequence[str]
    answers: Sequence[str]
    followups: Sequence[str]
    solutions: Sequence[str]
    notes: Sequence[str]


@dataclass(frozen=True)
class Names:
    """First names, and surnames in the form that goes with them."""

    women: Sequence[str]
    men: Sequence[str]
    women_surnames: Sequence[str]
    men_surnames: Sequence[str]


@dataclass(frozen=True)
class Canned:
    name: str
    text: str


@dataclass(frozen=True)
class Texts:
    """Everything that is written in one language."""

    language: str
    currency: str
    greetings: Sequence[str]
    partings: Sequence[str]
    openings: Sequence[str]
    closings: Sequence[str]
    salutations: Sequence[str]
    signatures: Sequence[str]
    attribution: str
    thanks: Sequence[str]
    still_waiting: Sequence[str]
    apologies: Sequence[str]
    complaints: Sequence[str]
    delighted: Sequence[str]
    disappointed: Sequence[str]
    books: Sequence[str]
    cities: Sequence[str]
    names: Names
    topics: dict[str, Topic]
    canned: Sequence[Canned]


@cache
def texts(language: str) -> Texts:
    """The texts of a language. A missing or unknown entry is an error of ours: TypeError."""
    file = resources.files("answerable.site.demo").joinpath("texts", f"{language}.toml")
    written = tomllib.loads(file.read_text(encoding="utf-8"))
    return Texts(
        language=language,
        names=Names(**written.pop("names")),
        topics={key: Topic(key=key, **topic) for key, topic in written.pop("topics").items()},
        canned=[Canned(**each) for each in written.pop("canned")],
        **written,
    )
