"""What a messenger must be able to do. All else is the same for each of them and stands beside this file."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from answerable.channels.adapter import Adapter, adapters
from answerable.desk.models import Attachment, Conversation, Inbox
from answerable.desk.outlets import Caution

if TYPE_CHECKING:
    from answerable.channels.instant.forms import GatewayForm
    from answerable.channels.instant.happened import Happening, Remote
    from answerable.channels.instant.models import Arrival, Chat, Gateway


@dataclass(frozen=True)
class Piece:
    """What leaves at once: words, or a file. `key` is the same however often it is tried."""

    place: int
    key: str
    text: str = ""
    html: str = ""
    file: Attachment | None = None
    template: tuple[str, str] | None = None
    is_automatic: bool = False


class Messenger(Adapter):
    """One messenger. People's addresses are called by its `name`, too."""

    title: ClassVar[str]
    """Its own name, the same in every language."""
    is_tried: ClassVar[bool] = True
    """Against the real thing, and not only against its documentation."""
    longest_text: ClassVar[int]
    """Of one message, in units of `length`; what is longer leaves in several."""
    largest_file: ClassVar[int] = 20 * 1024 * 1024
    """Bytes, both ways."""
    takes_html: ClassVar[bool] = False

    def length(self, text: str) -> int:
        """How long it is for the messenger, which need not count characters; at least one for each."""
        return len(text)

    def caution(self, conversation: Conversation) -> Caution | None:
        """The gateway is gone or fails; or the messenger takes no answer in this chat now, but perhaps a template."""
        from answerable.channels.instant.templates import chat_in

        if (caution := self._caution_of(conversation.inbox)) is not None:
            return caution
        chat = chat_in(conversation)
        refusal = self.refusal(chat) if chat else ""
        if not chat or not refusal:
            return None
        if self.template(chat.gateway) is None:
            return Caution(refusal, reverse("messenger", args=[chat.gateway.pk]))
        url = reverse("messenger_template", args=[conversation.pk])
        return Caution(refusal, action=_("Send the template"), action_url=url)

    def send_due(self) -> float | None:
        """See `outbox.send_due`."""
        from answerable.channels.instant.outbox import send_due

        return send_due(self)

    def note_reading(self, conversation: Conversation, *, typing: bool) -> None:
        """Somebody of ours looks at it now, and perhaps writes: the customer hears of it, by a job."""
        from answerable.channels.instant.jobs import note_read, note_typing

        said = note_typing if typing else note_read
        said.later(once=f"{said.function.__name__}-{conversation.pk}", conversation_id=conversation.pk)

    def _caution_of(self, inbox: Inbox) -> Caution | None:
        """The gateway is gone or fails: answers wait."""
        line = getattr(inbox, "line", None)
        if line is None or line.gateway.retired_at or not line.gateway.base_url:
            return Caution(_("Answers can't leave: the messenger is not connected."), reverse("settings-messengers"))
        if line.gateway.failing_since:
            return Caution(_("Answers wait: the messenger does not take them."), reverse("settings-messengers"))
        return None

    @property
    @abstractmethod
    def form(self) -> "type[GatewayForm]":
        """What an administrator is asked to connect it."""

    @abstractmethod
    def door(self, request: HttpRequest, gateway: "Gateway", path: str) -> HttpResponse:
        """What the messenger asks of us, at an address below the gateway's own. It must show who it is; what it brings
        is kept (`keeping.keep`) before it is answered."""

    @abstractmethod
    def heard(self, gateway: "Gateway", arrival: "Arrival") -> "Sequence[Happening]":
        """What an arrival means; none where it means nothing. It may ask and tell the messenger things that do no harm
        when they are said again. Raises Later."""

    @abstractmethod
    def fetch(self, gateway: "Gateway", file: "Remote") -> bytes:
        """A file's bytes, at most `largest_file`. Raises Later, or Never."""

    @abstractmethod
    def send(self, chat: "Chat", piece: Piece) -> str:
        """Say it; the messenger's name for what was said. Raises Later, or Never."""

    @abstractmethod
    def check(self, gateway: "Gateway") -> str:
        """Whether it works, as far as can be told: a sentence that says so. Raises Later with what does not."""

    @abstractmethod
    def steps(self, gateway: "Gateway") -> Sequence[tuple[str, str]]:
        """What an administrator does at the messenger: sentences, each with what is to be copied, or nothing."""

    @abstractmethod
    def account_of(self, gateway: "Gateway", wanted: str) -> str:
        """Our account that an administrator calls so. Raises desk.errors.Refused where it can't be one."""

    @abstractmethod
    def address_of(self, gateway: "Gateway", account: str) -> str:
        """How the inbox of an account is called, among all inboxes."""

    def asks_account(self, gateway: "Gateway") -> str:
        """What to say where an account is asked for; empty where a gateway has one and no more."""
        return ""

    def first_account(self, gateway: "Gateway") -> str:
        """What is likely to be given there for the first inbox."""
        return ""

    def registration(self, gateway: "Gateway") -> tuple[str, str] | None:
        """A file for the messenger's own server: its name and what stands in it."""
        return None

    def template(self, gateway: "Gateway") -> tuple[str, str] | None:
        """The name and language of words that the messenger has approved: they may leave when no others may."""
        return None

    def refusal(self, chat: "Chat") -> str:
        """Why nothing may be said in this chat now; empty where it may."""
        return ""

    def note_read(self, chat: "Chat", external_id: str) -> None:
        """Tell them that we have read up to there. Nothing, where a messenger knows no such thing."""

    def note_typing(self, chat: "Chat") -> None:
        """Tell them that somebody is writing. Nothing, where a messenger knows no such thing."""


def messengers() -> dict[str, Messenger]:
    """Channel -> its messenger."""
    return {name: one for name, one in adapters().items() if isinstance(one, Messenger)}
