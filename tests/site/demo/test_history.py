"""What is in the demo company: true to itself, and full of work."""

from datetime import UTC, datetime, timedelta

from django.db.models import F
from django.test import TestCase

from answerable.customers.models import Address
from answerable.desk.actions.clocks import arithmetic_of
from answerable.desk.models import Clock, Conversation, Delivery, Escalation, Message
from answerable.desk.rows import of_words
from answerable.events.models import Event, PendingReaction
from answerable.feedback.models import Rating
from answerable.people.models import User
from answerable.policy.models import Version
from answerable.site.demo.loading import load

NOW = datetime(2026, 11, 18, 10, 30, tzinfo=UTC)


class TestHistory(TestCase):
    """Loaded once: these tests only look."""

    @classmethod
    def setUpTestData(cls) -> None:
        load(password_hash="!", now=NOW, conversations=60)

    def test_nothing_is_in_the_future_and_nothing_before_its_conversation(self) -> None:
        assert not Message.objects.filter(created_at__gt=NOW).exists()
        assert not Event.objects.filter(root__startswith="conversation", at__gt=NOW).exists()
        assert not Rating.objects.filter(rated_at__gt=NOW).exists()
        assert not Delivery.objects.filter(sent_at__gt=NOW).exists()
        assert not Message.objects.filter(created_at__lt=F("conversation__created_at")).exists()
        assert not Conversation.objects.exclude(last_message_at__gte=F("created_at")).exists()

    def test_nothing_is_owed_and_nothing_will_be_sent(self) -> None:
        assert not Delivery.objects.exclude(state=Delivery.State.SENT).exists()
        assert not PendingReaction.objects.exists()
        assert not Escalation.objects.filter(fired_at=None, fires_at__lt=NOW - timedelta(seconds=1)).exists()
        assert all(address.endswith(".example") for address in Address.objects.values_list("value", flat=True))
        assert all(address.endswith(".example") for address in User.objects.values_list("email", flat=True))

    def test_clocks_are_as_core_computes_them(self) -> None:
        for clock in Clock.objects.exclude(state=Clock.State.CANCELLED):
            arithmetic = arithmetic_of(clock)
            assert clock.state == arithmetic.state(NOW).value
            assert clock.due_at == arithmetic.due_at
            if clock.stopped_at:
                assert clock.elapsed_seconds == int(arithmetic.elapsed(NOW).total_seconds())
        changed_at = Version.objects.get(number=2).in_force_at
        assert changed_at is not None
        assert set(Clock.objects.filter(started_at__lt=changed_at).values_list("version__number", flat=True)) == {1}
        since = Clock.objects.filter(started_at__gte=changed_at)
        assert set(since.exclude(version__state="pilot").values_list("version__number", flat=True)) == {2}
        tried = since.filter(version__state="pilot")
        assert tried.exists()
        assert not tried.exclude(conversation__pilot_arm="pilot").exists()

    def test_each_team_sees_its_own(self) -> None:
        ada, sofia, nino = (User.objects.get(email=f"{name}@ambermoon.example") for name in ("ada", "sofia", "nino"))
        assert Conversation.objects.visible_to(ada).count() == Conversation.objects.count()
        assert {row.team.key for row in Conversation.objects.visible_to(nino)} == {"georgian-desk"}
        assert not Conversation.objects.visible_to(sofia).filter(team__path__startswith="/everyone/support/").exists()
        for row in Conversation.objects.exclude(assignee=None).select_related("assignee"):
            assert row.assignee
            assert row.team_id in row.assignee.team_ids

    def test_there_is_work_to_do(self) -> None:
        """Promises about to fall due, something for whoever looks in first, and something asleep."""
        ada = User.objects.get(email="ada@ambermoon.example")
        soon = Conversation.objects.awake().filter(due_at__gt=NOW, due_at__lt=NOW + timedelta(minutes=40))
        assert soon.exists()
        assert Conversation.objects.mine(ada).count() >= 3
        assert Conversation.objects.snoozed().exists()
        assert not Conversation.objects.snoozed().filter(snoozed_until__lt=NOW).exists()

    def test_it_is_found_by_its_words(self) -> None:
        ada = User.objects.get(email="ada@ambermoon.example")
        for row in Conversation.objects.order_by("id")[:5]:
            assert row.pk in [found.pk for found in of_words(row.contact.name, ada)]

    def test_what_is_made_goes_on_by_itself(self) -> None:
        """The tables' sequences stand after what was written."""
        last = Conversation.objects.order_by("-id").first()
        assert last
        following = Message.objects.create(conversation=last, kind="note", text="Well?")
        assert following.pk > (Message.objects.exclude(pk=following.pk).order_by("-id").first() or following).pk
