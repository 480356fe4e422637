"""Words that a messenger has approved, sent where no others may be."""

from django.db import transaction
from django.utils.translation import gettext as _

from answerable.channels.instant.messenger import messengers
from answerable.channels.instant.models import Arrival, Chat, Template
from answerable.desk.actions.messages import reply
from answerable.desk.errors import Refused
from answerable.desk.models import Conversation, Message
from answerable.people.models import User


def chat_in(conversation: Conversation) -> Chat | None:
    """The chat by which its contact last wrote in it."""
    wrote = Arrival.objects.filter(message__conversation=conversation, message__contact=conversation.contact_id)
    last = wrote.select_related("chat__gateway", "chat__line").order_by("-id").first()
    return last.chat if last else None


def send_template(conversation: Conversation, *, by: User) -> Message:
    """An answer that is the gateway's template."""
    chat = chat_in(conversation)
    template = messengers()[chat.gateway.channel].template(chat.gateway) if chat else None
    if template is None:
        raise Refused(_("There is no template to send here."))
    name, language = template
    text = _("[The template %(name)s: it asks the customer to write again.]") % {"name": name}
    with transaction.atomic():
        message = reply(conversation, text=text, by=by, seen_event=None, anyway=True)
        Template.objects.create(message=message, name=name, language=language)
    return message
