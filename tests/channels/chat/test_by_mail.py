"""Who is not at the page any more is answered by mail."""

from datetime import timedelta

from django.db import connection
from django.utils import timezone

from answerable.channels.chat import outbox
from answerable.channels.chat.models import Visit, Visitor
from answerable.channels.email import outbox as mails
from answerable.desk.models import Conversation, Delivery
from tests.cast import Cast
from tests.channels.chat.answers import answered
from tests.channels.chat.browser import Browser


def test_who_has_left_is_answered_by_mail(cast: Cast, visitor: Browser) -> None:
    visitor.write("I can't stay")
    assert visitor.post("addresses/", address="Guest@example.org", wait="1").status_code == 204
    answered(visitor.conversation or 0, "Here it is", cast)
    outbox.send_due()
    assert Delivery.objects.get().channel == "chat"
    visitor.post("signs/", conversation=visitor.conversation, leaving="1")
    Visitor.objects.update(seen_at=timezone.now() - timedelta(minutes=3))
    Delivery.objects.update(due_at=timezone.now())
    outbox.send_due()
    delivery = Delivery.objects.get()
    assert (delivery.channel, delivery.recipients) == ("email", ["guest@example.org"])
    mails.send_due()
    assert Delivery.objects.get().state == "sent"


def test_a_chat_that_another_system_had_is_answered_by_mail(cast: Cast, visitor: Browser) -> None:
    visitor.write("Hello")
    Visit.objects.all().delete()
    Conversation.objects.update(contact=cast.dace)
    answered(visitor.conversation or 0, "Here we are", cast)
    outbox.send_due()
    assert Delivery.objects.values_list("channel", "recipients").get() == ("email", ["dace@customer.example"])


BREAKS = """
CREATE FUNCTION breaks() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not this one'; END $$;
CREATE TRIGGER breaks BEFORE UPDATE ON desk_delivery FOR EACH ROW WHEN (OLD.id = {row}) EXECUTE FUNCTION breaks();
"""


def test_one_that_cannot_be_looked_after_holds_up_no_other(cast: Cast, visitor: Browser) -> None:
    visitor.write("Hello")
    visitor.post("addresses/", address="guest@example.org", wait="1")
    for words in ("First", "Second"):
        answered(visitor.conversation or 0, words, cast)
    first, second = Delivery.objects.order_by("id")
    Visitor.objects.update(seen_at=timezone.now() - timedelta(minutes=3))
    Delivery.objects.update(due_at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(BREAKS.format(row=first.pk))
    wait = outbox.send_due()
    assert wait is not None
    assert wait > 1, "and is left alone for a while"
    assert list(Delivery.objects.filter(channel="email")) == [second]
