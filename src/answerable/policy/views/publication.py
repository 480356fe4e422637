"""Whether customers may read the promises."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from answerable.people.views.door import member_of_staff
from answerable.policy.actions.publication import publish_promises, withdraw_promises
from answerable.policy.models import Publication


@require_http_methods(["GET", "POST"])
def publication(request: HttpRequest) -> HttpResponse:
    """How it stands, for everybody on the staff; administrators publish."""
    person = member_of_staff(request)
    if request.method == "POST":
        publish_promises(by=person)
        messages.success(request, _("Published: customers may read the promises now."))
        return redirect("policy_publication")
    times = Publication.objects.select_related("published_by", "withdrawn_by")
    context = {"publication": times.current(), "times": times, "may_change": person.is_administrator}
    return render(request, "policy/publication.html", context)


@require_POST
def withdrawal(request: HttpRequest) -> HttpResponse:
    """Customers are shown them no more."""
    withdraw_promises(by=member_of_staff(request))
    messages.success(request, _("Withdrawn: customers are shown nothing any more."))
    return redirect("policy_publication")
