"""The weeks that repeat, of a team and those below it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from answerable.people.actions.patterns import add_pattern, end_pattern
from answerable.people.errors import Refused
from answerable.people.forms.shifts import PatternForm
from answerable.people.models import Pattern
from answerable.people.permissions import managed_by
from answerable.people.views.door import member_of_staff, posted, refusals_told, show
from answerable.people.views.rota.asking import asked, workers, zones
from answerable.people.views.rota.shifts import USUAL


@require_http_methods(["GET", "POST"])
def patterns(request: HttpRequest) -> HttpResponse:
    """Those that go on, and one more."""
    here = asked(request)
    teams = managed_by(here.reader)
    if not teams:
        raise PermissionDenied
    form = PatternForm(
        posted(request),
        initial={
            "team": here.team.pk if here.team else None,
            "weekdays": [0, 1, 2, 3, 4],
            "begins": USUAL[0],
            "ends": USUAL[1],
            "from_on": here.monday,
        },
        teams=teams,
        people=workers(here.reader),
        zones=zones(here.reader),
    )
    if form.is_valid():
        try:
            add_pattern(**form.cleaned_data, by=here.reader)
        except Refused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, _("The pattern is kept. Lay it out on the week's page."))
            return redirect(f"{request.path}?{here.query()}")
    rows = Pattern.objects.filter(team__in=teams).exclude(until_on__lt=timezone.localdate())
    return show(request, "people/rota/patterns.html", form, asked=here, patterns=rows.select_related("user", "team"))


@require_POST
def ending(request: HttpRequest, pk: int) -> HttpResponse:
    """Today is the pattern's last day."""
    here = asked(request)
    pattern = get_object_or_404(Pattern.objects.filter(team__in=here.reader.team_ids), pk=pk)
    with refusals_told(request):
        count = end_pattern(pattern, last_on=max(timezone.localdate(), pattern.from_on), by=member_of_staff(request))
        messages.success(
            request,
            ngettext(
                "The pattern ends. %(count)s shift was taken out.",
                "The pattern ends. %(count)s shifts were taken out.",
                count,
            )
            % {"count": count},
        )
    return redirect("rota-patterns")
