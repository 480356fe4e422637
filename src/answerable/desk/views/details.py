"""What is known of one conversation besides its words."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from answerable.desk.actions.fields import set_details
from answerable.desk.details import details_of
from answerable.desk.forms.details import DetailsForm
from answerable.desk.models import Field
from answerable.desk.views.door import StaffRequest, may_handle, staff, visible
from answerable.desk.views.moved import until_it_moves


@require_http_methods(["GET", "HEAD", "POST"])
@staff
@until_it_moves("details")
def details(request: StaffRequest, pk: int) -> HttpResponse:
    """As they stand; with `?edit` the form that changes them, for who may."""
    found = visible(request, pk)
    may_edit = may_handle(request.user, found)
    template, context = "desk/details.html", {"conversation": found, "may_handle": may_edit}
    if request.method == "POST" or ("edit" in request.GET and may_edit):
        rows = list(Field.objects.current())
        form = DetailsForm(request.POST if request.method == "POST" else None, rows=rows, conversation=found)
        if form.is_valid():
            found = context["conversation"] = set_details(found, values=form.values, by=request.user)
            if not request.htmx:
                return redirect("conversation", pk)
        else:
            template, context = "desk/details_form.html", context | {"form": form}
    if not request.htmx:
        return redirect("conversation", pk)
    return render(request, template, context | {"details": details_of(found)}, status=200)
