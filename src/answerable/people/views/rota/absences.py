"""Absences: one's own, and those a lead decides."""

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from answerable.people.actions.absences import ask_for_absence, decide_absence, withdraw_absence
from answerable.people.errors import Refused
from answerable.people.forms.absences import AbsenceForm, DecisionForm
from answerable.people.models import Absence, Team, User
from answerable.people.models.user import UserQuerySet
from answerable.people.permissions import managed_by
from answerable.people.views.door import member_of_staff, posted, refusals_told, show


@require_http_methods(["GET", "POST"])
def absences(request: HttpRequest) -> HttpResponse:
    """Who is away or asks to be; ask for one's own, enter one for somebody one leads."""
    person = member_of_staff(request)
    led = User.objects.active().filter(memberships__team__in=managed_by(person))
    people = (led | User.objects.filter(pk=person.pk)).distinct().order_by("name", "id")
    form = AbsenceForm(
        posted(request),
        initial={"user": person.pk, "kind": Absence.Kind.HOLIDAY},
        people=people,
        colleagues=_known_to(person),
    )
    if form.is_valid():
        data = form.cleaned_data
        try:
            absence = ask_for_absence(
                user=data["user"],
                kind=data["kind"],
                span=form.span,
                time_zone=form.zone.key if form.is_whole_days else "",
                stand_in=data["stand_in"],
                note=data["note"],
                by=person,
            )
        except Refused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            approved = absence.state == Absence.State.APPROVED
            messages.success(request, _("The absence is entered.") if approved else _("Your lead has been asked."))
            return redirect("rota-absences")
    leads = set(led.values_list("pk", flat=True))
    return show(
        request,
        "people/rota/absences.html",
        form,
        absences=_shown_to(person),
        decisions=DecisionForm(),
        leads=leads,
        known=leads | {person.pk},  # of whom the reader may know why, and what was answered
    )


@require_POST
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """POST approves, POST with `decline` does not."""
    form = DecisionForm(request.POST)
    answer = form.cleaned_data["answer"] if form.is_valid() else ""
    absence = _visible(request, pk)
    with refusals_told(request):
        decide_absence(absence, approve="decline" not in request.POST, answer=answer, by=member_of_staff(request))
        messages.success(request, _("Saved."))
    return redirect("rota-absences")


@require_POST
def withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    """They are there after all."""
    with refusals_told(request):
        withdraw_absence(_visible(request, pk), by=member_of_staff(request))
        messages.success(request, _("Saved."))
    return redirect("rota-absences")


def _visible(request: HttpRequest, pk: int) -> Absence:
    rows = Absence.objects.filter(pk__in=Absence.objects.visible_to(member_of_staff(request)).values("pk"))
    return get_object_or_404(rows.select_related("user", "stand_in"), pk=pk)


def _shown_to(person: User) -> list[Absence]:
    """What is not over: one's own, and approved or asked-for ones of those one leads; of others who is away when."""
    visible = Absence.objects.filter(pk__in=Absence.objects.visible_to(person).values("pk"))
    rows = visible.filter(ends_at__gt=timezone.now()).filter(
        Q(state=Absence.State.APPROVED)
        | Q(user=person)
        | Q(state=Absence.State.REQUESTED, user__memberships__team__in=managed_by(person))
    )
    rows = rows.exclude(state=Absence.State.WITHDRAWN)
    return list(rows.distinct().select_related("user", "stand_in", "decided_by").order_by("begins_at", "id"))


def _known_to(person: User) -> UserQuerySet:
    """Who may be named as a stand-in; the action refuses who shares no team with the absent."""
    paths = {path for team in Team.objects.visible_to(person) for path in team.lineage}
    people: UserQuerySet = User.objects.active().filter(
        Q(memberships__team__path__in=paths) | Q(memberships__team__in=person.team_ids)
    )
    return people.distinct().order_by("name", "id")
