"""Praise: of a colleague, or a customer's compliment that a colleague pins."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from answerable.people.actions.board import give_praise
from answerable.people.errors import Refused
from answerable.people.forms.board import PinForm, PraiseForm
from answerable.people.models import Praise, User
from answerable.people.views.board import words
from answerable.people.views.door import member_of_staff, posted, show
from answerable.web.pager import keyset


@require_http_methods(["GET", "POST"])
def praise(request: HttpRequest) -> HttpResponse:
    """The praise of a team and of those below it, the newest first; more is posted here."""
    reader, team = member_of_staff(request), words.asked_team(request)
    others = User.objects.visible_to(reader).active().exclude(pk=reader.pk).order_by("name", "id")
    form = PraiseForm(posted(request), people=others, initial=words.initial_conversation(request.GET))
    if form.is_valid():
        data = form.cleaned_data
        try:
            row = give_praise(
                praised=data["praised"], board=team, text=data["text"], conversation=data["conversation"], by=reader
            )
        except Refused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, _("%(name)s hears of it.") % {"name": row.praised})
            return redirect(words.board_address(team, f"#praise-{row.pk}"))
    rows = Praise.objects.standing().filter(team__in=reader.team_ids, team__path__startswith=team.path)
    page = keyset(rows.select_related("by", "praised", "team"), column="at", cursor=request.GET.get("cursor"), size=20)
    return show(
        request,
        "people/board/praise.html",
        form,
        team=team,
        page=page,
        shown=words.shown(page.rows, reader),
        withdrawn=words.withdrawn_by(reader, Praise, team),
    )


@require_POST
def pins(request: HttpRequest) -> HttpResponse:
    """Pin a compliment that a page has shown to who asks."""
    reader, team = member_of_staff(request), words.asked_team(request)
    form = PinForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data["compliment"]
        if given.pop("shown_to", None) != reader.pk:
            form.add_error("compliment", _("The page is too old. Reload it and pin again."))
        else:
            praised = get_object_or_404(User, pk=given.pop("praised"))
            try:
                row = give_praise(praised=praised, board=team, by=reader, **given)
            except Refused as refusal:
                form.add_error("compliment", str(refusal))
            else:
                messages.success(request, _("Pinned. %(name)s hears of it.") % {"name": row.praised})
                return redirect(words.board_address(team, f"#praise-{row.pk}"))
    messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    return redirect(words.board_address(team))


@require_http_methods(["GET", "POST"])
def praise_words(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them."""
    return words.words_page(request, Praise, pk)


@require_POST
def praise_withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it back, or put it back."""
    return words.withdrawal(request, Praise, pk)
