"""Skills and languages: by person in a matrix, of one person on a page, and the list of skills itself."""

from collections.abc import Mapping

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from answerable.people.actions.skills import (
    Change,
    Overtaken,
    What,
    add_skill,
    change_abilities,
    rename_skill,
    retire_skill,
    revive_skill,
)
from answerable.people.errors import Refused
from answerable.people.forms.skills import AbilitiesForm, AddedLanguageForm, SkillForm, SkillNameForm
from answerable.people.matrix import Column, columns, levels_of, row, rows
from answerable.people.models import Skill, Team, User
from answerable.people.permissions import led_by, may_arrange_skills, may_lead
from answerable.people.views.door import member_of_staff, posted, show
from answerable.people.views.staff import visible_person
from answerable.web.pager import keyset

PEOPLE_A_PAGE = 50


@require_http_methods(["GET", "POST"])
def skills(request: HttpRequest) -> HttpResponse:
    """Who can what, by person; a new skill is posted here. `?team=` narrows to a team and those below it."""
    reader = member_of_staff(request)
    may_arrange = may_arrange_skills(reader)
    if request.method == "POST" and not may_arrange:
        raise PermissionDenied
    form = SkillForm(posted(request)) if may_arrange else None
    if form is not None and form.is_valid():
        try:
            skill = add_skill(**form.cleaned_data, by=reader)
        except Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("%(skill)s is added.") % {"skill": skill})
            return redirect("team-skills")
    teams = Team.objects.in_chart_of(reader).filter(retired_at=None)
    chosen = next((team for team in teams if team.key == request.GET.get("team")), None)
    people = User.objects.visible_to(reader).active()
    if chosen is not None:
        people = people.in_teams(frozenset(team.pk for team in teams if team.path.startswith(chosen.path)))
    page = keyset(people, column="name", cursor=request.GET.get("cursor"), size=PEOPLE_A_PAGE, ascending=True)
    listed = columns()
    return show(
        request,
        "people/skills.html",
        form,
        teams=teams,
        chosen=chosen,
        page=page,
        columns=listed,
        rows=rows(page.rows, listed, led_by(reader)),
        retired=Skill.objects.visible_to(reader).exclude(retired_at=None) if may_arrange else [],
        may_arrange=may_arrange,
    )


@require_http_methods(["GET", "POST"])
def abilities(request: HttpRequest, pk: int) -> HttpResponse:
    """What one person can do and speaks. The matrix posts a row here by htmx and gets its state back."""
    by, person = member_of_staff(request), visible_person(request, pk)
    if not may_lead(by, person):
        raise PermissionDenied
    added = AddedLanguageForm(posted(request), spoken=_codes(columns([person.pk])))
    listed = columns([person.pk])
    if request.method == "GET":
        return _page(request, person, listed, added)
    in_use = list(Skill.objects.in_use())
    # The matrix shows the languages of others, too, and whatever it shows may be chosen.
    form = AbilitiesForm(request.POST, skills=in_use, languages=_codes(columns()))
    if not form.is_valid() or not added.is_valid():
        return _page(request, person, listed, added, form, status=422)
    languages = form.language_changes()
    if code := added.cleaned_data["add_language"]:
        languages[code] = Change(0, added.cleaned_data["add_level"] or 0)
    try:
        change_abilities(person, skills=form.skill_changes(), languages=languages, by=by)
    except Overtaken as overtaken:
        return _page(
            request, person, listed, added, form, status=409, now=_by_field(overtaken.now), words=str(overtaken)
        )
    if request.htmx:  # type: ignore[attr-defined]
        return _state(request, person, _("Saved."))
    messages.success(request, _("Saved."))
    return redirect("person", pk)


@require_http_methods(["GET", "POST"])
def skill(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a skill."""
    by = member_of_staff(request)
    if not may_arrange_skills(by):
        raise PermissionDenied
    one = get_object_or_404(Skill.objects.visible_to(by), pk=pk)
    form = SkillNameForm(posted(request), initial={"name": one.name})
    if form.is_valid():
        try:
            rename_skill(one, name=form.cleaned_data["name"], by=by)
        except Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("team-skills")
    return show(request, "people/skill.html", form, skill=one)


@require_POST
def skill_retirement(request: HttpRequest, pk: int) -> HttpResponse:
    """POST retires a skill, POST with `undo` takes it back into use."""
    by = member_of_staff(request)
    action = revive_skill if "undo" in request.POST else retire_skill
    action(get_object_or_404(Skill.objects.visible_to(by), pk=pk), by=by)
    messages.success(request, _("Done."))
    return redirect("team-skills")


def _page(
    request: HttpRequest,
    person: User,
    listed: list[Column],
    added: AddedLanguageForm,
    form: AbilitiesForm | None = None,
    *,
    status: int = 200,
    now: Mapping[str, int] | None = None,
    words: str = "",
) -> HttpResponse:
    """The person's page with what was chosen on it; to the matrix only the state of the row."""
    if request.htmx:  # type: ignore[attr-defined]
        return _state(request, person, words or _("This could not be saved. Open the page anew."), status, now)
    chosen = {name: level for name, level in (form.cleaned_data.items() if form else ()) if isinstance(level, int)}
    held = levels_of([person.pk]).get(person.pk, {})
    context = {
        "person": person,
        "row": row(person, listed, held, True, chosen, now),
        "added": added,
        "words": words,
    }
    return render(request, "people/abilities.html", context, status=status)


def _state(
    request: HttpRequest, person: User, words: str, status: int = 200, now: Mapping[str, int] | None = None
) -> HttpResponse:
    """What stands beside a row of the matrix: whether it is saved, and what the next change is compared with."""
    listed = columns()
    held = levels_of([person.pk]).get(person.pk, {})
    context = {"row": row(person, listed, held, True, now=now), "words": words, "is_saved": status == 200}
    response = render(request, "people/row_state.html", context, status=status)
    return trigger_client_event(response, "announce", {"text": words})


def _codes(listed: list[Column]) -> list[str]:
    return [column.name.removeprefix("language-") for column in listed if column.kind == "language"]


def _by_field(now: Mapping[What, int]) -> dict[str, int]:
    return {f"{kind}-{key}": level for (kind, key), level in now.items()}
