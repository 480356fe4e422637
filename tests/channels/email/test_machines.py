"""What programs write in the guise of mail: failures that must not be missed, and words that nobody waits for."""

from email.message import EmailMessage

import pytest

from answerable.channels.email.composing import compose
from answerable.customers.models import Address
from answerable.desk.actions.conversations import set_status
from answerable.desk.actions.messages import reply
from answerable.desk.models import Delivery, Notice, Status
from answerable.events.models import Event
from tests.cast import Cast
from tests.channels.email.letters import arrive, letter

DAEMON = "Mail Delivery Subsystem <mailer-daemon@customer.example>"


@pytest.fixture
def sent(cast: Cast) -> Delivery:
    """Bob's answer to Dace, which has left and solved the matter."""
    message = arrive(letter(message_id="q@customer.example")).message
    assert message is not None
    answer = reply(message.conversation, text="Tomorrow.", by=cast.bob, seen_event=None, anyway=True)
    delivery = Delivery.objects.get(message=answer)
    delivery.message.external_id = compose(delivery).message_id
    delivery.message.save(update_fields=["external_id"])
    Delivery.objects.update(state=Delivery.State.SENT)
    set_status(message.conversation, to=Status.SOLVED, by=cast.bob)
    return delivery


def quoting(sent: Delivery, words: str) -> str:
    """A report's words, above the mail that they are about."""
    original = f"From: support@example.com\nTo: dace@customer.example\nMessage-ID: <{sent.message.external_id}>\n"
    return f"{words}\n\n--- Original ---\n{original}Subject: Re: My order\n\nTomorrow."


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("Failed to deliver your message", "Your message to dace@customer.example: user not found."),
        ("Unzustellbar: Re: My order", "dace@customer.example\n550 5.1.1 Benutzer unbekannt"),
        ("Message non remis : Re: My order", "Il n'a pas pu être remis à dace@customer.example."),
        ("No se puede entregar: Re: My order", "dace@customer.example: usuario desconocido"),
        ("Mancato recapito: Re: My order", "Impossibile recapitare a dace@customer.example."),
        ("Недоставленное сообщение", "Не удалось доставить сообщение получателю dace@customer.example."),
        ("Nevar piegādāt: Re: My order", "Ziņojumu nevarēja piegādāt adresātam dace@customer.example."),
        ("Nepristatyta: Re: My order", "Nepavyko pristatyti: dace@customer.example"),
        ("Kohaletoimetamata: Re: My order", "Seda ei saanud kohale toimetada: dace@customer.example"),
        ("Niedostarczone: Re: My order", "Nie można dostarczyć do dace@customer.example"),
        ("Жеткізілмеді: Re: My order", "Хабарлама жеткізілмеді: dace@customer.example"),
        ("ვერ ჩაბარდა", "წერილი ვერ ჩაბარდა: dace@customer.example"),
        ("Undeliverable", "Your message could not be delivered."),
    ],
)
def test_a_failure_said_in_words_only_is_told(cast: Cast, sent: Delivery, subject: str, words: str) -> None:
    arrival = arrive(letter(quoting(sent, words), sender=DAEMON, subject=subject), sender="")
    assert (arrival.outcome, arrival.bounced) == ("bounce", sent)
    sent.refresh_from_db()
    assert (sent.state, sent.error[:28]) == (Delivery.State.BOUNCED, "dace@customer.example failed")
    assert Notice.objects.get(kind="bounced").user == cast.bob
    assert Address.objects.get(value="dace@customer.example").bounced_at is not None


@pytest.mark.parametrize(
    "words",
    [
        "Delivery is delayed; we will keep trying: dace@customer.example",
        "Доставка задерживается: dace@customer.example",
    ],
)
def test_a_delay_said_in_words_is_no_failure(cast: Cast, sent: Delivery, words: str) -> None:
    arrive(letter(quoting(sent, words), sender=DAEMON, subject="Delayed"), sender="")
    sent.refresh_from_db()
    assert sent.state == Delivery.State.SENT
    assert Event.objects.filter(verb="message.delayed").count() == 1
    assert Address.objects.get(value="dace@customer.example").bounced_at is None


@pytest.mark.parametrize("sender", ["delivery@courier.example", "postmaster@customer.example", "dace@customer.example"])
def test_people_may_write_of_failed_deliveries(cast: Cast, sent: Delivery, sender: str) -> None:
    words = quoting(sent, "The delivery failed with 550. Write to dace@customer.example.")
    arrival = arrive(letter(words, sender=sender, subject="Parcel 12"), sender=sender)
    assert arrival.outcome == "opened"


def test_a_server_that_has_delivered_reports_no_failure(cast: Cast, sent: Delivery) -> None:
    arrive(letter(quoting(sent, "Relayed to dace@customer.example."), sender=DAEMON, subject="Relayed"), sender="")
    sent.refresh_from_db()
    assert (sent.state, Notice.objects.count()) == (Delivery.State.SENT, 0)


@pytest.mark.parametrize(
    ("subject", "envelope"),
    [
        ("AUTO: Dace Ozola is out of the office (returning 30.11.2026)", "dace@customer.example"),
        ("[EXTERNAL] Automatic reply: My order", "dace@customer.example"),
        ("Atvaļinājumā: Re: My order", "dace@customer.example"),
        ("Нет на месте: My order", "dace@customer.example"),
        ("Read: Re: My order", "dace@customer.example"),
        ("Izlasīts: Re: My order", "dace@customer.example"),
        ("Прочтено: Re: My order", "dace@customer.example"),
        ("Not read: Re: My order", ""),
    ],
)
def test_absence_and_receipts_reopen_nothing(cast: Cast, sent: Delivery, subject: str, envelope: str) -> None:
    """Of programs that write no header about it."""
    raw = letter("It was opened today.", subject=subject, In_Reply_To=f"<{sent.message.external_id}>")
    arrival = arrive(raw, sender=envelope)
    assert arrival.outcome == "auto-reply"
    assert arrival.message is not None
    assert arrival.message.conversation.status == Status.SOLVED


def test_a_reaction_reopens_nothing_and_is_no_file(cast: Cast, sent: Delivery) -> None:
    """As Gmail mails it to those who don't have Gmail."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "dace@customer.example", "support@example.com", "Re: My order"
    mail["In-Reply-To"] = f"<{sent.message.external_id}>"
    mail.set_content("Dace Ozola reacted to your message: 👍")
    mail.add_alternative(b'{"emoji":"\\ud83d\\udc4d","version":1}', "text", "vnd.google.email-reaction+json")
    mail.add_alternative("<p>Dace Ozola reacted to your message: 👍</p>", "html")
    message = arrive(mail.as_bytes()).message
    assert message is not None
    assert (message.automatic, message.conversation.status) == (True, Status.SOLVED)
    assert not message.attachments.exists()


def test_an_answer_sent_by_a_salesmans_tool_is_a_persons(cast: Cast, sent: Delivery) -> None:
    """Which offers to unsubscribe from each mail. What a list sends is a machine's as ever."""
    ours = f"<{sent.message.external_id}>"
    stop = "<mailto:stop@customer.example>"
    listed = arrive(
        letter("By a list.", In_Reply_To=ours, List_Unsubscribe=stop, List_Id="<l.customer.example>")
    ).message
    assert listed is not None
    assert (listed.automatic, listed.conversation.status) == (True, Status.SOLVED)
    message = arrive(letter("It did not come.", In_Reply_To=ours, List_Unsubscribe=stop)).message
    assert message is not None
    assert (message.automatic, message.conversation.status) == (False, Status.OPEN)
    assert arrive(letter("Buy!", sender="n@news.example", List_Unsubscribe=stop)).message.automatic
