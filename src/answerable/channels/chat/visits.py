"""What a visitor may see: the only door to conversations from the pages of others.

A browser sees what was begun with its secret. Where it is confirmed whose it is (a signature, a mailed code), it also
has what the same contact has begun in other browsers that were confirmed. Of what somebody wrote who only says who
they are it reads what was mailed to the address they gave, each answer and the question it quotes, and nothing else:
the owner of that address has read it already, and need not be who wrote.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import (
    BigIntegerField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    prefetch_related_objects,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from answerable.channels.chat.identity import digest_of
from answerable.channels.chat.models import Visit, Visitor
from answerable.customers.models import Address, Contact
from answerable.desk.models import Attachment, Delivery, Kind, Message, Presence
from answerable.desk.models.notice import STALE_AFTER
from answerable.web.standing import Given, Standing

CHANNEL = "chat"
AT_ONCE = 100
MOST_CONVERSATIONS = 20
FILE_SHOWN = ("message_id", "name", "content_type", "size")


@dataclass(frozen=True)
class Known:
    """A browser that has written before, and who that is by now."""

    visitor: Visitor
    contact: Contact

    @property
    def is_confirmed(self) -> bool:
        return self.visitor.confirmed_at is not None


def known_by(key: str, secret: str) -> Known | None:
    """Whose secret it is, of the chat with this key while it is open. One query."""
    found = KNOWN.first(secret=digest_of(secret), key=key)
    return Known(found, current(found.contact)) if found else None


KNOWN = Standing(
    lambda: Visitor.objects.select_related("widget__inbox__team", "contact__merged_into").filter(
        secret_digest=Given("secret"), widget__key=Given("key"), widget__closed_at=None, widget__inbox__retired_at=None
    )
)


def current(contact: Contact) -> Contact:
    """Who that is by now: they may have been found to be somebody else we know."""
    while contact.merged_into is not None:
        contact = contact.merged_into
    return contact


def visits_of(known: Known) -> QuerySet[Visit]:
    """Their conversations, the newest first."""
    return _visits(known.is_confirmed, **_who(known))


def readable_by(known: Known) -> QuerySet[Visit]:
    """These, and those of which they read what was mailed to them."""
    return _readable(known.is_confirmed, **_who(known))


def numbers_of(known: Known) -> list[int]:
    """Of their newest conversations. One query."""
    return [number for (number,) in NUMBERS[known.is_confirmed].values(**_who(known))]


def visit_of(known: Known, conversation: int) -> Visit | None:
    """One of those they may read, if it is; with when somebody of ours last looked at it (`looked_at`) and typed
    (`typed_at`), where they do. One query."""
    since = timezone.now() - STALE_AFTER
    return VISIT[known.is_confirmed].first(conversation=conversation, since=since, **_who(known))


def messages_in(known: Known, visit: Visit, *, after: int) -> list[tuple[Message, Sequence[Attachment]]]:
    """The first AT_ONCE of one conversation that they may see, in order, that are newer than message `after`, each with
    its files. Who was away for more of them asks again. One query, and another where there are files."""
    rows = MAILED_MESSAGES if is_another_browsers(known, visit) else MESSAGES[known.is_confirmed]
    found = rows.rows(conversation=visit.conversation_id, after=after, **_who(known))
    bearing = [one for one in found if getattr(one, "has_files", False)]
    prefetch_related_objects(bearing, FILES)
    return [(one, list(one.attachments.all()) if one in bearing else ()) for one in found]


def _who(known: Known) -> dict[str, Any]:
    """What the conditions below are told of them."""
    return {"visitor": known.visitor.pk, "contact": known.contact.pk, "widget": known.visitor.widget_id}


def _visits(is_confirmed: bool, **who: Any) -> QuerySet[Visit]:
    return _newest([_begun_here(**who), *([_confirmed_elsewhere(**who)] if is_confirmed else [])])


def _readable(is_confirmed: bool, **who: Any) -> QuerySet[Visit]:
    others = [_confirmed_elsewhere(**who), _answered_by_mail(**who)] if is_confirmed else []
    return _newest([_begun_here(**who), *others])


def _newest(ways: Sequence[QuerySet[Visit]]) -> QuerySet[Visit]:
    """Those found in any of these ways, each of which has an index of its own."""
    first, *others = (way.values("pk") for way in ways)
    found = Visit.objects.filter(pk__in=first.union(*others)) if others else ways[0]
    return found.filter(conversation__spam_at=None).order_by("-conversation_id")


def _begun_here(**who: Any) -> QuerySet[Visit]:
    return Visit.objects.filter(visitor=who["visitor"])


def _confirmed_elsewhere(**who: Any) -> QuerySet[Visit]:
    elsewhere = Visit.objects.filter(visitor__widget=who["widget"], visitor__confirmed_at__isnull=False)
    return elsewhere.filter(conversation__contact=who["contact"])


def _answered_by_mail(**who: Any) -> QuerySet[Visit]:
    """Of browsers that nobody has confirmed: those with an answer that was mailed to the address that was given there,
    where it is the contact's."""
    mailed = MAILED.filter(message__conversation=OuterRef("conversation"), recipients__0=OuterRef("visitor__address"))
    given = Visit.objects.filter(visitor__widget=who["widget"], visitor__confirmed_at=None)
    given = given.filter(visitor__address__in=_addresses(who["contact"]))
    return given.filter(Exists(mailed)).exclude(visitor__address="")


MAILED = Delivery.objects.filter(channel="email", state=Delivery.State.SENT)


def _addresses(contact: Any) -> QuerySet[Address, Any]:
    return Address.objects.filter(contact=contact, kind=Address.Kind.EMAIL).values("value")


def is_another_browsers(known: Known, visit: Visit) -> bool:
    """Whether it was begun in a browser of which it is not confirmed whose it is, so that they only read of it what was
    mailed to them. What they write there would be read in that one."""
    return visit.visitor_id != known.visitor.pk and visit.visitor.confirmed_at is None


def shown_to(known: Known) -> Q:
    """What they see of a conversation that they may read: their own words, and what people of ours have sent. No notes.

    What came by mail, and what we have said since, is shown where it is confirmed that the address is theirs.
    """
    if not known.is_confirmed:
        return _shown(False)
    came = Coalesce(OuterRef("origin"), OuterRef("conversation"))
    is_anothers = Exists(_answered_by_mail(**_who(known)).filter(conversation=came))
    return _shown(True) & (~Q(is_anothers) | _mailed(known.contact.pk))


def came_to(conversation: Any, *, theirs: QuerySet[Visit]) -> Q:
    """Messages that came to a conversation, wherever they stand by now, and those that were brought to it from another
    one of `theirs`. What came to somebody else's is not theirs, though both were found to be about one matter."""
    is_theirs = Exists(theirs.filter(conversation=OuterRef("origin")))
    brought = Q(is_theirs, conversation=conversation, origin__isnull=False)
    return Q(origin=conversation) | Q(origin=None, conversation=conversation) | brought


def mails_before(*, message: Any, conversation: Any, origin: Any) -> QuerySet[Message]:
    """What somebody wrote by mail before a message: where it stands, or where it came to if it was brought there."""
    mails = Message.objects.filter(conversation=conversation, id__lt=message, kind=Kind.INBOUND)
    place = ExpressionWrapper(origin, output_field=BigIntegerField())
    return mails.exclude(written_from="").alias(place=place).filter(Q(place=None) | Q(origin=F("place")))


MAILED_BEFORE = """
    EXISTS (
        SELECT FROM desk_message AS mail
        WHERE mail.conversation_id = message.conversation_id AND mail.id < message.id
        AND (message.origin_id IS NULL OR mail.origin_id = message.origin_id)
        AND mail.kind = 'inbound' AND mail.written_from <> ''
    )
"""
"""The same within a statement, of its `message`."""


def _shown(is_confirmed: bool) -> Q:
    theirs = Q(kind=Kind.INBOUND, automatic=False)
    ours = Q(kind=Kind.OUTBOUND, delivery__isnull=False) & (Q(automatic=False) | Q(delivery__channel=CHANNEL))
    ours &= ~Q(delivery__state=Delivery.State.UNDONE)
    if not is_confirmed:
        mails = mails_before(message=OuterRef("pk"), conversation=OuterRef("conversation"), origin=OuterRef("origin"))
        theirs &= Q(written_from="")
        ours &= Q(~Exists(mails))
    return theirs | ours


def _mailed(contact: Any) -> Q:
    """Answers that were mailed to an address of the contact, and of the questions that which each of them quotes: the
    last before it (see channels.email.composing)."""
    sent = MAILED.filter(recipients__0__in=_addresses(contact))
    between = Message.objects.filter(
        conversation=OuterRef("message__conversation"),
        kind=Kind.INBOUND,
        automatic=False,
        id__gt=OuterRef(OuterRef("pk")),
        id__lt=OuterRef("message"),
    )
    answers = sent.filter(message__conversation=OuterRef("conversation"), message__gt=OuterRef("pk"))
    is_quoted = Q(Exists(answers.exclude(Exists(between))), kind=Kind.INBOUND)
    return Q(Exists(sent.filter(message=OuterRef("pk")))) | is_quoted


def _numbers(is_confirmed: bool) -> QuerySet[Visit, Any]:
    return _visits(is_confirmed, **GIVEN).values_list("conversation_id")[:MOST_CONVERSATIONS]


def _visit(is_confirmed: bool) -> QuerySet[Visit]:
    rows = _readable(is_confirmed, **GIVEN).filter(conversation=Given("conversation"))
    here = Presence.objects.filter(conversation=OuterRef("conversation"), seen_at__gte=Given("since"))
    typed = here.filter(typed_at__isnull=False).order_by("-typed_at").values("typed_at")[:1]
    looked = here.order_by("-seen_at").values("seen_at")[:1]
    return rows.select_related("conversation__assignee", "visitor").annotate(
        looked_at=Subquery(looked), typed_at=Subquery(typed)
    )


def _next_messages(is_confirmed: bool) -> QuerySet[Message]:
    theirs = _visits(is_confirmed, **GIVEN)
    return _following(
        Message.objects.filter(_shown(is_confirmed), came_to(Given("conversation"), theirs=theirs)), theirs
    )


def _next_mailed() -> QuerySet[Message]:
    rows = Message.objects.filter(_shown(True), _mailed(Given("contact")), conversation=Given("conversation"))
    return _following(rows, _readable(True, **GIVEN))


def _following(rows: QuerySet[Message], visits: QuerySet[Visit]) -> QuerySet[Message]:
    rows = rows.filter(Exists(visits.filter(conversation=Given("conversation"))))
    rows = rows.filter(id__gt=Given("after")).select_related("user").defer("html").order_by("id")
    return rows.annotate(has_files=Exists(Attachment.objects.filter(message=OuterRef("pk"))))[:AT_ONCE]


GIVEN = {name: Given(name) for name in ("visitor", "contact", "widget")}
FILES = Prefetch("attachments", Attachment.objects.only(*FILE_SHOWN))
# By whether it is confirmed who they are.
NUMBERS = {it: Standing(partial(_numbers, it)) for it in (True, False)}
VISIT = {it: Standing(partial(_visit, it)) for it in (True, False)}
MESSAGES = {it: Standing(partial(_next_messages, it)) for it in (True, False)}
MAILED_MESSAGES = Standing(_next_mailed)


def files_of(known: Known) -> QuerySet[Attachment]:
    """Files in their conversations, that stand in messages they see."""
    came = Coalesce(OuterRef("message__origin"), OuterRef("message__conversation"))
    is_shown = Exists(Message.objects.filter(shown_to(known), pk=OuterRef("message")))
    found = Attachment.objects.filter(Exists(readable_by(known).filter(conversation=came)), is_shown)
    return found.select_related("file")
