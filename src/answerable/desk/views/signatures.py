"""Signatures: whose there are, how they look below an answer, and their writing."""

from collections.abc import Iterable

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from answerable.customers.models import Contact
from answerable.desk.actions.signatures import WRITERS, whose, write_signature
from answerable.desk.forms.signatures import SignatureForm
from answerable.desk.models import Conversation, Inbox, Signature
from answerable.desk.signatures import PLACEHOLDERS, signature_of
from answerable.desk.views.door import StaffRequest, staff, visible
from answerable.people.models import Team, User


@require_safe
@staff
def signature(request: StaffRequest, pk: int) -> HttpResponse:
    """What will stand below the user's answer in a conversation."""
    found = visible(request, pk, Conversation.objects.select_related("contact", "team", "inbox"))
    return render(request, "desk/signature_shown.html", {"text": signature_of(found, request.user)})


@require_safe
@staff
def signatures(request: StaffRequest) -> HttpResponse:
    """One's own, and those of the teams one leads and of their inboxes."""
    user = request.user
    led = frozenset().union(*(user.roles.get(role, frozenset()) for role in WRITERS))
    teams = Team.objects.filter(pk__in=led, retired_at=None)
    inboxes = Inbox.objects.filter(team__in=led, retired_at=None).select_related("team")
    written = Signature.objects.filter(user=None).values_list("team_id", "inbox_id", "texts")
    of_teams = {team: _languages(texts) for team, _inbox, texts in written if team}
    of_inboxes = {inbox: _languages(texts) for _team, inbox, texts in written if inbox}
    own = Signature.objects.filter(user=user).first()
    context = {
        "own": _languages(own.texts) if own else [],
        "teams": [(team, of_teams.get(team.pk, [])) for team in teams],
        "inboxes": [(inbox, of_inboxes.get(inbox.pk, [])) for inbox in inboxes],
    }
    return render(request, "desk/signatures.html", context)


def _languages(texts: Iterable[str]) -> list[str]:
    """What the languages of a signature are called."""
    return [name for code, name in settings.LANGUAGES if code in texts]


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def mine(request: StaffRequest) -> HttpResponse:
    """One's own."""
    return _edit(request, request.user, _("My signature"))


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def of_team(request: StaffRequest, pk: int) -> HttpResponse:
    """A team's, for it and the teams below it."""
    team = get_object_or_404(Team.objects.visible_to(request.user), pk=pk)
    if not request.user.holds(*WRITERS, team_id=team.pk):
        raise PermissionDenied
    return _edit(request, team, _("Signature of the team %(team)s") % {"team": team})


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def of_inbox(request: StaffRequest, pk: int) -> HttpResponse:
    """An inbox's."""
    inbox = get_object_or_404(Inbox.objects.filter(team__in=request.user.team_ids).select_related("team"), pk=pk)
    if not request.user.holds(*WRITERS, team_id=inbox.team_id):
        raise PermissionDenied
    return _edit(request, inbox, _("Signature of the inbox %(inbox)s") % {"inbox": inbox})


def _edit(request: StaffRequest, of: User | Team | Inbox, title: str) -> HttpResponse:
    kept = Signature.objects.filter(**whose(of)).first()
    form = SignatureForm(request.POST if request.method == "POST" else None, texts=kept.texts if kept else {})
    if form.is_valid():
        write_signature(of, texts=form.texts, by=request.user)
        messages.success(request, _("Saved."))
        return redirect(request.path)
    context = {
        "form": form,
        "title": title,
        "placeholders": [name for name in PLACEHOLDERS if name != "agent.signature" or not isinstance(of, User)],
        "previews": _previews(of, kept.texts, request.user) if kept else [],
    }
    return render(request, "desk/signature.html", context, status=422 if form.errors else 200)


def _previews(of: User | Team | Inbox, languages: Iterable[str], user: User) -> list[tuple[Conversation, str]]:
    """How it looks below an answer of the user's to somebody of each language: a sample of it, and the words."""
    nowhere = Team(name=_("the team"), path="/")
    team = of if isinstance(of, Team) else of.team if isinstance(of, Inbox) else nowhere
    inbox = of if isinstance(of, Inbox) else Inbox(team=team)
    contact = Contact(name=_("the customer"))
    samples = [Conversation(inbox=inbox, team=team, contact=contact, language=language) for language in languages]
    return [(sample, signature_of(sample, user)) for sample in samples]
