"""Settings: which fields conversations have."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from answerable.desk.actions.fields import raise_field, retire_field, write_field
from answerable.desk.errors import Refused
from answerable.desk.forms.details import FieldForm
from answerable.desk.models import Field
from answerable.people.models import Company
from answerable.people.views.door import administrator, posted, show


@require_safe
def fields(request: HttpRequest) -> HttpResponse:
    """All that are asked for, in their order."""
    administrator(request)
    return show(request, "desk/fields.html", fields=Field.objects.current())


@require_http_methods(["GET", "POST"])
def new_field(request: HttpRequest) -> HttpResponse:
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
def field(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(Field.objects.current(), pk=pk))


@require_POST
def place(request: HttpRequest, pk: int) -> HttpResponse:
    """One up."""
    raise_field(get_object_or_404(Field.objects.current(), pk=pk), by=administrator(request))
    return redirect("settings-fields")


@require_POST
def retirement(request: HttpRequest, pk: int) -> HttpResponse:
    """Asked for no longer."""
    retire_field(get_object_or_404(Field, pk=pk), by=administrator(request))
    messages.success(request, _("Retired: what is known for it stays with the conversations."))
    return redirect("settings-fields")


def _edit(request: HttpRequest, row: Field | None) -> HttpResponse:
    person = administrator(request)
    company = Company.objects.first()
    form = FieldForm(posted(request), field=row, language=company.language if company else person.language)
    if form.is_valid():
        try:
            write_field(**form.facts, field=row, by=person)
        except Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("settings-fields")
    return show(request, "desk/field.html", form, field=row)
