"""What customers and colleagues say of the policy, and what leads answer."""

from dataclasses import dataclass
from typing import Self

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from answerable.people.errors import Refused
from answerable.people.models import Lesson, User
from answerable.people.views.door import member_of_staff, posted, show
from answerable.policy.actions.comments import add_comment, answer_comment, check_may_answer, may_answer
from answerable.policy.forms.comments import AnswerForm, CommentForm
from answerable.policy.models import Comment, Version
from answerable.policy.parts import sentence_in
from answerable.web.pager import keyset

WHOLE = str(Comment.Part.POLICY)
LONGEST_NUMBER = 18


@dataclass(frozen=True)
class Said:
    """A comment as a reader sees it: what it is on where that isn't plain, and the form to answer it."""

    comment: Comment
    on: str
    address: str
    form: AnswerForm | None

    @classmethod
    def of(cls, comment: Comment, reader: User, refused: AnswerForm | None = None, *, names_part: bool = True) -> Self:
        prefix = f"answer-{comment.pk}"
        form = AnswerForm(prefix=prefix) if comment.answered_at is None and may_answer(reader) else None
        if refused is not None and refused.prefix == prefix:
            form = refused  # what was typed stays, also when somebody else has answered meanwhile
        on = sentence_in(comment.version, comment.part, comment.key) if names_part else None
        return cls(comment, on or "", address_of(comment.part, comment.key), form)


def address_of(part: str, key: str) -> str:
    """Where the comments on a part stand."""
    return reverse("policy_comments_on", args=[part, key]) if key else reverse("policy_comments")


@require_http_methods(["GET", "POST"])
def comments(request: HttpRequest, part: str = WHOLE, key: str = "") -> HttpResponse:
    """Everything said of the policy, or of one part of it; a new comment is posted here."""
    version = Version.objects.filter(state=Version.State.IN_FORCE).first()
    lesson = _lesson(request)
    form = CommentForm(posted(request), initial={"text": lesson.text if lesson else ""})
    if version is not None and form.is_valid():
        try:
            add_comment(
                version=version,
                part=part,
                key=key,
                text=form.cleaned_data["text"],
                by=member_of_staff(request),
                language=get_language() or "",
                lesson=lesson,
            )
        except Refused as refusal:
            form.add_error("text", str(refusal))
        else:
            messages.success(request, _("Thank you. Your comment stands here and in the next review."))
            return redirect(request.path)
    return _page(request, part, key, version=version, form=form, lesson=lesson)


def _lesson(request: HttpRequest) -> Lesson | None:
    """What a team has learned, where the comment comes of it (`?lesson=`)."""
    number = request.GET.get("lesson", "")
    if not (number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER):
        return None
    return Lesson.objects.standing().visible_to(member_of_staff(request)).filter(pk=number).first()


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """A lead's words to a comment."""
    person = member_of_staff(request)
    check_may_answer(person)
    comment = get_object_or_404(Comment.objects.visible_to(person), pk=pk)
    form = AnswerForm(request.POST, prefix=f"answer-{comment.pk}")
    if form.is_valid():
        try:
            answer_comment(comment, text=form.cleaned_data["text"], by=person)
        except Refused as refusal:
            form.add_error("text", str(refusal))
        else:
            messages.success(request, _("Answered."))
            return redirect(address_of(comment.part, comment.key) + f"#comment-{comment.pk}")
    version = Version.objects.filter(state=Version.State.IN_FORCE).first()
    response = _page(request, comment.part, comment.key, version=version, form=CommentForm(), refused=form)
    response.status_code = 422
    return response


def _page(
    request: HttpRequest,
    part: str,
    key: str,
    *,
    version: Version | None,
    form: CommentForm,
    refused: AnswerForm | None = None,
    lesson: Lesson | None = None,
) -> HttpResponse:
    """The comments, the newest first, each with room for an answer where the reader may give one."""
    person = member_of_staff(request)
    rows = Comment.objects.visible_to(person).select_related("by", "contact", "answered_by", "version")
    sentence = sentence_in(version, part, key) if version else None
    may_write = sentence is not None
    if key:
        rows = rows.about(part, key)
        if sentence is None and (latest := rows.first()) is not None:
            sentence = sentence_in(latest.version, part, key)  # of a promise that is no more
        if sentence is None:
            raise Http404(_("The policy has no such part."))
    page = keyset(rows, column="at", cursor=request.GET.get("cursor"))
    return show(
        request,
        "policy/comments.html",
        form,
        part=part,
        sentence=sentence if key else "",
        page=page,
        said=[Said.of(each, person, refused, names_part=not key) for each in page.rows],
        may_write=may_write,
        post_to=address_of(part, key) + (f"?lesson={lesson.pk}" if lesson else ""),
    )
