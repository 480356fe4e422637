"""Our own questionnaires, in the shape that reading/ reads back: a CSV to fill, or an HTML form.

A row of the CSV is one respondent. Its headers say which question stands below, by its key and in words; the HTML
form sends the same under the keys alone. Wordings are ours, one file per language beside this one.
"""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib import resources
from io import StringIO
from typing import Any

from answerable.core.servqual.instrument import SIZES

NAMES = ("servqual", "nps", "csat", "ces", "engagement")
LANGUAGES = ("en", "lv", "ka", "kk")
SCALES = {"servqual": (1, 7), "nps": (0, 10), "csat": (1, 5), "ces": (1, 7), "engagement": (1, 5), "enps": (0, 10)}


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its key (`expectation reliability 1`), its words, its scale; a weight has none (None)."""

    key: str
    words: str
    scale: tuple[int, int] | None
    low: str = ""
    high: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """Questions under one heading."""

    heading: str
    questions: tuple[Question, ...]


@cache
def wording(language: str) -> dict[str, Any]:
    """All wordings of a language. Raises ValueError for one there is none of."""
    if language not in LANGUAGES:
        raise ValueError(f"There are no questions in {language!r}; there are {', '.join(LANGUAGES)}.")
    return tomllib.loads(resources.files(__package__).joinpath(f"{language}.toml").read_text("utf-8"))


def parts(name: str, language: str) -> tuple[Part, ...]:
    """The questions of an instrument. Raises ValueError on another name or language."""
    if name not in NAMES:
        raise ValueError(f"There is no instrument {name!r}; there are {', '.join(NAMES)}.")
    said = wording(language)[name]
    if name == "servqual":
        return _servqual(said)
    ends = (said["low"], said["high"])
    if name == "engagement":
        items = enumerate(said["items"], start=1)
        asked = tuple(Question(f"engagement {number}", words, SCALES[name], *ends) for number, words in items)
        again = wording(language)["nps"]
        recommend = Question("enps", said["enps"], SCALES["enps"], again["low"], again["high"])
        return Part(said["question"], asked), Part("", (recommend,))
    return (Part("", (Question(name, said["question"], SCALES[name], *ends),)),)


def _servqual(said: dict[str, Any]) -> tuple[Part, ...]:
    """Both halves of the 22 pairs, and the points to share."""
    found = []
    for half in ("expectation", "perception"):
        asked = tuple(
            Question(f"{half} {name} {number}", words, SCALES["servqual"], said["low"], said["high"])
            for name in SIZES
            for number, words in enumerate(said[name], start=1)
        )
        found.append(Part(said[half], asked))
    weights = tuple(Question(f"weight {name}", said["dimensions"][name], None) for name in SIZES)
    return (*found, Part(said["weights"], weights))


def as_csv(name: str, language: str) -> str:
    """The header of a table with one row per respondent; of engagement nothing says who, or on which day."""
    about = [] if name == "engagement" else ["respondent"]
    about += ["conversation id"] if name == "csat" else []
    about += ["date", "team"] if name == "engagement" else ["date", "segment"]
    asked = [question for part in parts(name, language) for question in part.questions]
    out = StringIO()
    csv.writer(out).writerow([*about, *(_header(each) for each in asked)])
    return out.getvalue()


def _header(question: Question) -> str:
    """A column's header. That of eNPS is its key alone, by which the report knows it."""
    if question.key == "enps":
        return question.key
    key = question.key.upper() if question.key in ("nps", "csat", "ces") else question.key
    return f"{key}: {question.words}"


def as_html(name: str, language: str) -> str:
    """A form of one page, without script, that sends each answer under its question's key."""
    said = wording(language)
    body = "".join(_part(part, said["not_applicable"]) for part in parts(name, language))
    title = escape(said[name]["title"])
    style = resources.files(__package__).joinpath("form.css").read_text("utf-8")
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
        f"<style>\n{style}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n"
        f'<form method="post">\n{body}<button>{escape(said["send"])}</button>\n</form>\n'
        f"<p>{escape(said['thanks'])}</p>\n</main>\n</body>\n</html>\n"
    )


def _part(part: Part, not_applicable: str) -> str:
    heading = f"<h2>{escape(part.heading)}</h2>\n" if part.heading else ""
    return f"<section>{heading}{''.join(_question(each, not_applicable) for each in part.questions)}</section>\n"


def _question(question: Question, not_applicable: str) -> str:
    key = escape(question.key.replace(" ", "_"))
    if question.scale is None:
        field = f'<input type="number" name="{key}" min="0" max="100" inputmode="numeric">'
        return f'<label class="points"><span>{escape(question.words)}</span>{field}</label>\n'
    low, high = question.scale
    answers = "".join(
        f'<label><input type="radio" name="{key}" value="{value}"><span>{value}</span></label>'
        for value in range(low, high + 1)
    )
    none = (
        f'<label class="none"><input type="radio" name="{key}" value=""><span>{escape(not_applicable)}</span></label>'
    )
    ends = f"<p><span>{low}: {escape(question.low)}</span> <span>{high}: {escape(question.high)}</span></p>"
    return (
        f"<fieldset><legend>{escape(question.words)}</legend>"
        f'<div class="scale">{answers}{none}</div>{ends}</fieldset>\n'
    )
