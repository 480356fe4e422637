"""Through a real postfix both ways: to us by LMTP, and from us by its SMTP to whom it concerns."""

import smtplib
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connections
from django.utils import timezone

from answerable.channels.email.listener import Door, listen
from answerable.channels.email.models import Arrival, Mailbox, Manners, Relay
from answerable.channels.email.outbox import send_due
from answerable.desk.actions.messages import reply
from answerable.desk.models import Delivery
from tests.cast import play
from tests.channels.email.letters import decide, letter
from tests.channels.email.peers import Sink, wait_for
from tests.channels.email.servers import postfix
from tests.ports import free_port

pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True)]


@contextmanager
def listening() -> Iterator[int]:
    """Our own doors; the port of LMTP."""
    port, stop = free_port(), threading.Event()
    doors = [Door("127.0.0.1", free_port()), Door("127.0.0.1", port, lmtp=True)]
    thread = threading.Thread(target=listen, args=(doors, stop), daemon=True)
    thread.start()
    try:
        yield port
    finally:
        stop.set()
        thread.join(20)
        connections.close_all()


def test_a_conversation_goes_through_a_company_s_mail_server() -> None:
    cast = play()
    with listening() as lmtp, Sink().open() as sink, postfix(lmtp=lmtp, relay=sink.port) as server:
        customer = smtplib.SMTP("127.0.0.1", server.port)
        for number in range(20):
            mail = letter(f"number {number}\r\n.dots\r\n..and dots", message_id=f"{number}@customer.example")
            customer.sendmail("dace@customer.example", ["support@example.com"], mail)
        wait_for(lambda: Arrival.objects.count() == 20)
        decide()
        assert set(Arrival.objects.values_list("outcome", "door")) == {("opened", "lmtp")}
        texts = [row.message.text.rstrip() for row in Arrival.objects.order_by("subject", "pk")]
        assert sorted(texts) == sorted(f"number {number}\n.dots\n..and dots" for number in range(20))

        Relay.objects.create(host="127.0.0.1", port=server.port, security=Mailbox.Security.PLAIN)
        Manners.objects.create(inbox=cast.support_inbox, plus_addresses=True)
        conversation = Arrival.objects.order_by("pk")[0].message.conversation
        reply(conversation, text="Tomorrow.", by=cast.bob, seen_event=None, anyway=True)
        Delivery.objects.update(due_at=timezone.now())
        send_due()
        wait_for(lambda: sink.taken)
        answer = sink.mails[0]
        back = letter("Thanks", subject="Re: My order", in_reply_to=answer["Message-ID"])
        customer.sendmail("dace@customer.example", [answer["Reply-To"].addresses[0].addr_spec], back)
        wait_for(lambda: Arrival.objects.count() == 21)
        decide()
        assert Arrival.objects.latest("pk").message.conversation == conversation


def test_what_cannot_be_delivered_comes_back_to_its_message() -> None:
    cast = play()
    with listening() as lmtp, Sink(refuse={"dace@customer.example": "550 5.1.1 Nobody"}).open() as sink:
        with postfix(lmtp=lmtp, relay=sink.port) as server:
            Relay.objects.create(host="127.0.0.1", port=server.port, security=Mailbox.Security.PLAIN)
            customer = smtplib.SMTP("127.0.0.1", server.port)
            customer.sendmail("dace@customer.example", ["support@example.com"], letter())
            wait_for(lambda: Arrival.objects.exists())
            decide()
            conversation = Arrival.objects.get().message.conversation
            reply(conversation, text="Tomorrow.", by=cast.bob, seen_event=None, anyway=True)
            Delivery.objects.update(due_at=timezone.now())
            send_due()
            wait_for(lambda: Arrival.objects.count() == 2)
        decide()
    bounce = Arrival.objects.latest("pk")
    assert (bounce.outcome, bounce.bounced) == ("bounce", Delivery.objects.get())
    assert "5.1.1" in Delivery.objects.get().error
