"""The editor: a page for each part of a draft."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from answerable.core.policy import PolicyErrors
from answerable.core.policy.touched import Part
from answerable.people.errors import Refused
from answerable.policy.actions import Stale, check_document, save_draft
from answerable.policy.comparing import document_changes
from answerable.policy.editing.contents import contents
from answerable.policy.editing.manuscript import Manuscript, Unreadable
from answerable.policy.editing.rows import turned
from answerable.policy.editing.workshop import Workshop
from answerable.policy.forms.parts import FORMS, PartForm
from answerable.policy.forms.parts.part import LONGEST_KEY, key_from
from answerable.policy.models import Version
from answerable.policy.permissions import author
from answerable.policy.views.drafts import visible_draft


@login_required
@require_http_methods(["GET", "POST"])
def part(request: HttpRequest, number: int, part: str, handle: str = "") -> HttpResponse:
    """One element of a draft, or a new one where it has no handle. The mission, title and language are one."""
    author(request)
    kind = _kind(part)
    draft = visible_draft(number)
    if not draft.is_draft:
        messages.warning(request, _("This version is no draft any more. Draft a new one from it to change it."))
        return redirect("policy_draft", number)
    try:
        manuscript = Manuscript(draft.document)
    except Unreadable:
        messages.warning(request, _("This document can't be read part by part. Mend it as a document first."))
        return redirect("policy_draft_document", number)
    element = manuscript.element(kind.part, handle) if handle else None
    workshop = Workshop(manuscript)
    if request.method == "GET":
        if handle and element is None:
            raise Http404
        return _show(request, draft, kind(None, workshop=workshop, element=element, revision=draft.revision))
    data, turn = turned(request.POST)
    form = kind(data, workshop=workshop, element=element)
    if request.POST.get("row"):
        if turn and turn.name in form.rows:
            form.rows[turn.name].go_on(turn)
        return _show(request, draft, form, is_typing=True)
    changed = Manuscript(draft.document)
    if not _changed(changed, form, handle):
        return _show(request, draft, form, stale=_stale(draft, form))
    return _save(request, draft, changed, form)


def _changed(manuscript: Manuscript, form: PartForm, handle: str) -> bool:
    """Whether what was asked for stands in the manuscript now, and is right."""
    element, asked = form.element, form.data
    if element is not None and "remove" in asked:
        manuscript.remove(element)
    elif element is not None and "move" in asked:
        manuscript.move(element, -1 if asked["move"] == "-1" else 1)
    else:
        return form.is_valid() and _written(manuscript, form, handle)
    return True


def _save(request: HttpRequest, draft: Version, manuscript: Manuscript, form: PartForm) -> HttpResponse:
    asked = str(form["revision"].value())
    revision = int(asked) if asked.isdecimal() and len(asked) < 9 else 0
    try:
        saved = save_draft(draft, document=manuscript.text, revision=revision, by=author(request))
    except Stale as stale:
        return _show(request, draft, form, stale=stale)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _show(request, draft, form)
    _say_saved(request, saved)
    return redirect(f"{reverse('policy_draft', args=[draft.number])}#{form.part}")


def _kind(part: str) -> type[PartForm]:
    try:
        return FORMS[Part(part)]
    except (ValueError, KeyError):
        raise Http404 from None


def _stale(draft: Version, form: PartForm) -> Stale | None:
    """What somebody else has saved since this form was drawn."""
    asked = form["revision"].value()
    if str(asked) == str(draft.revision):
        return None
    seen = draft.revisions.filter(number=int(asked)).first() if str(asked).isdecimal() and len(str(asked)) < 9 else None
    return Stale(draft, seen.document if seen else draft.document)


def _written(manuscript: Manuscript, form: PartForm, handle: str) -> bool:
    """Whether the form's values stand in the manuscript now, and `core` finds nothing wrong with them."""
    values = form.values()
    if form.part is Part.MISSION:
        manuscript.write(values)
        paths: list[tuple[Any, ...]] = [("title",), ("mission",), ("language",)]
    else:
        taken = [each.key for each in manuscript.elements(form.part)]
        key = form.element.handle if form.element else handle or _new_key(form, taken)
        paths = [manuscript.write_element(form.part, key, values).path]
    try:
        check_document(manuscript.text)
    except PolicyErrors as errors:
        for error in errors.errors:
            for path in paths:
                if error.path[: len(path)] == path:
                    form.refuse(error, error.path if form.part is Part.MISSION else error.path[len(path) :])
    return not form.has_errors


def _new_key(form: PartForm, taken: list[str]) -> str:
    words = form.new_key()
    if form.part is Part.REGION:
        return words[:LONGEST_KEY]
    return key_from(words, taken, f"{form.part}")


def _say_saved(request: HttpRequest, draft: Version) -> None:
    """That it is saved and, so that nobody is surprised later, what is wrong elsewhere."""
    try:
        check_document(draft.document)
    except PolicyErrors as errors:
        count = len(errors.errors)
        said = ngettext("Saved. The draft has %(count)d mistake.", "Saved. The draft has %(count)d mistakes.", count)
        messages.warning(request, said % {"count": count})
    else:
        messages.success(request, _("Saved."))


def _show(
    request: HttpRequest,
    draft: Version,
    form: PartForm,
    *,
    stale: Stale | None = None,
    is_typing: bool = False,
) -> HttpResponse:
    refused = form.is_bound and not is_typing and form.has_errors
    return render(
        request,
        form.template,
        {
            "draft": draft,
            "form": form,
            "contents": contents(form.workshop, current=form.element, part=form.part),
            "stale": stale,
            "since": document_changes(stale.since, stale.draft.document) if stale else (),
            "is_typing": is_typing,
            "revision": stale.draft.revision if stale else form["revision"].value(),
        },
        status=409 if stale else 422 if refused else 200,
    )
