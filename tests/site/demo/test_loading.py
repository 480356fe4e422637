"""The demo company: the same each time, true to itself, and only where there is no company."""

import hashlib
import tomllib
from datetime import UTC, datetime, timedelta
from importlib import resources

import pytest
from django.db import connection, transaction
from django.db.models import F

from answerable.core.policy import compile_policy
from answerable.customers.models import Address
from answerable.desk.actions.clocks import arithmetic_of
from answerable.desk.canned import check_text
from answerable.desk.models import Clock, Conversation, Delivery, Escalation, Message
from answerable.events.models import Event, PendingReaction
from answerable.feedback.models import Rating
from answerable.people.errors import Refused
from answerable.people.models import User
from answerable.policy.models import Version
from answerable.policy.running import holidays_of
from answerable.site.demo.accounts import accounts, new_password
from answerable.site.demo.customers import latin
from answerable.site.demo.loading import load
from answerable.site.demo.numbers import figures
from answerable.site.demo.texts import LANGUAGES, texts
from tests.cast import Cast

NOW = datetime(2026, 11, 18, 10, 30, tzinfo=UTC)


@pytest.fixture
def demo(db: None) -> None:
    load(password_hash="!", now=NOW, conversations=60)


def test_the_same_seed_makes_the_same_figures(db: None) -> None:
    found = []
    for seed in (3, 3, 4):
        with transaction.atomic():
            load(password_hash="!", now=NOW, seed=seed, conversations=60)
            found.append((figures(), _digest()))
            transaction.set_rollback(True)
    assert found[0] == found[1]
    assert found[0] != found[2]


def test_nothing_is_in_the_future_and_nothing_before_its_conversation(demo: None) -> None:
    assert not Message.objects.filter(created_at__gt=NOW).exists()
    assert not Event.objects.filter(root__startswith="conversation", at__gt=NOW).exists()
    assert not Rating.objects.filter(rated_at__gt=NOW).exists()
    assert not Delivery.objects.filter(sent_at__gt=NOW).exists()
    assert not Message.objects.filter(created_at__lt=F("conversation__created_at")).exists()
    assert not Conversation.objects.exclude(last_message_at__gte=F("created_at")).exists()


def test_nothing_is_owed_and_nothing_will_be_sent(demo: None) -> None:
    assert not Delivery.objects.exclude(state=Delivery.State.SENT).exists()
    assert not PendingReaction.objects.exists()
    assert not Escalation.objects.filter(fired_at=None, fires_at__lt=NOW - timedelta(seconds=1)).exists()
    assert all(address.endswith(".example") for address in Address.objects.values_list("value", flat=True))
    assert all(address.endswith(".example") for address in User.objects.values_list("email", flat=True))


def test_clocks_are_as_core_computes_them(demo: None) -> None:
    for clock in Clock.objects.exclude(state=Clock.State.CANCELLED):
        arithmetic = arithmetic_of(clock)
        assert clock.state == arithmetic.state(NOW).value
        assert clock.due_at == arithmetic.due_at
        if clock.stopped_at:
            assert clock.elapsed_seconds == int(arithmetic.elapsed(NOW).total_seconds())
    changed_at = Version.objects.get(number=2).in_force_at
    assert changed_at is not None
    assert set(Clock.objects.filter(started_at__lt=changed_at).values_list("version__number", flat=True)) == {1}
    assert set(Clock.objects.filter(started_at__gte=changed_at).values_list("version__number", flat=True)) == {2}


def test_each_team_sees_its_own(demo: None) -> None:
    ada, sofia, nino = (User.objects.get(email=f"{name}@ambermoon.example") for name in ("ada", "sofia", "nino"))
    assert Conversation.objects.visible_to(ada).count() == Conversation.objects.count()
    assert {row.team.key for row in Conversation.objects.visible_to(nino)} == {"georgian-desk"}
    assert not Conversation.objects.visible_to(sofia).filter(team__path__startswith="/everyone/support/").exists()
    for row in Conversation.objects.exclude(assignee=None).select_related("assignee"):
        assert row.assignee
        assert row.team_id in row.assignee.team_ids


def test_there_is_work_to_do(demo: None) -> None:
    """Promises about to fall due, something for whoever looks in first, and something asleep."""
    ada = User.objects.get(email="ada@ambermoon.example")
    soon = Conversation.objects.awake().filter(due_at__gt=NOW, due_at__lt=NOW + timedelta(minutes=40))
    assert soon.exists()
    assert Conversation.objects.mine(ada).count() >= 3
    assert Conversation.objects.snoozed().exists()
    assert not Conversation.objects.snoozed().filter(snoozed_until__lt=NOW).exists()


def test_it_is_found_by_its_words(demo: None) -> None:
    ada = User.objects.get(email="ada@ambermoon.example")
    for row in Conversation.objects.order_by("id")[:5]:
        assert row in Conversation.objects.search(row.contact.name, ada)


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


def test_what_is_made_goes_on_by_itself(demo: None) -> None:
    """The tables' sequences stand after what was written."""
    last = Conversation.objects.order_by("-id").first()
    assert last
    following = Message.objects.create(conversation=last, kind="note", text="Well?")
    assert following.pk > (Message.objects.exclude(pk=following.pk).order_by("-id").first() or following).pk


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
