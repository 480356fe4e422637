"""Answers leave once, as mail that threads, whatever the other side says."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.mail import get_connection, send_mail
from django.utils import timezone

from answerable.channels.email import restraint
from answerable.channels.email.identity import signer
from answerable.channels.email.models import Arrival, Mailbox, Manners, Relay
from answerable.channels.email.outbox import GIVE_UP_AFTER, send_due
from answerable.desk.actions.deliveries import send_again
from answerable.desk.actions.messages import NewFile, reply, send_automatically, take_back
from answerable.desk.actions.signatures import write_signature
from answerable.desk.errors import Refused
from answerable.desk.models import Conversation, Delivery, Message, Notice
from tests.cast import Cast
from tests.channels.email.letters import arrive, letter
from tests.channels.email.peers import Sink
from tests.ports import free_port

BACKEND = "answerable.channels.email.backend.RelayBackend"


@pytest.fixture
def conversation(cast: Cast) -> Conversation:
    found = arrive(letter("Where is it?\n\n> an old quote", message_id="q@customer.example", Cc="zane@x.example"))
    return found.message.conversation


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink().open() as opened:
        yield opened


def relay(sink: Sink) -> Relay:
    return Relay.objects.create(host="127.0.0.1", port=sink.port, security=Mailbox.Security.PLAIN)


def answer(cast: Cast, conversation: Conversation, text: str = "Tomorrow <b>really</b>.", **more: object) -> Delivery:
    message = reply(conversation, text=text, by=cast.bob, seen_event=None, anyway=True, **more)
    return due(message)


def due(message: Message) -> Delivery:
    Delivery.objects.filter(message=message).update(due_at=timezone.now())
    return Delivery.objects.get(message=message)


def test_an_answer_is_a_mail_that_threads(cast: Cast, conversation: Conversation, sink: Sink) -> None:
    relay(sink)
    write_signature(cast.bob, texts={"en": "Bob, Example Ltd"}, by=cast.bob)
    file = NewFile("ხელშეკრულება.pdf", "application/pdf", b"%PDF-1.4")
    delivery = answer(cast, conversation, files=[file])
    send_due()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.error) == (Delivery.State.SENT, 1, "")
    (mail,), (envelope,) = sink.mails, sink.taken
    assert (envelope.mail_from, envelope.rcpt_tos) == (
        "support@example.com",
        ["dace@customer.example", "zane@x.example"],
    )
    assert (mail["From"], mail["To"]) == ('"Bob (Support)" <support@example.com>', "Dace Ozola <dace@customer.example>")
    assert (mail["Subject"], mail["Cc"]) == ("Re: My order", "zane@x.example")
    assert (mail["In-Reply-To"], mail["References"]) == ("<q@customer.example>", "<q@customer.example>")
    assert signer().read_message_id(mail["Message-ID"].strip("<>")) == (conversation.pk, delivery.message_id)
    assert "Auto-Submitted" not in mail
    text = mail.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert text.startswith("Tomorrow <b>really</b>.\n\n-- \nBob, Example Ltd\n")
    assert text.rstrip().endswith("> Where is it?")
    html = mail.get_body(("html",)).get_content()
    assert "Tomorrow &lt;b&gt;really&lt;/b&gt;." in html
    (attached,) = mail.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == ("ხელშეკრულება.pdf", b"%PDF-1.4")
    back = arrive(letter("Thanks", in_reply_to=mail["Message-ID"], subject="Re: My order"))
    assert (back.outcome, back.message.conversation) == (Arrival.Outcome.APPENDED, conversation)
    assert sink.mails[0]["X-Answerable-Instance"]
    loop = arrive(bytes(envelope.content))
    assert loop.outcome == Arrival.Outcome.LOOP


def test_a_signed_reply_address_leads_back_without_any_reference(
    cast: Cast, conversation: Conversation, sink: Sink
) -> None:
    relay(sink)
    Manners.objects.create(inbox=cast.support_inbox, plus_addresses=True)
    answer(cast, conversation)
    send_due()
    address = sink.mails[0]["Reply-To"].addresses[0].addr_spec
    assert sink.taken[0].mail_from == address
    back = arrive(letter("From another program", sender="dace@phone.example"), address, sender="dace@phone.example")
    assert back.message.conversation == conversation


def test_what_is_not_taken_now_is_tried_again_as_the_same_mail(
    cast: Cast, conversation: Conversation, sink: Sink
) -> None:
    relay(sink)
    sink.answer = lambda _envelope: "451 4.3.0 Later, please"
    delivery = answer(cast, conversation)
    send_due()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == (Delivery.State.WAITING, 1)
    assert "Later, please" in delivery.error
    assert timedelta(seconds=20) < delivery.due_at - timezone.now() < timedelta(seconds=40)
    with pytest.raises(Refused):
        take_back(delivery.message, by=cast.bob)
    first = Message.objects.get(pk=delivery.message_id).external_id
    sink.answer = lambda _envelope: "250 OK"
    due(delivery.message)
    send_due()
    assert [mail["Message-ID"] for mail in sink.mails] == [f"<{first}>"]


def test_what_was_asked_without_words_or_name(cast: Cast, sink: Sink) -> None:
    """A visitor of a chat may have no name, and send nothing but a file: neither is quoted."""
    relay(sink)
    asked = arrive(letter("Where is it?", sender="guest@customer.example")).message
    Message.objects.filter(pk=asked.pk).update(written_from="")
    answer(cast, asked.conversation, "Here.")
    send_due()
    assert ", guest@customer.example wrote:\n> Where is it?" in words_of(sink)
    Message.objects.filter(pk=asked.pk).update(text="")
    answer(cast, asked.conversation, "There.")
    send_due()
    assert words_of(sink).startswith("There.")
    assert "wrote:" not in words_of(sink)


def words_of(sink: Sink) -> str:
    """Of the last mail."""
    return str(sink.mails[-1].get_body(("plain",)).get_content()).replace("\r\n", "\n")


def test_what_is_refused_for_good_tells_who_wrote_it(cast: Cast, conversation: Conversation, sink: Sink) -> None:
    relay(sink)
    sink.answer = lambda _envelope: "554 5.7.1 No"
    delivery = answer(cast, conversation)
    send_due()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.error) == (Delivery.State.FAILED, "554 5.7.1 No")
    assert Notice.objects.get(kind="failed").user == cast.bob
    sink.answer = lambda _envelope: "250 OK"
    send_again(delivery.message, by=cast.bob)
    send_due()
    assert len(sink.taken) == 1


def test_one_refused_copy_does_not_stop_the_answer(cast: Cast, conversation: Conversation, sink: Sink) -> None:
    relay(sink)
    sink.refuse["zane@x.example"] = "550 5.1.1 Nobody"
    delivery = answer(cast, conversation)
    send_due()
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.SENT
    assert delivery.error == "zane@x.example: 550 5.1.1 Nobody"
    assert Notice.objects.filter(kind="refused").count() == 1


def test_a_relay_that_is_away_is_said_and_waited_for(cast: Cast, conversation: Conversation) -> None:
    row = Relay.objects.create(host="127.0.0.1", port=free_port(), security=Mailbox.Security.PLAIN)
    delivery = answer(cast, conversation)
    send_due()
    row.refresh_from_db()
    delivery.refresh_from_db()
    assert row.failing_since is not None
    assert "cannot be reached" in row.error
    assert delivery.state == Delivery.State.WAITING
    Delivery.objects.update(created_at=timezone.now() - GIVE_UP_AFTER - timedelta(hours=1), due_at=timezone.now())
    send_due()
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.FAILED
    with Sink().open(row.port) as sink:
        send_again(delivery.message, by=cast.bob)
        send_due()
        assert len(sink.taken) == 1
    row.refresh_from_db()
    assert (row.failing_since, row.error) == (None, "")


def test_without_a_relay_mail_is_written_down(
    cast: Cast, conversation: Conversation, settings: object, tmp_path: Path
) -> None:
    settings.UNSENT_DIR = tmp_path / "outgoing"
    delivery = answer(cast, conversation)
    send_due()
    (written,) = (tmp_path / "outgoing").iterdir()
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.SENT
    assert b"Tomorrow" in written.read_bytes()
    send_mail("Invitation", "Come in", None, ["new@example.com"], connection=get_connection(BACKEND))
    assert len(list((tmp_path / "outgoing").iterdir())) == 2


def test_the_systems_own_mail_goes_by_the_relay(cast: Cast, sink: Sink) -> None:
    relay(sink)
    send_mail("Ielūgums: ķirši", "Nāc!", None, ["new@example.com"], connection=get_connection(BACKEND))
    (mail,) = sink.mails
    assert (mail["Subject"], mail["Auto-Submitted"]) == ("Ielūgums: ķirši", "auto-generated")


def test_an_inbox_may_have_a_relay_of_its_own(cast: Cast, conversation: Conversation, sink: Sink) -> None:
    Relay.objects.create(host="127.0.0.1", port=free_port(), security=Mailbox.Security.PLAIN)
    Relay.objects.create(inbox=cast.support_inbox, host="127.0.0.1", port=sink.port, security=Mailbox.Security.PLAIN)
    answer(cast, conversation)
    send_due()
    assert len(sink.taken) == 1


def test_an_acknowledgement_goes_out_once_and_never_to_a_machine(cast: Cast, sink: Sink) -> None:
    relay(sink)
    Manners.objects.create(inbox=cast.support_inbox, acknowledges=True)
    first = arrive(letter("Hello there", message_id="h@customer.example")).message.conversation
    arrive(letter("More", in_reply_to="<h@customer.example>"))
    arrive(letter("News", sender="news@x.example", List_Id="<news.x.example>"), sender="news@x.example")
    send_due()
    (mail,) = sink.mails
    assert (mail["To"], mail["Auto-Submitted"]) == ("Dace Ozola <dace@customer.example>", "auto-generated")
    assert first.messages.filter(automatic=True).count() == 1


def test_machines_of_ours_do_not_flood_anybody(cast: Cast, conversation: Conversation, sink: Sink) -> None:
    relay(sink)
    for _ in range(restraint.MOST_A_DAY + 2):
        send_automatically(conversation, text="Rate us", recipients=["dace@customer.example"])
    send_due()
    assert len(sink.taken) == restraint.MOST_A_DAY
    assert Delivery.objects.filter(state=Delivery.State.FAILED).count() == 2
    answer(cast, conversation)
    send_due()
    assert len(sink.taken) == restraint.MOST_A_DAY + 1


def test_too_much_at_once_waits(
    cast: Cast, conversation: Conversation, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    relay(sink)
    monkeypatch.setattr(restraint, "MOST_AT_ONCE", 1)
    restraint._recent.clear()
    for _ in range(2):
        send_automatically(conversation, text="Rate us", recipients=["dace@customer.example"])
    send_due()
    assert len(sink.taken) == 1
    assert Delivery.objects.get(state=Delivery.State.WAITING).due_at > timezone.now()


def test_words_that_fit_no_header_fail_alone(cast: Cast, conversation: Conversation, sink: Sink) -> None:
    relay(sink)
    broken = answer(cast, conversation)
    Delivery.objects.filter(pk=broken.pk).update(recipients=["not an address"])
    answer(cast, conversation)
    send_due()
    broken.refresh_from_db()
    assert broken.state == Delivery.State.FAILED
    assert len(sink.taken) == 1


def test_letters_of_any_script_reach_any_address(cast: Cast, conversation: Conversation, sink: Sink) -> None:
    relay(sink)
    delivery = answer(cast, conversation, text="Сәлем, 你好")
    Delivery.objects.filter(pk=delivery.pk).update(recipients=["дана@пошта.example"], copied=[])
    send_due()
    assert sink.taken[0].rcpt_tos == ["дана@пошта.example"]
    assert "Сәлем, 你好" in sink.mails[0].get_body(("plain",)).get_content()


def test_one_that_cannot_be_sent_holds_up_nobody(
    cast: Cast, conversation: Conversation, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    from answerable.channels.email import outbox

    broken, sound = answer(cast, conversation), answer(cast, conversation, "Sound.")
    compose = outbox.compose

    def trip(delivery: Delivery) -> object:
        if delivery == broken:
            raise AttributeError("a fault of ours")
        return compose(delivery)

    monkeypatch.setattr(outbox, "compose", trip)
    send_due()
    sound.refresh_from_db()
    broken.refresh_from_db()
    assert (sound.state, broken.state) == ("sent", "failed")
