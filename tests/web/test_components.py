"""What template tags write, and what a reader gets where something is wrong."""

from datetime import UTC, datetime, timedelta

import pytest
from babel.dates import format_timedelta
from django import forms
from django.http import Http404
from django.template import engines
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import timezone, translation
from django.utils.html import escape
from django.utils.safestring import SafeString

from answerable.web import words
from answerable.web.forms import Renderer
from answerable.web.views import styleguide
from tests.cast import PASSWORD, Cast

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOSTILE = '"><script>alert(1)</script>'


def render(source: str, **context: object) -> str:
    return engines["django"].from_string("{% load web %}" + source).render(context)


class Person(forms.Form):
    default_renderer = Renderer
    mostly_optional = False
    name = forms.CharField(help_text="As others see it.")
    nickname = forms.CharField(required=False)
    is_lead = forms.BooleanField(required=False)


def test_a_field_ties_label_help_and_error_to_its_control() -> None:
    form = Person({"name": ""})
    html = render("{% field form.name data_key='n' %}", form=form)
    assert '<label for="id_name">Name</label>' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert 'aria-invalid="true"' in html
    assert 'data-key="n"' in html
    assert "(optional)" not in html
    assert "(optional)" in render("{% field form.nickname %}", form=form)
    form.mostly_optional = True
    assert "(optional)" not in render("{% field form.nickname %}", form=form)


def test_every_form_is_drawn_by_our_fields() -> None:
    html = str(Person({"name": ""}))
    assert html.count('class="field') == 3
    assert "helptext" not in html.replace("_helptext", "")


@pytest.mark.parametrize(
    "source",
    [
        "{% badge x %}",
        "{% badge 'a' x %}",
        "{% avatar x %}",
        "{% status x x %}",
        "{% priority 'high' x %}",
        "{% icon 'x' x x %}",
        "{% figure x x x interval=x sample=x href=x note=x tone=x %}",
        "{% chart x x columns=rows.0 rows=rows subtitle=x %}",
        "{% empty x x action=x href=x %}",
    ],
)
def test_no_component_lets_words_become_markup(source: str) -> None:
    html = render(source, x=HOSTILE, rows=[(HOSTILE, HOSTILE)])
    assert "<script" not in html
    assert '"">' not in html


@pytest.mark.parametrize(
    ("language", "length", "said"),
    [
        ("en", timedelta(minutes=38), "38 min"),
        ("en", timedelta(hours=1, minutes=20, seconds=59), "1 hr 20 min"),
        ("en", timedelta(days=2, hours=3, minutes=9), "2 days 3 hr"),
        ("en", timedelta(seconds=-5), "5 sec"),
        ("en", timedelta(), "0 min"),
        ("lv", timedelta(hours=1, minutes=21), "1 st. 21 min"),
        ("ka", timedelta(minutes=38), "38 წთ"),
        ("kk", timedelta(hours=4), "4 сағ"),
    ],
)
def test_durations_in_words(language: str, length: timedelta, said: str) -> None:
    with translation.override(language):
        assert words.duration(length).replace("\N{NO-BREAK SPACE}", " ") == said


@pytest.mark.parametrize(
    ("language", "distance", "said"),
    [
        ("en", timedelta(seconds=-20), "just now"),
        ("en", timedelta(minutes=-5, seconds=-59), "5 minutes ago"),
        ("en", timedelta(hours=-47), "1 day ago"),
        ("en", timedelta(hours=3), "in 3 hours"),
        ("en", timedelta(days=-8), "Nov 13"),
        ("en", timedelta(days=-400), "Oct 17, 2025"),
        ("lv", timedelta(minutes=-21), "pirms 21 minūtes"),
        ("lv", timedelta(minutes=-10), "pirms 10 minūtēm"),
        ("ka", timedelta(minutes=-5), "5 წუთის წინ"),
        ("kk", timedelta(hours=3), "3 сағаттан кейін"),
    ],
)
def test_distances_in_words(language: str, distance: timedelta, said: str) -> None:
    with translation.override(language), timezone.override(UTC):
        assert words.reader().ago(NOW + distance, NOW) == said


@pytest.mark.parametrize("language", ["en", "lv", "ka", "kk", "ru", "de"])
def test_patterns_say_every_number_as_babel_does(language: str) -> None:
    with translation.override(language):
        locale = words.reader_locale()
        patterns = words.time_patterns(locale)
        for number in range(1, 320):
            said = format_timedelta(timedelta(days=-number), "day", 1000, add_direction=True, locale=locale)
            assert patterns.say(patterns.ago["long"]["day"], number) == said


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Alice Ozola", "AO"),
        ("ნინო ბერიძე", "ნბ"),
        ("айгүл сейітқызы", "АС"),
        ("Jean van der Berg", "JB"),
        ("bob", "B"),
        ("nino@example.ge", "NE"),
        ("", "?"),
        ("— —", "?"),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert words.initials(name) == letters


@pytest.mark.parametrize(
    ("said", "begun"), [("latviešu", "Latviešu"), ("қазақ тілі", "Қазақ тілі"), ("ქართული", "ქართული"), ("", "")]
)
def test_a_line_begins_with_a_capital_where_the_script_has_them(said: str, begun: str) -> None:
    assert words.begun(said) == begun


def test_a_clock_is_coloured_only_when_it_matters() -> None:
    now = timezone.now()
    for left, state in ((timedelta(hours=2), "calm"), (timedelta(minutes=50), "soon"), (-timedelta(minutes=1), "late")):
        assert f'data-state="{state}"' in render("{% clock due %}", due=now + left)
    assert "answer within 1" in render("{% clock due %}", due=now + timedelta(hours=1, minutes=59))
    assert "clock paused" in render("{% clock None paused=True %}")
    assert render("{% clock None %}") == ""


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"])
def test_an_error_page_needs_neither_request_nor_database(name: str) -> None:
    html = render_to_string(name)
    assert "<h1>" in html
    assert 'href="/"' in html
    assert "<script type=" not in html.replace('<script id="words" type="application/json">', "")


def test_a_missing_page_answers_in_words(client: Client, cast: Cast) -> None:
    client.force_login(cast.bob)
    response = client.get("/nothing-of-the-kind/")
    assert response.status_code == 404
    assert "There is nothing here" in response.content.decode()


def test_a_broken_cursor_leads_to_the_first_page() -> None:
    request = RequestFactory().get("/inbox/?cursor=x")
    html = render_to_string("404.html", request=request)
    assert "damaged or out of date" in html
    assert 'href="/inbox/"' in html


def test_the_style_guide_is_for_administrators(client: Client, cast: Cast) -> None:
    assert client.get("/styleguide/").status_code == 404
    for user, status in ((cast.charlie, 404), (cast.alice, 404), (cast.ada, 200)):
        client.force_login(user)
        assert client.get("/styleguide/").status_code == status
        assert client.get("/styleguide/desk/").status_code == status
    assert PASSWORD not in client.get("/styleguide/?messages").content.decode()
    request = RequestFactory().get("/styleguide/")
    request.user = cast.charlie
    with pytest.raises(Http404):
        styleguide(request)


def test_no_page_of_ours_has_inline_scripts_styles_or_handlers(client: Client, cast: Cast) -> None:
    client.force_login(cast.ada)
    html = client.get("/styleguide/?messages").content.decode()
    assert " style=" not in html
    assert "<style" not in html
    assert " onclick" not in html
    assert [
        tag for tag in html.split("<script")[1:] if " src=" not in tag.split(">")[0] and "application/json" not in tag
    ] == []


def test_what_stands_still_is_drawn_once_for_the_same_values() -> None:
    template = engines["django"].from_string("{% load web %}{% still kind %}{{ kind }} {{ drawn }}{% endstill %}")
    assert template.render({"kind": "a", "drawn": 1}) == "a 1"
    assert template.render({"kind": "a", "drawn": 2}) == "a 1"
    assert template.render({"kind": "b", "drawn": 3}) == "b 3"
    with translation.override("lv"):
        assert template.render({"kind": "a", "drawn": 4}) == "a 4"


def test_what_is_given_is_filled_in_on_each_page_and_escaped() -> None:
    template = engines["django"].from_string(
        "{% load web %}{% still kind with key=row.pk name=row.name %}"
        "<a href=\"{% url 'conversation' key %}\">{{ name }}, {{ key }}{% if kind %}, {{ kind }}{% endif %}</a>"
        "{% endstill %}"
    )
    first = template.render({"kind": "", "row": {"pk": 7, "name": HOSTILE}})
    assert first == f'<a href="/conversations/7/">{escape(HOSTILE)}, 7</a>'
    assert template.render({"kind": "", "row": {"pk": 8, "name": "7"}}) == '<a href="/conversations/8/">7, 8</a>'
    assert template.render({"kind": "x", "row": {"pk": 9, "name": ""}}) == '<a href="/conversations/9/">, 9, x</a>'
    drawn = template.render({"kind": "", "row": {"pk": 1, "name": SafeString("<b>Ada</b>")}})
    assert drawn == '<a href="/conversations/1/"><b>Ada</b>, 1</a>'
