"""Settings: the company."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from answerable.people.actions.company import change_company
from answerable.people.forms.company import CompanyForm
from answerable.people.models import Company
from answerable.people.views.door import administrator, posted, show


@require_http_methods(["GET", "POST"])
def company(request: HttpRequest) -> HttpResponse:
    """What the company is called, and what holds where nobody says otherwise."""
    person = administrator(request)
    row = Company.objects.get()
    form = CompanyForm(posted(request), initial={name: getattr(row, name) for name in CompanyForm.base_fields})
    if not form.is_valid():
        return show(request, "people/company.html", form)
    change_company(row, by=person, **form.cleaned_data)
    messages.success(request, _("Saved."))
    return redirect("settings-company")
