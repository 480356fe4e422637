"""The report in the reader's language: no English sentence stands in a Georgian or Kazakh one, whatever the files."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import pytest
from babel.messages.pofile import read_po
from rich.console import Console

from answerable.core.policy import default_policy
from answerable.measure.benchmarks import published
from answerable.measure.document import Pen, document, pen_of
from answerable.measure.document.data import plain
from answerable.measure.document.terminal import show
from answerable.measure.document.terms import COLUMNS, METHODS, SCOPES
from answerable.measure.instruments import as_csv
from answerable.measure.languages import CATALOGUES, plurals_of, words_of
from answerable.measure.question import Question
from answerable.measure.reading.mapping import KINDS
from answerable.measure.study import Study, study
from answerable.measure.words import Said, gettext_noop, percent
from answerable.site.speaking import CLICK
from tests.measure.command import report

BEGUN = datetime(2026, 1, 5, 8, tzinfo=UTC)
LATIN = re.compile(r"[A-Za-z]{2,}")
PLACE = re.compile(r"\{\w*\}|%\(\w+\)s")
CORE = (
    "drivers", "moments", "reliability", "quality.sigma", "estimates.mean", "estimates.percentile",
    "estimates.promoters", "estimates.share", "estimates.survival",
)  # fmt: skip


def _answers(name: str) -> str:
    """Forty people answering one of our questionnaires, each a little differently; the first of them wrongly."""
    header = next(csv.reader(io.StringIO(as_csv(name, "ka"))))
    lines = io.StringIO()
    rows = csv.writer(lines)
    rows.writerow(header)
    for who in range(40):
        known = {
            "respondent": f"{who}",
            "date": f"2026-01-{5 + who % 20:02}",
            "segment": "12"[who % 2],
            "team": "12"[who % 2],
        }
        known |= {"conversation id": f"{who}"}
        wrong = who == 0 and name in ("nps", "ces")
        rows.writerow([
            known[column] if column in known else 20 if "weight" in column else 99 if wrong else 3 + (who + place) % 3
            for place, column in enumerate(header)
        ])  # fmt: skip
    return lines.getvalue()


def _tickets() -> Iterator[str]:
    """Conversations of two days of which nobody knows the month, numbers with commas, and each kind of bad row."""
    yield "Ticket ID,Created at,First responded at,Solved at,First response (min),Status,Team,Priority,CSAT,Reopens"
    for number in range(60):
        at = BEGUN + timedelta(hours=number)
        day = f"0{2 + number % 3}/0{3 + number % 2}/2026"
        score = 1 + number % 5 if number % 3 else ""
        times = ",".join(f"{day} {at:%H}:{minute}" for minute in ("00", "30", "45"))
        yield f'{number},{times},"1,{100 + number}",solved,{number % 2},1,{score},{number % 2}'
    yield "5,02/03/2026 08:00,,,,solved,1,1,,0"  # again
    yield "901,soon,,,,solved,1,1,,0"  # no date
    yield ",02/03/2026 08:00,,,,solved,1,1,,0"  # no number
    yield "903,02/03/2026 08:00"  # too few
    yield "904,02/03/2026 08:00,,,,solved,1,1,,0,9,9"  # too many
    yield "905,02/03/2026 08:00,,,x,solved,1,1,,0"  # no duration
    yield "906,02/03/2026 08:00,,,,solved,1,1,??,0"  # no rating
    yield "907,02/03/2026 08:00,,,,solved,1,1,,??"  # no count
    yield "908,02/03/2026 08:00,01/03/2026 08:00,,,solved,1,1,9,0"  # cannot be true


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Study]:
    """A report that has every part, of files that give every doubt there is an easy way to."""
    place = tmp_path_factory.mktemp("files")
    files = {
        "1.csv": "\n".join(_tickets()).encode(),
        "2.csv": _answers("servqual").encode(),
        "3.csv": _answers("nps").encode(),
        "4.csv": _answers("ces").encode(),
        "5.csv": _answers("engagement").encode(),
        "6.csv": b"customer,date,amount\n"
        + b"".join(f"{n % 9},2026-0{1 + n % 4}-1{n % 10},{n}.5\n".encode() for n in range(60)),
        "7.csv": b"7,19970101,1.50\n8,19970102,2.50\n9,19970103,3.75\n",
        "8.csv": "case,activity,timestamp,team\n7001,Zo\u00eb,2026-01-05 08:00,1\n7001,Reply,never,1\n".encode(
            "cp1252"
        ),
        "9.jsonl": b'{"id": 8001, "created_at": "2026-01-05T08:00:00Z", "inbox_id": 1, "status": "resolved", '
        b'"agent_last_seen_at": 0}\n[1]\n',
        "10.csv": b"12,13\n14,15\n",
    }
    for name, content in files.items():
        (place / name).write_bytes(content)
    (place / "policy.toml").write_text(default_policy(time_zone="Europe/Riga"), "utf-8")
    paths = tuple(place / name for name in files)
    asked = Question(paths, hours=place / "policy.toml", targets=place / "policy.toml", since=date(2026, 1, 1))
    with study(asked) as made:
        yield made


def _strings(value: Any) -> Iterator[str]:
    """Every text in plain values."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            if key not in ("kind", "key", "made_at", "language", "tone", "numbers"):
                yield from _strings(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _strings(each)


def _drawn(spec: Any) -> Iterator[str]:
    """Every text that a chart draws."""
    if isinstance(spec, dict):
        for key, each in spec.items():
            if key in ("title", "labelExpr", "label", "said", "text") and isinstance(each, str):
                yield re.sub(r"\[indexof.*|datum\.\w+", "", each) if key == "labelExpr" else each
            else:
                yield from _drawn(each)
    elif isinstance(spec, list):
        for each in spec:
            yield from _drawn(each)


def _allowed(found: Study, language: str) -> set[str]:
    """Latin words that may stand there: the files' own, names of codes, and those that the translations have."""
    with (CATALOGUES / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        told = [form for each in read_po(file) for form in _strings(each.string) if each.id]
    words = set(LATIN.findall(" ".join(PLACE.sub(" ", each) for each in told)))
    for path in found.question.files:
        words |= set(LATIN.findall(f"{path.name} {path.read_text('utf-8', 'replace')}"))
    words |= set(LATIN.findall(" ".join([*COLUMNS, "Europe/Riga UTC YYYY MM DD YYYYMMDD hh mm ss utf cp iso column"])))
    for each in published():
        words |= set(LATIN.findall(each.source))
    for indicator in found.report.indicators.values():
        for estimate in (indicator.total.estimate, *indicator.total.beside.values()):
            words |= set(LATIN.findall(estimate.definition.name))
    return {word.lower() for word in words}


@pytest.mark.parametrize("language", ["ka", "kk"])
def test_no_english_is_left_in_a_report(found: Study, language: str) -> None:
    made = document(found, language)
    terminal = io.StringIO()
    show(found, pen_of(found, language), Console(file=terminal, width=100, highlight=False))
    texts = [*_strings(plain(made)), *_strings(made.words), *_drawn([chart.spec for chart in made.charts])]
    allowed = _allowed(found, language)
    left = {
        text for text in [*texts, terminal.getvalue()] for word in LATIN.findall(text) if word.lower() not in allowed
    }
    assert sorted(left) == []


def test_every_reason_and_doubt_is_in_every_catalogue(found: Study) -> None:
    reading = found.reading
    said = {each.reason for each in reading.bad} | {each for file in reading.files for each in file.doubts}
    said |= {each for file in reading.files for each in (*file.mapping.proxies, *file.mapping.reasons.values())}
    said |= {text for each in reading.missing for text in (each.needs, each.remedy)}
    templates = {each.template if isinstance(each, Said) else each for each in said}
    assert len(templates) >= 15, sorted(templates)
    for language in ("lv", "ka", "kk"):
        words = words_of(language)
        assert [each for each in templates if words(each) == each] == []


def test_codes_for_machines_stay_as_they_are(found: Study) -> None:
    english, georgian = (json.loads(json.dumps(plain(document(found, each)))) for each in ("en", "ka"))
    assert [each["key"] for each in english["sections"]] == [each["key"] for each in georgian["sections"]]
    assert {"csat", "nps", "first_response", "servqual", "engagement"} <= found.report.as_dict()["indicators"].keys()


def test_what_is_named_elsewhere_has_a_name_here() -> None:
    """Columns of map.toml, the core's methods, and whom the published figures are about."""
    assert {column for columns in KINDS.values() for column in columns} <= COLUMNS.keys()
    methods = {getattr(import_module(f"answerable.core.{name}"), "METHOD") for name in CORE}  # noqa: B009
    assert methods <= set(METHODS)
    assert {each.scope for each in published()} <= set(SCOPES)


def test_a_fact_is_said_within_its_sentence() -> None:
    inner = Said(gettext_noop("comma"))
    said = Said(gettext_noop("{name}: target of {target} met."), name=inner, target=12_500)
    assert said == "comma: target of 12500 met."
    assert Pen(words_of("lv"), "lv", "UTC")(said) == "komats: mērķis 12\N{NO-BREAK SPACE}500 sasniegts."
    assert Said("{braces} of a file") == "{braces} of a file"
    assert Said.of(said.plain) == said
    assert Said.of(said.plain).by(words_of("lv")).startswith("komats")


@pytest.mark.parametrize(
    ("n", "english", "latvian"),
    [(1, "{n} answer", "{n} atbilde"), (21, "{n} answers", "{n} atbilde"), (0, "{n} answers", "{n} atbilžu"),
     (11, "{n} answers", "{n} atbildes"), (5, "{n} answers", "{n} atbildes")],
)  # fmt: skip
def test_plurals(n: int, english: str, latvian: str) -> None:
    assert plurals_of("en")("{n} answer", "{n} answers", n) == english
    assert plurals_of("lv")("{n} answer", "{n} answers", n) == latvian


def test_percent_is_set_as_the_language_sets_it() -> None:
    said = [percent(0.625, language, 1) for language in ("en", "lv", "ka", "kk")]
    assert said == ["62.5%", "62,5\N{NO-BREAK SPACE}%", "62,5%", "62,5\N{NO-BREAK SPACE}%"]


def test_answers_of_staff_count_by_the_month_where_they_were_given(tmp_path: Path) -> None:
    """East of Greenwich the month begins the day before in UTC; the period is the month, as far as it had come."""
    (tmp_path / "5.csv").write_text(_answers("engagement"), "utf-8")
    for zone in ("Asia/Almaty", "America/New_York"):
        with study(Question((tmp_path / "5.csv",), zone=zone)) as made:
            assert made.report.indicators["engagement"].total.estimate.n == 40
            assert (made.report.period.since, made.report.period.until) == (date(2026, 1, 1), date(2026, 1, 25))


@pytest.mark.parametrize(
    ("arguments", "locale", "said"),
    [
        (("--language", "lv", "empty.csv"), "", "empty.csv: Tas ir tukšs."),
        (("empty.csv",), "lv_LV.UTF-8", "empty.csv: Tas ir tukšs."),
        (("--language", "en", "empty.csv"), "lv_LV.UTF-8", "empty.csv: It is empty. Export it again."),
        (("empty.csv",), "tlh", "empty.csv: It is empty. Export it again."),
    ],
)
def test_a_refusal_is_said_in_the_language_asked_for_else_that_of_the_locale(
    arguments: tuple[str, ...], locale: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    monkeypatch.setenv("LANG", locale)
    monkeypatch.setenv("LANGUAGE", "")
    (tmp_path / "empty.csv").touch()
    ended = report(*arguments, within=tmp_path)
    assert ended.code == 2
    assert said in ended.err


def test_what_click_says_by_itself_is_what_we_translate() -> None:
    source = "".join(path.read_text() for path in Path(click.__file__).parent.glob("*.py"))
    told = "".join(re.findall(r'"([^"\n]*)"', source))
    assert [each for each in CLICK if each not in told] == []
