from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from answerable.people.actions.company import change_company
from answerable.people.forms.company import CompanyForm
from answerable.people.models import Company
from answerable.people.permissions import check_is_administrator
from answerable.people.views.people import member_of_staff, posted, show


@require_http_methods(["GET", "POST"])
def company(request: HttpRequest) -> HttpResponse:
    person = member_of_staff(request)
    check_is_administrator(person)
    row = Company.objects.get()
    form = CompanyForm(posted(request), initial={name: getattr(row, name) for name in CompanyForm.base_fields})
    if not form.is_valid():
        return show(request, "people/company.html", form)
    change_company(row, by=person, **form.cleaned_data)
    messages.success(request, _("Saved."))
    return redirect("settings-company")
