"""What is written, taken back, and shown as it was sent."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import reswap, retarget, trigger_client_event

from answerable.desk.actions.deliveries import send_again
from answerable.desk.actions.messages import UNDO_SECONDS, add_note, reply, take_back
from answerable.desk.actions.unfinished import Unfinished
from answerable.desk.entries import parts
from answerable.desk.errors import Refused, Stale
from answerable.desk.formatting import editable, text_of, written_by
from answerable.desk.forms.writing import NoteForm, ReplyForm
from answerable.desk.models import Conversation, Delivery, Draft, Message, Status
from answerable.desk.sealed import sealed
from answerable.desk.timeline import entry, in_words
from answerable.desk.translation import translated
from answerable.desk.views.conversations import WHOLE, after_change, beside, work, writing
from answerable.desk.views.door import StaffRequest, first_error, staff, visible
from answerable.desk.views.inbox import panel
from answerable.web.mail import frame_headers


@require_POST
@staff
def replies(request: StaffRequest, pk: int) -> HttpResponse:
    """Answer the customer. Refused (422) or stale (409), the words stay where they were typed."""
    found = visible(request, pk)
    form = ReplyForm(request.POST, request.FILES)
    if not form.is_valid():
        return _not_sent(request, found, first_error(form))
    given = form.cleaned_data
    formatted = written_by(found, request.user, given["html"]) if given["html"].strip() else None
    try:
        message = reply(
            found,
            text=text_of(formatted) if formatted else given["text"],
            html=formatted.html if formatted else "",
            pictures=formatted.pictures if formatted else (),
            by=request.user,
            seen_event=max(given["seen_event"] or 0, given["anyway"] or 0),
            then=given["then"] or Status.PENDING,
            files=given["attachments"],
            envelope=form.envelope,
        )
    except Stale as stale:
        return _stale(request, found, stale, given["then"] or Status.PENDING)
    except Unfinished as refusal:
        return _problem(request, found, {"text": str(refusal), "place": refusal.place}, status=422)
    except Refused as refusal:
        return _not_sent(request, found, str(refusal))
    response = after_change(request, found)
    if found.is_at_once:
        return trigger_client_event(response, "written", {"kind": "outbound"})
    undo = {
        "text": _("Sending your reply"),
        "url": reverse("undo", args=[message.pk]),
        "seconds": UNDO_SECONDS,
    }
    return trigger_client_event(trigger_client_event(response, "undo", undo), "written", {"kind": "outbound"})


@require_POST
@staff
def notes(request: StaffRequest, pk: int) -> HttpResponse:
    """A word among colleagues."""
    found = visible(request, pk)
    form = NoteForm(request.POST, request.FILES)
    if not form.is_valid():
        return _not_sent(request, found, first_error(form))
    try:
        add_note(found, text=form.cleaned_data["text"], by=request.user, files=form.cleaned_data["attachments"])
    except Refused as refusal:
        return _not_sent(request, found, str(refusal))
    return trigger_client_event(after_change(request, found), "written", {"kind": "note"})


@require_POST
@staff
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    """Take back what has not left yet; its words return to the box."""
    found = get_object_or_404(_messages(request), pk=pk)
    try:
        take_back(found, by=request.user)
    except Delivery.DoesNotExist:
        raise Refused(_("Only a reply can be taken back.")) from None
    response = after_change(request, found.conversation)
    draft = Draft.objects.filter(conversation=found.conversation, user=request.user, kind=found.kind).first()
    if request.htmx:
        kept = render_to_string("desk/kept_files.html", {"draft": draft, "kind": found.kind, "oob": True}, request)
        response.content += kept.encode()
    html = editable(found.html, found.attachments.all()) if found.html else ""
    back = {"text": found.text, "html": html, "conversation": found.conversation_id, "blind": found.delivery.blind}
    back["known"] = draft.version if draft else ""
    return trigger_client_event(response, "undone", back)


@require_POST
@staff
def sending(request: StaffRequest, pk: int) -> HttpResponse:
    """Send again what did not arrive, `to` the same address or another one of the contact."""
    found = get_object_or_404(_messages(request), pk=pk)
    send_again(found, by=request.user, to=request.POST.get("to", ""))
    return after_change(request, found.conversation)


@require_safe
@staff
def message(request: StaffRequest, pk: int) -> HttpResponse:
    """A message's body: its words, or (`?as=html`) a frame with the mail as it was sent."""
    found = get_object_or_404(_messages(request).select_related("delivery"), pk=pk)
    if not request.htmx:
        return redirect(f"{reverse('conversation', args=[found.conversation_id])}#message-{pk}")
    found.has_html = bool(found.html)
    shown = "html" if request.GET.get("as") == "html" and found.html else "text"
    context: dict[str, Any] = {"entry": entry(found, request.user), "shown": shown}
    if shown == "html":
        context["remote"] = _clean(found, remote=False).remote_images
        context["with_images"] = request.GET.get("images") == "1"
    return render(request, "desk/message_body.html", context)


@require_safe
@staff
def translation(request: StaffRequest, pk: int) -> HttpResponse:
    """A message's own words in the reader's language, beside it."""
    found = get_object_or_404(_messages(request), pk=pk)
    own = "\n".join(part.text for part in parts(sealed(found.text), found.folds) if not part.is_quoted)
    said = translated(own, source=found.conversation.language, target=get_language() or "en")
    return render(request, "desk/translation.html", {"text": said, "language": get_language()})


@require_safe
@staff
def body(request: StaffRequest, pk: int) -> HttpResponse:
    """The mail's own HTML, made harmless, for the frame; remote images only where they are asked for."""
    found = get_object_or_404(_messages(request), pk=pk)
    remote = request.GET.get("images") == "1"
    context = {
        "html": sealed(_clean(found, remote=remote).body),
        "language": found.conversation.language,
        "title": _("Message %(number)s") % {"number": pk},
    }
    response = render(request, "web/mail_document.html", context)
    for name, value in frame_headers(remote_images=remote).items():
        response.headers[name] = value
    return response


def _clean(message: Message, *, remote: bool) -> Any:
    """See settings.HTML_CLEANER."""
    names = {file.content_id: file.pk for file in message.attachments.exclude(content_id="").only("content_id")}

    def address(content_id: str) -> str | None:
        return reverse("inline_image", args=[names[content_id]]) if content_id in names else None

    clean = import_string(settings.HTML_CLEANER)
    return clean(message.html, cid_url=address, show_remote_images=remote, quoted_label=_("Show quoted words"))


def _messages(request: StaffRequest) -> Any:
    """Messages the user may see."""
    return Message.objects.filter(conversation__team_id__in=request.user.team_ids).select_related("conversation")


def _stale(request: StaffRequest, conversation: Conversation, stale: Stale, then: str) -> HttpResponse:
    """409: what came in, and one click to send all the same. A status that came with a message goes without saying."""
    messages = [event for event in stale.events if event.verb.startswith("message.")]
    written = {(event.actor_id, event.at) for event in messages}
    told = [event for event in stale.events if event in messages or (event.actor_id, event.at) not in written]
    numbers = [int(event.subject.rpartition("-")[2]) for event in told if event.subject.startswith("message-")]
    came_in = (
        conversation.messages.filter(pk__in=numbers).defer("html").select_related("user", "contact").order_by("id")
    )
    context = {
        "text": str(stale),
        "came_in": came_in.defer("html"),
        "happened": [happening.words for happening in in_words(told)],
        "then": then,
        "is_stale": True,
        "last_event": max(event.pk for event in stale.events),
    }
    return _problem(request, conversation, context, status=409)


def _not_sent(request: StaffRequest, conversation: Conversation, text: str) -> HttpResponse:
    return _problem(request, conversation, {"text": text}, status=422)


def _problem(request: StaffRequest, conversation: Conversation, context: dict[str, Any], status: int) -> HttpResponse:
    """Beside the box for who has it open, else the whole page with the words in the box."""
    if request.htmx:
        response = render(request, "desk/problem.html", context, status=status)
        return reswap(retarget(response, "#problem"), "innerHTML")
    found = WHOLE.get(pk=conversation.pk)
    page = work(found, request.user) | beside(found, request.user)
    page |= writing(found, request.user, page["addresses"])
    page |= {"problem": True, "typed": request.POST.get("text", "")} | context
    sent = {name: request.POST[name] for name in ("copied", "blind") if name in request.POST}
    page["envelope"] = page["envelope"] | sent if page["envelope"] else None
    return render(request, "desk/conversation.html", page | panel(request.user, None), status=status)
