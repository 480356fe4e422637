"""The demo company: the same each time, true to itself, and only where there is no company."""

import hashlib
import tomllib
from datetime import UTC, datetime, timedelta
from importlib import resources

import pytest
from django.db import connection, transaction

from answerable.core.policy import compile_policy
from answerable.desk.placeholders import check_text
from answerable.events.models import Event
from answerable.measure.public_holidays import holidays_of
from answerable.people.errors import Refused
from answerable.people.models import Attendance, User
from answerable.site.demo.accounts import accounts, new_password
from answerable.site.demo.customers import latin
from answerable.site.demo.loading import load
from answerable.site.demo.numbers import figures
from answerable.site.demo.texts import LANGUAGES, texts
from tests.cast import Cast

NOW = datetime(2026, 11, 18, 10, 30, tzinfo=UTC)


def test_the_same_seed_makes_the_same_figures(db: None) -> None:
    found = []
    for seed in (3, 3, 4):
        with transaction.atomic():
            load(password_hash="!", now=NOW, seed=seed, conversations=40)
            found.append((figures(), _digest()))
            transaction.set_rollback(True)
    assert found[0] == found[1]
    assert found[0] != found[2]


def test_it_is_refused_where_there_is_a_company(cast: Cast) -> None:
    before = Event.objects.count()
    with pytest.raises(Refused, match="Example Ltd is set up here"):
        load(password_hash="!", now=NOW, conversations=20)
    assert Event.objects.count() == before


def test_everybody_signs_in_with_the_password(db: None) -> None:
    password, password_hash = new_password()
    load(password_hash=password_hash, now=NOW, conversations=20)
    assert len(accounts()) == User.objects.count() == 15
    assert accounts()[0].address == "ada@ambermoon.example"
    assert all(user.check_password(password) for user in User.objects.all()[:2])
    assert new_password()[0] != password
    since = dict(Attendance.objects.values_list("user__email", "since"))
    assert NOW - since["ilze@ambermoon.example"] == timedelta(minutes=8)  # she went on a break
    assert NOW - since["tom@ambermoon.example"] < timedelta(hours=12)  # since his shift began


def test_every_language_says_everything() -> None:
    """The same topics with as many variants, and no word to fill in that is not known."""
    words = dict.fromkeys(("order", "book", "other", "sum", "days", "city"), "x")
    english = texts("en")
    for language in LANGUAGES:
        spoken = texts(language)
        assert spoken.topics.keys() == english.topics.keys()
        for key, topic in spoken.topics.items():
            for part in ("subjects", "questions", "answers", "followups", "solutions", "notes"):
                variants = getattr(topic, part)
                assert len(variants) == len(getattr(english.topics[key], part)), (language, key, part)
                assert all(variant.format(**words) for variant in variants)
        for canned in spoken.canned:
            check_text(canned.text)


def test_the_policy_promises_in_every_language() -> None:
    document = resources.files("answerable.site.demo").joinpath("policy.toml").read_text(encoding="utf-8")
    compile_policy(document, holidays=holidays_of)
    for standard in tomllib.loads(document)["standard"]:
        assert standard["promise"].keys() == set(LANGUAGES)


def test_names_become_addresses() -> None:
    assert latin("ჭავჭავაძე") == "chavchavadze"
    assert latin("Жұмабаева") == "zhumabaeva"
    assert latin("Bērziņš") == "berzins"


def _digest() -> str:
    """Of what is the same each time: all but the numbers of rows and who has which password."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.created_at, c.subject, c.status, c.due_at, m.created_at, m.kind, m.folds::text,"
            " CASE WHEN m.automatic THEN '' ELSE m.text END"
            " FROM desk_conversation c JOIN desk_message m ON m.conversation_id = c.id ORDER BY m.created_at, m.id"
        )
        return hashlib.sha256(repr(cursor.fetchall()).encode()).hexdigest()
