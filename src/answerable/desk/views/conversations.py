"""One conversation, whole and in parts."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, cast
from urllib.parse import urlsplit

from django.contrib import messages
from django.db.models import Exists, OuterRef, Subquery, prefetch_related_objects
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from answerable.customers.models import Address
from answerable.desk import snoozes
from answerable.desk.actions.copies import CHANNEL as BY_MAIL
from answerable.desk.actions.copies import MOST_COPIES, copied_by
from answerable.desk.actions.deliveries import addresses_of
from answerable.desk.details import details_of
from answerable.desk.formatting import editable
from answerable.desk.forms.changes import SETTABLE
from answerable.desk.linked import links_of
from answerable.desk.marks import pilot_mark
from answerable.desk.models import Clock, Conversation, Draft, Field, Follower, Kind, Link, Priority, Status, Task
from answerable.desk.outlets import caution_for
from answerable.desk.procedures import guidance_for
from answerable.desk.queues import MINE, Somebody, queue_of
from answerable.desk.timeline import timeline
from answerable.desk.translation import is_offered
from answerable.desk.views.door import LARGEST_ID, StaffRequest, may_handle, staff, visible
from answerable.desk.views.inbox import panel
from answerable.desk.views.moved import where_it_went
from answerable.people.models import Team, User
from answerable.policy.models import Version
from answerable.web.standing import Given, Standing

WHOLE = Conversation.objects.select_related(
    "contact__organisation__segment", "contact__segment", "assignee", "team", "inbox"
)
PRIORITIES = Priority.choices
OTHERS_SHOWN = 8


@require_safe
@staff
def conversation(request: StaffRequest, pk: int) -> HttpResponse:
    """The conversation with its customer beside it; the queues and the list around it on a full load."""
    is_part = request.htmx and not request.htmx.history_restore_request
    queue = queue_of(request.GET.get("queue", ""), request.user) or MINE
    around = {} if is_part else panel(request.user, queue)  # first: whatever happens after it is heard of
    found = whole(request.user, pk)
    if found is None:
        return where_it_went(request, pk, template="desk/moved_work.html" if request.htmx else "desk/moved.html")
    if found.beside_id is not None:
        return redirect(f"{reverse('conversation', args=[found.beside_id])}?aside={pk}#aside-{pk}")
    context = work(found, request.user) | beside(found, request.user) | {"queue": queue}
    context |= writing(found, request.user, context["addresses"])
    context["guidance"] = guidance_for(found, context["clocks"], getattr(found, "version_in_force", None))
    response = render(request, "desk/opened.html" if is_part else "desk/conversation.html", around | context)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


@require_safe
@staff
def thread(request: StaffRequest, pk: int) -> HttpResponse:
    """What changes while somebody looks: head and timeline."""
    found = whole(request.user, pk)
    if found is None:
        return where_it_went(request, pk, template="desk/moved_thread.html")
    return render_thread(request, found)


@require_safe
@staff
def earlier(request: StaffRequest, pk: int, before: int) -> HttpResponse:
    """The messages before one, to put above it."""
    found = visible(request, pk)
    if not request.htmx:
        return redirect("conversation", pk)
    lines = timeline(found, request.user, before=min(before, LARGEST_ID))
    context = {"conversation": found, "timeline": lines, "translates": _translates(found)}
    return render(request, "desk/timeline_entries.html", context)


def whole(user: User, pk: int) -> Conversation | None:
    """The conversation with all that stands around it, if the user may see it."""
    return _whole(user.team_ids).first(key=pk, user=user.pk) if pk <= LARGEST_ID else None


@lru_cache(maxsize=1024)
def _whole(team_ids: frozenset[int]) -> Standing[Conversation]:
    reader = cast(User, Somebody(team_ids))
    in_force = Version.objects.filter(state=Version.State.IN_FORCE).values("pk")[:1]
    return Standing(
        lambda: (
            WHOLE.visible_to(reader)
            .filter(pk=Given("key"))
            .annotate(
                version_in_force=Subquery(in_force),
                has_fields=Exists(Field.objects.current()),
                has_tasks=Exists(Task.objects.standing().filter(conversation=OuterRef("pk"))),
                has_asides=Exists(Conversation.objects.filter(beside=OuterRef("pk"))),
                has_links=Exists(Link.objects.of(OuterRef("pk"))),
                is_followed=Exists(Follower.objects.filter(conversation=OuterRef("pk"), user=Given("user"))),
            )
        )
    )


def render_thread(request: StaffRequest, conversation: Conversation) -> HttpResponse:
    """Head and timeline as they are now."""
    return render(request, "desk/thread.html", work(conversation, request.user))


def after_change(request: StaffRequest, conversation: Conversation) -> HttpResponse:
    """Show what an action has done; where it took the conversation out of sight, go back to the queue."""
    now = whole(request.user, conversation.pk)
    if now is None:
        team = Team.objects.get(conversations=conversation)
        messages.success(request, _("It has moved to the team %(team)s.") % {"team": team})
        queue = queue_of(_address(request).get("queue", ""), request.user) or MINE
        back = reverse("queue", args=[queue.key])
        return HttpResponse(status=204, headers={"HX-Redirect": back}) if request.htmx else redirect(back)
    if not request.htmx:
        return redirect("conversation", conversation.pk)
    if not _is_on_screen(request, conversation):
        return HttpResponse()
    return render_thread(request, now)


def _is_on_screen(request: StaffRequest, conversation: Conversation) -> bool:
    """Whether the page that asked shows it; what is undone may no longer be where one looks."""
    path = request.htmx.current_url_abs_path
    return path is None or urlsplit(path).path == reverse("conversation", args=[conversation.pk])


def _address(request: StaffRequest) -> QueryDict:
    """What stands after the `?` in the address of the page that asked."""
    return QueryDict(urlsplit(request.htmx.current_url_abs_path or "").query)


def work(conversation: Conversation, user: User) -> dict[str, Any]:
    """What head and timeline need."""
    now = timezone.now()
    return {
        "conversation": conversation,
        "timeline": timeline(conversation, user),
        "clocks": RUNNING.rows(conversation=conversation.pk),
        "pilot": pilot_mark(conversation),
        "may_handle": may_handle(user, conversation),
        "statuses": SETTABLE,
        "priorities": PRIORITIES,
        "snoozes": lambda: snoozes.choices(now),
        "translates": _translates(conversation),
        "minute": f"{now:%Y-%m-%d %H:%M}",
        "zone": str(timezone.get_current_timezone()),
        "is_closed": conversation.is_shut,
        "asides": ASIDES.rows(conversation=conversation.pk) if getattr(conversation, "has_asides", True) else [],
    }


def _translates(conversation: Conversation) -> bool:
    """Whether its messages can be read in the reader's language, which they are not written in."""
    return is_offered() and conversation.language != get_language()


def beside(conversation: Conversation, user: User) -> dict[str, Any]:
    """What is known of the customer."""
    contact = conversation.contact
    others = _others(user.team_ids).rows(contact=contact.pk, key=conversation.pk)
    addresses = ADDRESSES.rows(contact=contact.pk)
    contact.first_address = next((each.value for each in addresses), "")
    return {
        "contact": contact,
        "segment": contact.segment or (contact.organisation.segment if contact.organisation else None),
        "addresses": addresses,
        "details": details_of(conversation),
        "tasks": tasks_of(conversation) if getattr(conversation, "has_tasks", True) else [],
        "other_conversations": others,
        "follow_ups": _follow_ups(conversation, user) if conversation.status == Status.CLOSED else [],
        "links": links_of(conversation, user) if getattr(conversation, "has_links", True) else [],
    }


def tasks_of(conversation: Conversation) -> list[Task]:
    """Those that stand, open ones and done ones, in their order."""
    return TASKS.rows(conversation=conversation.pk)


def writing(conversation: Conversation, user: User, addresses: Sequence[Address]) -> dict[str, Any]:
    """What the boxes to write in need: what was begun and not sent, and whom an answer goes to, of these addresses of
    the customer's."""
    begun = DRAFTS.rows(conversation=conversation.pk, user=user.pk)
    prefetch_related_objects(begun, "attachments")
    drafts = {draft.kind: draft for draft in begun}
    boxes = {"reply_draft": drafts.get(Kind.OUTBOUND), "note_draft": drafts.get(Kind.NOTE)}
    begun_html = drafts[Kind.OUTBOUND].html if Kind.OUTBOUND in drafts else ""
    formatted = editable(begun_html, drafts[Kind.OUTBOUND].attachments.all()) if begun_html else ""
    envelope = _envelope(conversation, boxes["reply_draft"], addresses)
    return boxes | {"caution": caution_for(conversation), "formatted": formatted, "envelope": envelope}


def _envelope(conversation: Conversation, draft: Draft | None, addresses: Sequence[Address]) -> dict[str, Any] | None:
    """Whom an answer goes to as far as it is known yet; None where it is no mail."""
    if conversation.leaves_by != BY_MAIL:
        return None
    ways = [each.value for each in addresses if each.kind == BY_MAIL and each.bounced_at is None]
    kept = draft.envelope if draft else {}
    return {
        "ways": addresses_of(conversation) if len(ways) > 1 else ways,
        "to": kept.get("to", ""),
        "copied": ", ".join(copied_by(conversation, kept)),
        "knew": ", ".join(conversation.copied),
        "blind": ", ".join(kept.get("blind", ())),
        "most": MOST_COPIES,
    }


def _follow_ups(conversation: Conversation, user: User) -> list[Conversation]:
    return _following(user.team_ids).rows(key=conversation.pk)


@lru_cache(maxsize=1024)
def _following(team_ids: frozenset[int]) -> Standing[Conversation]:
    """What began when a customer answered a closed one."""
    reader = cast(User, Somebody(team_ids))
    return Standing(
        lambda: (
            Conversation.objects.visible_to(reader)
            .filter(follows=Given("key"))
            .only("subject")
            .order_by("id")[:OTHERS_SHOWN]
        )
    )


@lru_cache(maxsize=1024)
def _others(team_ids: frozenset[int]) -> Standing[Conversation]:
    """The contact's, but for one."""
    reader = cast(User, Somebody(team_ids))
    return Standing(
        lambda: (
            Conversation.objects.visible_to(reader)
            .filter(contact=Given("contact"))
            .exclude(pk=Given("key"))
            .exclude(status__in=(Status.MERGED, Status.BESIDE))
            .only("subject", "status", "last_message_at")
            .order_by("-last_message_at")[:OTHERS_SHOWN]
        )
    )


ASIDES = Standing(
    lambda: Conversation.objects.filter(beside=Given("conversation")).select_related("contact").order_by("id")
)
ADDRESSES = Standing(lambda: Address.objects.filter(contact=Given("contact")))
TASKS = Standing(
    lambda: Task.objects.standing().filter(conversation=Given("conversation")).select_related("assignee", "done_by")
)
DRAFTS = Standing(lambda: Draft.objects.filter(conversation=Given("conversation"), user=Given("user")))
RUNNING = Standing(
    lambda: Clock.objects.filter(conversation=Given("conversation"), stopped_at=None).order_by("due_at", "id")
)
