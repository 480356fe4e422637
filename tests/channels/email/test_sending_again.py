"""What did not arrive stands in the conversation with its reason, and goes out again when somebody says so."""

import psycopg
import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from answerable.channels.email import bounces
from answerable.channels.email.bounce import Bounce, Failure
from answerable.channels.email.models import Mailbox, Relay
from answerable.customers.models import Address
from answerable.desk.actions.deliveries import send_again
from answerable.desk.actions.messages import reply
from answerable.desk.errors import Refused
from answerable.desk.models import Conversation, Delivery, Message, Notice
from answerable.events.wire import conninfo
from tests.cast import Cast
from tests.channels.email.letters import arrive, letter

OLD, NEW = "dace@customer.example", "dace@home.example"


@pytest.fixture
def conversation(cast: Cast) -> Conversation:
    arrive(letter(message_id="q@customer.example"))
    return Conversation.objects.get()


@pytest.fixture
def lost(cast: Cast, conversation: Conversation) -> Message:
    """A reply that came back, to a contact with another address."""
    Address.objects.create(contact=cast.dace, value=NEW)
    message = reply(conversation, text="Here.", by=cast.bob, seen_event=None, anyway=True)
    Delivery.objects.filter(message=message).update(state="bounced", error="550 5.1.1 Nobody", attempts=3)
    Address.objects.filter(value=OLD).update(bounced_at=timezone.now())
    return message


def test_it_is_shown_with_its_reason_and_sent_again(
    cast: Cast, conversation: Conversation, lost: Message, client: Client
) -> None:
    client.force_login(cast.bob)
    page = client.get(reverse("conversation", args=[conversation.pk])).content.decode()
    assert "550 5.1.1 Nobody" in page
    assert page.index("Send again") < page.index(f"Send to {NEW}")
    client.post(reverse("sending", args=[lost.pk]), {"to": NEW})
    delivery = Delivery.objects.get(message=lost)
    assert (delivery.state, delivery.recipients, delivery.attempts, delivery.error) == ("waiting", [NEW], 0, "")
    page = client.get(reverse("conversation", args=[conversation.pk])).content.decode()
    assert "Send again" not in page
    assert f"Bob sent the message again, to {NEW}" in page


def test_it_is_for_who_may_handle_the_conversation(
    cast: Cast, conversation: Conversation, lost: Message, client: Client
) -> None:
    client.force_login(cast.quinn)
    assert "Send again" not in client.get(reverse("conversation", args=[conversation.pk])).content.decode()
    assert client.post(reverse("sending", args=[lost.pk])).status_code == 403
    client.force_login(cast.charlie)
    assert client.post(reverse("sending", args=[lost.pk])).status_code == 404
    with pytest.raises(PermissionDenied):
        send_again(lost, by=cast.charlie)
    assert Delivery.objects.get(message=lost).state == "bounced"


def test_only_what_was_lost_and_only_to_the_contact(cast: Cast, lost: Message) -> None:
    with pytest.raises(Refused):
        send_again(lost, by=cast.bob, to="eve@elsewhere.example")
    send_again(lost, by=cast.bob)
    with pytest.raises(Refused):
        send_again(lost, by=cast.bob)
    assert Delivery.objects.get(message=lost).recipients == [OLD]


def test_a_reply_goes_where_the_customer_last_wrote_from(cast: Cast, conversation: Conversation) -> None:
    Address.objects.create(contact=cast.dace, value=NEW)

    def answered() -> list[str]:
        message = reply(conversation, text="Here.", by=cast.bob, seen_event=None, anyway=True)
        return Delivery.objects.get(message=message).recipients

    assert answered() == [OLD]
    back = letter("More", sender=f"Dace <{NEW}>", in_reply_to="<q@customer.example>")
    arrive(back, sender=NEW)
    assert Conversation.objects.get() == conversation
    assert answered() == [NEW]
    Address.objects.filter(value=NEW).update(bounced_at=timezone.now())
    assert answered() == [OLD]


def test_a_lost_message_is_told_as_what_it_is(cast: Cast, conversation: Conversation) -> None:
    assert Notice(user=cast.bob, conversation=conversation, kind="bounced").words == "A message did not arrive"


def test_who_writes_sees_that_mail_does_not_leave(cast: Cast, conversation: Conversation, client: Client) -> None:
    page, words = reverse("conversation", args=[conversation.pk]), "Mail does not leave this server yet"
    client.force_login(cast.bob)
    shown = client.get(page).content.decode()
    assert words in shown
    assert reverse("relay") not in shown
    client.force_login(cast.ada)
    assert f'href="{reverse("relay")}"' in client.get(page).content.decode()
    relay = Relay.objects.create(host="127.0.0.1", port=25, security=Mailbox.Security.PLAIN)
    assert words not in client.get(page).content.decode()
    Relay.objects.filter(pk=relay.pk).update(failing_since=timezone.now(), error="away")
    assert "the relay does not take it" in client.get(page).content.decode()


def test_an_earlier_return_does_not_keep_it_from_leaving(cast: Cast, lost: Message) -> None:
    Address.objects.filter(value=OLD).update(bounced_at=None)
    delivery = send_again(lost, by=cast.bob, to=NEW)
    notices = Notice.objects.count()
    bounces.tie(delivery, Bounce((Failure(OLD, permanent=True), Failure(NEW, permanent=True))))
    delivery.refresh_from_db()
    assert (delivery.state, delivery.error) == ("waiting", "")
    assert not Address.objects.filter(value=NEW, bounced_at=None).exists()
    assert Notice.objects.count() == notices


@pytest.mark.django_db(transaction=True)
def test_what_is_being_sent_is_not_waited_for(cast: Cast, lost: Message) -> None:
    send_again(lost, by=cast.bob)
    with psycopg.connect(conninfo()) as outbox:
        outbox.execute("SELECT FROM desk_delivery WHERE message_id = %s FOR UPDATE", [lost.pk])
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
            try:
                with pytest.raises(Refused):
                    send_again(lost, by=cast.bob)
            finally:
                cursor.execute("RESET lock_timeout")
