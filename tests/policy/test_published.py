"""Published figures: written down by administrators, read from files with each bad row named, kept when put away."""

import csv
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.core.comparison import STATISTICS
from answerable.policy.actions.published import Facts, add_figure, add_figures, add_starting_set
from answerable.policy.forms.published import UNITS, FigureForm, statistics
from answerable.policy.models import PublishedFigure, Scope
from answerable.policy.published import NAMES, read_figures
from tests.cast import Cast
from tests.policy.test_pages import signed_in

TODAY = date(2026, 11, 22)
NEW, IMPORT = "/policy/comparison/figures/new/", "/policy/comparison/figures/import/"
RIVAL = Facts("csat.top_two_box", 0.82, "share", "bookshops", date(2026, 3, 31), "A yearbook", competitor="Rival")
POSTED = {
    "statistic": "csat.top_two_box",
    "value": "82.5",
    "unit": "%",
    "competitor": "Rival",
    "scope": "bookshops",
    "since": "2026-01-01",
    "until": "2026-03-31",
    "source": "A yearbook",
    "url": "https://example.com/yearbook",
    "definition": "4 and 5 of 5",
}


def file(text: str | bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("figures.csv", text.encode() if isinstance(text, str) else text, "text/csv")


def test_an_administrator_writes_one_down_mends_it_and_puts_it_away(cast: Cast) -> None:
    client = signed_in(cast.ada)
    assert client.post(NEW, POSTED).status_code == 302
    figure = PublishedFigure.objects.get()
    assert (figure.kpi, figure.value, figure.unit, figure.added_by) == ("csat", 0.825, "share", cast.ada)
    page = client.get(f"/policy/comparison/figures/{figure.pk}/")
    assert 'value="82.5"' in page.text
    changed = {**POSTED, "value": "83", "revision": "1"}
    assert client.post(f"/policy/comparison/figures/{figure.pk}/", changed).status_code == 302
    figure.refresh_from_db()
    assert (figure.value, figure.revision) == (0.83, 2)
    assert client.post(f"/policy/comparison/figures/{figure.pk}/retirement/").status_code == 302
    figure.refresh_from_db()
    assert (figure.retired_by, PublishedFigure.objects.current().exists()) == (cast.ada, False)
    assert client.post(NEW, POSTED).status_code == 302  # put away, it is no obstacle


def test_of_two_who_mend_one_the_second_is_told_and_keeps_what_they_wrote(cast: Cast) -> None:
    figure = add_figure(RIVAL, by=cast.ada)
    address, client = f"/policy/comparison/figures/{figure.pk}/", signed_in(cast.ada)
    assert client.post(address, {**POSTED, "value": "90", "revision": "1"}).status_code == 302
    page = client.post(address, {**POSTED, "value": "70", "source": "Mine", "revision": "1"})
    assert page.status_code == 409
    assert 'value="70"' in page.text
    assert "As it stands now" in page.text
    assert 'name="revision" value="2"' in page.text
    figure.refresh_from_db()
    assert figure.value == 0.9


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("value", "101", "It lies between 0 and 100."),
        ("value", "nan", "Enter a number."),
        ("unit", "hours", "This is not counted in hours."),
        ("until", "2999-01-01", "It covers days that are still to come."),
        ("since", "2026-04-01", "It begins after it ends."),
        ("source", "", "This field is required."),
        ("url", "javascript:alert(1)", "Enter a valid URL."),
        ("statistic", "made.up", "Select a valid choice."),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(cast: Cast, field: str, value: str, says: str) -> None:
    page = signed_in(cast.ada).post(NEW, {**POSTED, field: value})
    assert page.status_code == 422
    assert any(says in str(error) for error in page.context["form"].errors[field])
    assert "A yearbook" in page.text or field == "source"


def test_the_same_figure_stands_here_once(cast: Cast) -> None:
    client = signed_in(cast.ada)
    client.post(NEW, POSTED)
    page = client.post(NEW, {**POSTED, "value": "90"})
    assert (page.status_code, PublishedFigure.objects.count()) == (422, 1)
    assert "stands here already" in page.text


def test_nobody_else_changes_any(cast: Cast) -> None:
    figure = add_figure(RIVAL, by=cast.ada)
    base = "/policy/comparison"
    for user in (cast.alice, cast.bob, cast.charlie, cast.quinn):
        client = signed_in(user)
        for path in (NEW, IMPORT, f"{base}/figures/{figure.pk}/"):
            assert client.get(path).status_code == 403
        for path in (f"{base}/figures/{figure.pk}/retirement/", f"{base}/scopes/", f"{base}/figures/starting-set/"):
            assert client.post(path, {"scope": "us"}).status_code == 403
    assert Client().get(NEW).status_code == 302
    assert not Scope.objects.exists()


def test_the_starting_set_is_taken_once(cast: Cast) -> None:
    client = signed_in(cast.ada)
    page = client.post("/policy/comparison/figures/starting-set/", follow=True)
    assert "45 figures are new." in page.text
    assert add_starting_set(by=cast.ada) == (0, 45)
    assert set(PublishedFigure.objects.values_list("statistic", flat=True)) <= set(STATISTICS)


def test_a_file_comes_in_whole(cast: Cast) -> None:
    text = (
        "statistic;value;unit;scope;until;source;competitor;note\n"
        "csat.top_two_box;82,5;%;bookshops;2026-03-31;A yearbook;Rival;4 and 5\n"
        "\n"
        "first_response.mean;7.5;hours;bookshops;2026-03-31;A yearbook;;\n"
        "csat.made_up;80;%;bookshops;2026-03-31;A yearbook;;\n"
    )
    page = signed_in(cast.ada).post(IMPORT, {"file": file("\ufeff" + text)}, follow=True)
    assert "3 figures are new." in page.text
    found = {each.statistic: each for each in PublishedFigure.objects.all()}
    assert found["csat.top_two_box"].value == 0.825
    assert found["csat.top_two_box"].definition == "4 and 5"
    assert found["first_response.mean"].value == 27_000
    assert "csat.other" in found  # what nobody knows is never compared


def test_each_bad_row_is_named_by_its_line_and_nothing_comes_in(cast: Cast) -> None:
    text = (
        "statistic,value,unit,scope,until,source\n"
        "csat.top_two_box,82,%,shops,2026-03-31,A\n"
        "csat.top_two_box,many,%,shops,2026-03-31,A\n"
        "nonsense,82,%,shops,2026-03-31,A\n"
        '"nps",20,points,"two\nlines",31.03.2026,\n'
        "nps,20,parsecs,shops,2026-03-31,A\n"
        "nps,200,points,shops,2999-03-31,A\n"
    )
    page = signed_in(cast.ada).post(IMPORT, {"file": file(text)})
    assert page.status_code == 422
    wrong = [(mistake.line, mistake.column) for mistake in page.context["form"].mistakes]
    assert wrong == [
        (3, "value"),
        (4, "statistic"),
        (6, "until"),
        (6, "source"),
        (7, "unit"),
        (8, "until"),
        (8, "value"),
    ]
    assert "Line 3" in page.text
    assert not PublishedFigure.objects.exists()


@pytest.mark.parametrize(
    "data",
    [b"\xff\xfe", b"", b"a,b\n1,2\n", b"statistic,value,unit,scope,until,source\n", b'"' * 200_000, b"\x00" * 100],
    ids=["not text", "empty", "other columns", "no rows", "quotes", "nul"],
)
def test_any_file_is_answered_with_a_sentence(cast: Cast, data: bytes) -> None:
    page = signed_in(cast.ada).post(IMPORT, {"file": file(data)})
    assert page.status_code == 422
    assert 'role="alert"' in page.text or "empty" in page.text


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=200), st.booleans())
def test_no_bytes_break_the_reader(data: bytes, headed: bool) -> None:
    header = b"statistic,value,unit,scope,until,source\n" if headed else b""
    found, mistakes = read_figures(header + data, TODAY)
    assert found or mistakes


FIGURES = st.builds(
    Facts,
    statistic=st.sampled_from(["csat.top_two_box", "csat.thumbs"]),
    value=st.integers(0, 10_000).map(lambda n: n / 10_000),
    unit=st.just("share"),
    scope=st.text("abc, ;\"'", min_size=1, max_size=9).map(str.strip).filter(bool),
    until=st.dates(date(2000, 1, 1), TODAY),
    source=st.text('xyz,;"', min_size=1, max_size=9).map(str.strip).filter(bool),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(FIGURES, min_size=1, max_size=5))
def test_what_is_written_is_read_back(figures: list[Facts]) -> None:
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(["statistic", "value", "unit", "scope", "until", "source"])
    for each in figures:
        writer.writerow([each.statistic, each.value, each.unit, each.scope, each.until, each.source])
    assert read_figures(out.getvalue().encode(), TODAY) == (figures, [])


def test_every_statistic_has_a_name_and_the_form_knows_all_units() -> None:
    assert set(NAMES) == set(STATISTICS)
    assert sum(len(names) for _kpi, names in statistics()) == len(STATISTICS)
    assert {unit for unit, _words in UNITS} == {"%", "minutes", "hours", "days", "seconds", "points", "score", "index"}


@pytest.mark.parametrize("value", [60.0, 5_400.0, 86_400.0, 45.0])
def test_a_time_is_shown_as_people_write_it(cast: Cast, value: float) -> None:
    facts = Facts("first_response.mean", value, "seconds", "shops", date(2026, 3, 31), "A")
    figure = add_figure(facts, by=cast.ada)
    form = FigureForm.of(figure, today=TODAY)
    again = FigureForm({name: "" if v is None else str(v) for name, v in form.initial.items()}, today=TODAY)
    assert again.is_valid(), again.errors
    assert again.facts == facts


def test_many_at_once_are_each_taken_once(cast: Cast) -> None:
    later = Facts(RIVAL.statistic, 0.5, "share", RIVAL.scope, RIVAL.until + timedelta(1), RIVAL.source)
    assert add_figures([RIVAL, RIVAL, later], by=cast.ada) == (2, 1)
