"""Objectives looked at again in their time: which are due, what happened since, and what was decided."""

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from answerable.core.policy import Objective, Policy
from answerable.people.errors import Refused
from answerable.people.models import User
from answerable.people.views.door import member_of_staff, posted, show
from answerable.policy.actions.reviews import check_may_decide, decide, may_decide, set_date
from answerable.policy.forms.reviews import DateForm, DecisionForm
from answerable.policy.models import Comment, Pilot, Review, Version
from answerable.policy.models.review import SOON
from answerable.policy.running import compiled
from answerable.policy.views.comments import Said
from answerable.web.pager import keyset

COMMENTS = 50


@dataclass(frozen=True)
class Subject:
    """An objective with its review to come and its last decision."""

    objective: Objective
    owner: User | None
    next: Review | None
    last: Review | None

    @property
    def state(self) -> str:
        """overdue, soon, planned or unplanned: in the order in which they matter."""
        if self.next is None:
            return "unplanned"
        left = self.next.due_on - timezone.localdate()
        return "overdue" if left.days < 0 else "soon" if left <= SOON else "planned"

    @property
    def rank(self) -> tuple[bool, date]:
        return self.next is None, self.next.due_on if self.next else date.max


@require_GET
def reviews(request: HttpRequest) -> HttpResponse:
    """Every objective with its next review, those overdue first, and all decisions there were."""
    person = member_of_staff(request)
    version = _in_force()
    page = keyset(
        Review.objects.visible_to(person).decided().select_related("by", "version"),
        column="decided_at",
        cursor=request.GET.get("cursor"),
    )
    sentences = {row.pk: _sentence(row) for row in page.rows}
    return show(
        request,
        "policy/reviews.html",
        version=version,
        subjects=_subjects(compiled(version.pk)) if version else [],
        page=page,
        decisions=[(row, sentences[row.pk]) for row in page.rows],
    )


@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, key: str) -> HttpResponse:
    """What happened to an objective since it was last decided on; the decision is posted here."""
    person = member_of_staff(request)
    version, subject = _subject(key)
    form = _form(subject, posted(request))
    if form.is_bound:
        check_may_decide(person, subject.objective)
    if form.is_valid():
        try:
            done = decide(
                key,
                decision=form.cleaned_data["decision"],
                words=form.cleaned_data["words"],
                next_on=form.cleaned_data["next_on"],
                seen=form.cleaned_data["seen"],
                by=person,
            )
        except Refused as refusal:
            version, subject = _subject(key)
            form = _form(subject, _seen(request.POST, subject))
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Decided: %(decision)s.") % {"decision": done.get_decision_display()})
            return redirect(_draft_address(done.draft) if done.draft else reverse("policy_reviews"))
    return _page(request, version, subject, form=form)


@require_http_methods(["GET", "POST"])
def review_date(request: HttpRequest, key: str) -> HttpResponse:
    """The day of the next review; administrators choose it."""
    person = member_of_staff(request)
    version, subject = _subject(key)
    if request.method != "POST":
        return redirect("policy_review", key)
    date_form = DateForm(request.POST)
    if date_form.is_valid():
        try:
            set_date(key, on=date_form.cleaned_data["on"], by=person)
        except Refused as refusal:
            date_form.add_error("on", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("policy_review", key)
    response = _page(request, version, subject, form=_form(subject), date_form=date_form)
    response.status_code = 422
    return response


def _form(subject: Subject, data: QueryDict | None = None) -> DecisionForm:
    return DecisionForm(data, initial={"seen": subject.last.pk if subject.last else None})


def _seen(data: QueryDict, subject: Subject) -> QueryDict:
    """What was typed, after a look at what came in between: sent again, it is a decision after that one."""
    typed = data.copy()
    typed["seen"] = str(subject.last.pk) if subject.last else ""
    return typed


def _page(
    request: HttpRequest, version: Version, subject: Subject, *, form: DecisionForm, date_form: DateForm | None = None
) -> HttpResponse:
    person = member_of_staff(request)
    objective, policy = subject.objective, compiled(version.pk)
    since = _since(subject)
    standards = [each.key for each in policy.standards.values() if each.objective == objective.key]
    said = Comment.objects.visible_to(person).about_objective(objective.key, standards).since(since)
    said = said.select_related("by", "contact", "answered_by", "version")
    return show(
        request,
        "policy/review.html",
        form,
        subject=subject,
        objective=objective,
        since=since,
        evidence=_measured("policy_evidence", since, objective.key),
        pilots=_pilots(person, since),
        tried=_measured("policy_tried", since),
        said=[Said.of(each, person) for each in said[:COMMENTS]],
        versions=Version.objects.filter(in_force_at__gt=since).select_related("by").defer("document"),
        history=Review.objects.decided().filter(objective=objective.key).select_related("by", "version"),
        may_decide=may_decide(person, objective),
        date_form=(date_form or DateForm(initial={"on": subject.next.due_on if subject.next else None}))
        if person.is_administrator
        else None,
    )


def _in_force() -> Version | None:
    return Version.objects.filter(state=Version.State.IN_FORCE).first()


def _subject(key: str) -> tuple[Version, Subject]:
    version = _in_force()
    subjects = _subjects(compiled(version.pk)) if version else []
    found = next((each for each in subjects if each.objective.key == key), None)
    if version is None or found is None:
        raise Http404(_("The policy has no such objective."))
    return version, found


def _subjects(policy: Policy) -> list[Subject]:
    """Every objective of the policy, what is overdue first, what has no day last. Three queries."""
    owners = [objective.owner for objective in policy.objectives.values() if objective.owner]
    people = {person.email.casefold(): person for person in User.objects.active().filter(email__in=owners)}
    to_come = {row.objective: row for row in Review.objects.open().select_related("owner")}
    decided = Review.objects.decided().filter(objective__in=policy.objectives).select_related("by")
    last = {row.objective: row for row in reversed(decided)}
    found = [
        Subject(objective, people.get((objective.owner or "").casefold()), to_come.get(key), last.get(key))
        for key, objective in policy.objectives.items()
    ]
    return sorted(found, key=lambda subject: subject.rank)


def _since(subject: Subject) -> datetime:
    """From when on things are gathered: the last decision, else the first policy."""
    if subject.last is not None and subject.last.decided_at is not None:
        return subject.last.decided_at
    first = Version.objects.exclude(in_force_at=None).order_by("in_force_at").values_list("in_force_at", flat=True)
    return first.first() or timezone.now()


def _pilots(person: User, since: datetime) -> QuerySet[Pilot]:
    """Those that were prepared, begun or ended."""
    touched = Q(created_at__gte=since) | Q(begun_at__gte=since) | Q(ended_at__gte=since)
    return Pilot.objects.visible_to(person).filter(touched).select_related("version").defer("version__document")


def _measured(name: str, since: datetime, *args: str) -> str:
    """Where something stands that was measured since: the report is above us, so its pages are asked for by name."""
    try:
        address = reverse(name, args=args)
    except NoReverseMatch:
        return ""
    return f"{address}?{urlencode({'since': timezone.localdate(since).isoformat()})}"


def _draft_address(draft: Version) -> str:
    return reverse("policy_draft", args=[draft.number])


def _sentence(row: Review) -> str:
    """The objective as it read when it was decided on."""
    objective = compiled(row.version_id).objectives.get(row.objective)
    return objective.sentence if objective else row.objective
