"""Where the structure is weak: a page, and a panel on the page of the structure."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from answerable.core.structure import findings
from answerable.insight.structure import company_now
from answerable.insight.weaknesses import Speaker
from answerable.people.models import Role
from answerable.people.views.door import member_of_staff


@require_GET
def weaknesses(request: HttpRequest) -> HttpResponse:
    """For those who can mend it: leads and administrators. To htmx only the panel."""
    reader = member_of_staff(request)
    if not reader.holds(Role.ADMINISTRATOR, Role.LEAD):
        raise PermissionDenied(_("Leads and administrators see where the structure is weak."))
    company = company_now(now=timezone.now())
    found = Speaker(company, findings(company), reader).said()
    is_panel = bool(request.htmx)  # type: ignore[attr-defined]
    template = "insight/weaknesses_panel.html" if is_panel else "insight/weaknesses.html"
    return render(request, template, {"weaknesses": found})
