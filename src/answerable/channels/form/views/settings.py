"""Settings: the form of each inbox."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from answerable.channels.form.actions import close_form, reopen_form, write_form
from answerable.channels.form.forms import FormForm
from answerable.channels.form.models import Form
from answerable.desk.errors import Refused
from answerable.desk.models import Field, Inbox
from answerable.people.models import Company
from answerable.people.views.door import administrator, posted, show


@require_safe
def forms(request: HttpRequest) -> HttpResponse:
    """Each inbox with its form. An answer to a form is a mail, so that it needs one that mail leaves by."""
    administrator(request)
    inboxes = (
        Inbox.objects.filter(retired_at=None, channel="email").select_related("team", "form").order_by("name", "id")
    )
    return show(request, "form/forms.html", inboxes=inboxes)


@require_http_methods(["GET", "POST"])
def form(request: HttpRequest, inbox: int) -> HttpResponse:
    """One inbox's, to be set up or changed."""
    person = administrator(request)
    place = get_object_or_404(Inbox.objects.filter(retired_at=None, channel="email"), pk=inbox)
    row = Form.objects.filter(inbox=place).prefetch_related("questions").first()
    company = Company.objects.first()
    asked = FormForm(
        posted(request),
        form=row,
        key=_free_key(place),
        fields=list(Field.objects.current()),
        language=company.language if company else person.language,
    )
    if asked.is_valid():
        try:
            write_form(place, **asked.facts, by=person)
        except Refused as refusal:
            asked.add_error("key", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("settings-form", inbox)
    return show(request, "form/form_settings.html", asked, inbox=place, row=row)


@require_POST
def closing(request: HttpRequest, inbox: int) -> HttpResponse:
    """Close it, or (`reopen`) open it again."""
    person = administrator(request)
    row = get_object_or_404(Form.objects.select_related("inbox"), inbox=inbox)
    if "reopen" in request.POST:
        reopen_form(row, by=person)
    else:
        close_form(row, by=person)
    return redirect("settings-form", inbox)


def _free_key(inbox: Inbox) -> str:
    """What its address may end in, from the inbox's name or address."""
    wanted = slugify(inbox.name) or slugify(inbox.address.partition("@")[0]) or "form"
    taken = set(Form.objects.filter(key__startswith=wanted[:50]).values_list("key", flat=True))
    return next(key for key in (wanted[:60], *(f"{wanted[:50]}-{n}" for n in range(2, 10_000))) if key not in taken)
