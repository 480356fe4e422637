"""What an agent sees of who is at the other end, above the box they answer in."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from answerable.channels.instant.models import Chat
from answerable.customers.models import Address
from answerable.desk.models import Conversation
from answerable.desk.views.door import StaffRequest, staff, visible
from answerable.desk.views.moved import until_it_moves


@require_safe
@staff
@until_it_moves("visitor")
def correspondent(request: StaffRequest, pk: int) -> HttpResponse:
    """Who writes to us at this moment; that they have gone."""
    found = visible(request, pk)
    chats = list(Chat.objects.filter(conversation=found).order_by("-typing_at", "pk"))
    typing = next((chat for chat in chats if chat.is_typing), None)
    context = {
        "conversation": found,
        "who": _name(found, typing) if typing else "",
        "has_left": bool(chats) and all(chat.parted_at for chat in chats),
    }
    return render(request, "instant/correspondent.html", context)


def _name(conversation: Conversation, chat: Chat) -> str:
    """As we know them, else as the messenger calls them."""
    rows = Address.objects.filter(kind=conversation.channel, value=chat.typing_account.lower())
    known = rows.select_related("contact").first()
    return str(known.contact) if known else chat.typing_account
