"""The chat on the bookshop's site, and who is in it just now."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from answerable.channels.chat.actions.widgets import write_widget
from answerable.channels.chat.identity import digest_of
from answerable.channels.chat.models import Visit, Visitor, Widget
from answerable.channels.chat.visits import CHANNEL
from answerable.customers.actions.contacts import add_stranger
from answerable.desk.actions.answering import answer
from answerable.desk.actions.held import hold
from answerable.desk.actions.receiving import Beginning, Incoming, receive_all
from answerable.desk.models import Delivery, ToldWait
from answerable.events.inserting import insert
from answerable.site.demo.company import Founded

INBOX = "hello"
SITE = "https://ambermoon.example"
GREETINGS = {
    "lv": "Sveiki! Par kuru grāmatu vai sūtījumu gribat runāt?",
    "ka": "გამარჯობა! რომელ წიგნზე ან ამანათზე გსურთ საუბარი?",
    "kk": "Сәлеметсіз бе! Қай кітап немесе жөнелтім туралы сөйлескіңіз келеді?",
}


@dataclass(frozen=True)
class Line:
    """What was said, how many minutes ago; by the visitor unless somebody of the staff is named."""

    minutes: float
    text: str
    by: str = ""


@dataclass(frozen=True)
class Chat:
    name: str
    page: str
    title: str
    lines: tuple[Line, ...]
    is_here: bool = True
    is_confirmed: bool = False


CHATS = (
    Chat(
        "Maya",
        "/books/the-salt-road",
        "The Salt Road",
        (
            Line(9, "Hi! Do you have The Salt Road as a paperback? I only see the hardback."),
            Line(7.5, "Hello Maya! The paperback comes out on the 12th. Shall I put one aside for you?", "priya"),
            Line(6.8, "Oh yes please. Can I pick it up in the shop?"),
            Line(6, "Of course. We write to you when it is there.\n[Thank you] [Send it by post instead]", "priya"),
        ),
        is_confirmed=True,
    ),
    Chat(
        "",
        "/checkout",
        "Your basket",
        (Line(2.5, "The voucher code AUTUMN does not work in the basket, what am I doing wrong?"),),
    ),
    Chat(
        "Henrik",
        "/club",
        "The book club",
        (
            Line(52, "Is the club's November book in English?"),
            Line(50.5, "Yes, and there is a Latvian translation, too. Which one would you like?", "tom"),
        ),
        is_here=False,
    ),
)


def chat(company: Founded, *, now: datetime) -> None:
    """A chat of the shop's inbox, and three conversations in it: one goes on, one waits, one visitor has left."""
    widget = write_widget(
        company.inboxes[INBOX],
        name="Amber Moon Books",
        greeting="Hello! Which book or parcel is it about?",
        greetings=GREETINGS,
        colour="#7a3b1d",
        origins=[SITE],
        takes_files=True,
        by=company.administrator,
    )
    for number, one in enumerate(CHATS):
        _hold(company, widget, one, number, now)


def _hold(company: Founded, widget: Widget, one: Chat, number: int, now: datetime) -> None:
    contact = add_stranger(name=one.name, language="en")
    visitor = Visitor.objects.create(
        widget=widget,
        secret_digest=digest_of(f"{widget.pk}:{number}"),  # no browser has it
        contact=contact,
        confirmed_at=now - timedelta(minutes=one.lines[0].minutes) if one.is_confirmed else None,
        language="en",
        page_url=SITE + one.page,
        page_title=one.title,
        seen_at=now + timedelta(minutes=20) if one.is_here else now - timedelta(minutes=45),
    )
    begins = Beginning(inbox=widget.inbox, subject=one.lines[0].text[:80], language="en", channel=CHANNEL)
    conversation, last = None, 0
    for line in one.lines:
        at = now - timedelta(minutes=line.minutes)
        if not line.by:
            [message] = receive_all([Incoming(to=conversation or begins, contact=contact, text=line.text, at=at)])
            conversation = message.conversation
            continue
        assert conversation is not None
        held = hold(conversation)
        message = insert(answer(held, text=line.text, html="", by=company.staff[line.by], then="pending", at=at))
        sent = at + timedelta(seconds=4)
        Delivery.objects.create(message=message, channel=CHANNEL, state=Delivery.State.SENT, due_at=at, sent_at=sent)
        held.keep()
        conversation, last = held.conversation, message.pk
    assert conversation is not None
    begun = conversation.created_at
    Visit.objects.create(
        conversation=conversation, visitor=visitor, created_at=begun, seen_message_id=last, seen_at=begun
    )
    ToldWait.objects.create(
        conversation=conversation,
        team=conversation.team,
        ahead=number,
        seconds=100.0 + 40 * number,
        low_seconds=20.0,
        high_seconds=260.0 + 60 * number,
        n=9,
        at=begun,
    )
