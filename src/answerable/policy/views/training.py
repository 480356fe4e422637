"""Learning what changed in the policy: mine to read, what I have read, and who of my people has."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Count, Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from answerable.people.errors import Refused
from answerable.people.models import Membership, Role, User
from answerable.people.views.door import member_of_staff, posted, refusals_told, show
from answerable.policy.actions.lessons import acknowledge, begin_reading, remind
from answerable.policy.comparing import told
from answerable.policy.forms.lessons import LessonForm
from answerable.policy.models import Acknowledgement, Version


@dataclass(frozen=True)
class Progress:
    """How far a version has been read by those whom a lead sees."""

    version: Version
    asked: int
    done: int


@require_GET
def training(request: HttpRequest) -> HttpResponse:
    """One's own lessons; for leads and administrators their people's, by version (`?version=`)."""
    person = member_of_staff(request)
    own = list(Acknowledgement.objects.of(person).select_related("version", "since").defer("version__document"))
    leads = person.holds(Role.ADMINISTRATOR, Role.LEAD)
    versions = _progress(person) if leads else []
    chosen = _chosen(versions, request.GET.get("version", ""))
    return show(
        request,
        "policy/training.html",
        open=[row for row in own if row.is_open],
        past=[row for row in own if not row.is_open],
        leads=leads,
        versions=versions,
        chosen=chosen,
        people=_people(person, chosen.version) if chosen else [],
        may_write=person.is_administrator,
        in_force=Version.objects.filter(state=Version.State.IN_FORCE).defer("document").first(),
    )


@require_http_methods(["GET", "POST"])
def lesson(request: HttpRequest, number: int) -> HttpResponse:
    """What changed, and the questions on it. Administrators see also what they are not asked to read themselves."""
    person = member_of_staff(request)
    rows = Acknowledgement.objects.of(person).select_related("version", "since")
    row = rows.filter(version__number=number).first()
    if row is None and not person.is_administrator:
        raise Http404(_("You are not asked to read this version."))
    version = row.version if row else get_object_or_404(Version, number=number)
    form = LessonForm(posted(request), questions=list(version.questions.all()))
    if row is None:
        return _lesson(request, version, None, form)
    if form.is_valid():
        try:
            attempt = acknowledge(row, answers=form.answers, by=person)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            if not attempt.wrong:
                messages.success(request, _("Thank you. Your acknowledgement is kept with the version."))
                return redirect("policy_training")
            form.refuse(attempt.wrong)
            count = len(attempt.wrong)
            count_words = ngettext("One answer is not right yet.", "%(count)d answers are not right yet.", count)
            form.add_error(None, count_words % {"count": count})
    begin_reading(row, by=person)
    return _lesson(request, version, row, form)


@require_POST
def reminder(request: HttpRequest, pk: int) -> HttpResponse:
    """A lead reminds somebody by mail."""
    person = member_of_staff(request)
    row = get_object_or_404(Acknowledgement.objects.led_by(person).select_related("user", "version"), pk=pk)
    with refusals_told(request):
        remind(row, by=person)
        messages.success(request, _("%(name)s is reminded by mail.") % {"name": row.user})
    response = redirect("policy_training")
    response["Location"] += f"?version={row.version.number}"
    return response


def _lesson(request: HttpRequest, version: Version, row: Acknowledgement | None, form: LessonForm) -> HttpResponse:
    since = row.since if row else version_before(version)
    return show(
        request,
        "policy/lesson.html",
        form,
        version=version,
        row=row,
        since=since,
        told=told(since, version),
        attempts=row.attempts.all() if row else [],
    )


def version_before(version: Version) -> Version | None:
    """The one in force before it."""
    if version.in_force_at is None:
        return Version.objects.filter(state=Version.State.IN_FORCE).first()
    before = Version.objects.filter(in_force_at__lt=version.in_force_at)
    return before.order_by("-in_force_at").first()


def _progress(person: User) -> list[Progress]:
    """The versions that somebody whom they lead was asked to read, the newest first."""
    counted = (
        Acknowledgement.objects.led_by(person)
        .filter(user__is_active=True)
        .order_by()
        .values_list("version")
        .annotate(asked=Count("pk"), done=Count("pk", filter=Q(acknowledged_at__isnull=False)))
    )
    figures = {version: (asked, done) for version, asked, done in counted}
    versions = Version.objects.filter(pk__in=figures).defer("document")
    return [Progress(version, *figures[version.pk]) for version in versions]


def _chosen(versions: Sequence[Progress], number: str) -> Progress | None:
    """The one asked for, else the newest."""
    asked = (each for each in versions if str(each.version.number) == number)
    return next(asked, versions[0] if versions else None)


def _people(person: User, version: Version) -> Sequence[Acknowledgement]:
    """Who was asked to read it, whoever has not yet first."""
    memberships = Prefetch("user__memberships", Membership.objects.select_related("team"))
    rows = Acknowledgement.objects.led_by(person).filter(version=version, user__is_active=True)
    rows = rows.select_related("user").prefetch_related(memberships).annotate(tries=Count("attempts"))
    return sorted(rows, key=lambda row: (not row.is_open, row.user.name.casefold()))
