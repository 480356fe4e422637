"""Rules, for administrators: the list in its order, one of them, what they did; and what they did to a conversation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from answerable.core.criteria import read
from answerable.core.rules.step import steps_of
from answerable.core.rules.trigger import EVENTS as OF_VERBS
from answerable.core.rules.trigger import trigger_of
from answerable.desk.actions.rules import Overtaken, place_rules, retire_rule, switch_rule, write_rule
from answerable.desk.errors import Refused
from answerable.desk.forms.rules import RuleForm
from answerable.desk.happenings import Names
from answerable.desk.models import Firing, Rule
from answerable.desk.models.rule import CONTENT
from answerable.desk.rules.fields import is_field
from answerable.desk.rules.left import Left, left_alone
from answerable.desk.rules.starters import STARTERS
from answerable.desk.rules.words import CAUSES, EVENTS, MODES, check_words, condition_lines, seen_words, trigger_words
from answerable.desk.steps.names import Named
from answerable.desk.steps.words import outcome_words, step_words
from answerable.desk.views.door import StaffRequest, staff, visible
from answerable.events.models import Event
from answerable.people.views.door import administrator, posted, refusals_told
from answerable.web.numbers import key_in
from answerable.web.pager import keyset

COUNTED_FOR = timedelta(days=30)
MOST_SHOWN = 100


@dataclass(frozen=True)
class Told:
    """A rule in words."""

    row: Rule
    trigger: str
    steps: list[str]
    conditions: list[tuple[int, str]]
    fired: int = 0
    last: Any = None


@dataclass(frozen=True)
class Saw:
    """What one condition saw, in words; of a group of them, how it joins those below it, one deeper."""

    holds: bool
    depth: int
    words: str
    saw: str = ""


@dataclass(frozen=True)
class Why:
    """A firing in words: what it was asked for, what its conditions saw, what its steps did."""

    firing: Firing
    cause: str
    seen: list[Saw]
    did: list[str]


@dataclass(frozen=True)
class WhyNot:
    """A rule that did nothing, in words."""

    left: Left
    cause: str
    seen: list[Saw]


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """All there are, in their order, with how often they fired in the last month."""
    person = administrator(request)
    since = timezone.now() - COUNTED_FOR
    fires = Q(firings__verdict=Firing.Verdict.FIRES, firings__at__gte=since)
    counted = {"fired": Count("firings", filter=fires), "last": Max("firings__at", filter=fires)}
    rows = Rule.objects.visible_to(person).current().annotate(**counted)
    named = Named()
    context = {"rules": [_told(row, named) for row in rows], "starters": STARTERS.items()}
    return render(request, "desk/rules/rules.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_rule(request: HttpRequest) -> HttpResponse:
    """Empty, or as one of those to begin with."""
    starter = STARTERS.get(request.GET.get("starter", ""))
    return _edit(request, None, starter.content if starter else {})


@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Rule.objects.visible_to(administrator(request)).current(), pk=pk)
    return _edit(request, row, {name: getattr(row, name) for name in CONTENT})


@require_POST
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """On (`to`: 1) or off."""
    person = administrator(request)
    row = get_object_or_404(Rule.objects.current(), pk=pk)
    with refusals_told(request):
        switch_rule(row, on=request.POST.get("to") == "1", by=person)
    return redirect("settings-rules")


@require_POST
def places(request: HttpRequest) -> HttpResponse:
    """The order: all numbers in `order`, or one (`rule`) up or down (`way`)."""
    person = administrator(request)
    order = [number for sent in request.POST.getlist("order") if (number := key_in(sent)) is not None]
    if not order:
        order = list(Rule.objects.current().values_list("pk", flat=True))
        number = key_in(request.POST.get("rule", ""))
        if number is not None and number in order:
            at = order.index(number)
            order.insert(max(0, at + (1 if request.POST.get("way") == "down" else -1)), order.pop(at))
    place_rules(order, by=person)
    return redirect("settings-rules")


@require_POST
def retirement(request: HttpRequest, pk: int) -> HttpResponse:
    """It does nothing any more."""
    retire_rule(get_object_or_404(Rule, pk=pk), by=administrator(request))
    messages.success(request, _("Retired: what it did, and why, stays to be read."))
    return redirect("settings-rules")


@require_safe
def log(request: HttpRequest, pk: int) -> HttpResponse:
    """What a rule did, the last first; and who wrote which version."""
    row = get_object_or_404(Rule.objects.visible_to(administrator(request)), pk=pk)
    firings = Firing.objects.filter(rule=row).select_related("rule", "conversation")
    page = keyset(firings, column="at", cursor=request.GET.get("cursor"))
    context = {
        "told": _told(row, Named()),
        "page": page,
        "whys": whys(page.rows),
        "versions": row.versions.select_related("by")[:MOST_SHOWN],
    }
    return render(request, "desk/rules/log.html", context)


@require_safe
@staff
def of_conversation(request: StaffRequest, pk: int) -> HttpResponse:
    """What rules did to a conversation, and why; and why others did nothing when they were asked last."""
    found = visible(request, pk)
    firings = list(Firing.objects.filter(conversation=found).select_related("rule").order_by("-id")[:MOST_SHOWN])
    context = {
        "conversation": found,
        "whys": whys(firings),
        "left": why_not(left_alone(found, now=timezone.now())),
        "is_administrator": request.user.is_administrator,
    }
    return render(request, "desk/rules/of_conversation.html", context)


def whys(firings: Any) -> list[Why]:
    """Firings in words: three queries for all, and one for each kind of thing that is named."""
    named, names = Named(), Names()
    for firing in firings:
        for outcome in firing.outcomes:
            names.note_outcome(outcome)
    verbs = dict(Event.objects.filter(pk__in=[f.event for f in firings if f.event]).values_list("pk", "verb"))
    return [
        Why(
            firing,
            _cause(firing, verbs),
            [_saw(each, named) for each in firing.seen],
            [words for outcome in firing.outcomes if (words := outcome_words(outcome, names))],
        )
        for firing in firings
    ]


def why_not(left: Sequence[Left]) -> list[WhyNot]:
    """Rules that did nothing, in words."""
    named = Named()
    return [WhyNot(one, _asked_for(one), [_saw(each, named) for each in one.seen]) for one in left]


def _asked_for(left: Left) -> str:
    if left.is_elsewhere:
        return _("It is for other inboxes.")
    if left.at is None:
        return _("Nothing that it waits for has happened here since it was switched on.")
    verb = left.event.verb if left.event else ""
    if verb:
        return next((str(EVENTS[key]) for key, found in OF_VERBS.items() if verb in found), "")
    return trigger_words(trigger_of(left.rule.trigger))


def _saw(each: dict[str, Any], named: Named) -> Saw:
    depth = each.get("depth", 0)  # what was written down before groups were has none
    if "joins" in each:
        return Saw(each["ok"], depth, str(MODES[each["joins"]]))
    return Saw(each["ok"], depth, _check(each, named), seen_words(each, named))


def _cause(firing: Firing, verbs: dict[int, str]) -> str:
    if firing.event:
        verb = verbs.get(firing.event, "")
        return next((str(EVENTS[key]) for key, found in OF_VERBS.items() if verb in found), "")
    return str(CAUSES.get(firing.cause.partition("-")[0], _("It had lasted long enough")))


def _check(seen: dict[str, Any], named: Named) -> str:
    return check_words(seen["field"], seen["operator"], seen["values"], named)


def _told(row: Rule, named: Named) -> Told:
    try:
        trigger, node = trigger_words(trigger_of(row.trigger)), read(row.conditions or {"all": []}, is_field)
        steps = [step_words(step, named) for step in steps_of(row.steps)]
    except (ValueError, KeyError):
        return Told(row, _("It can’t be read."), [], [])
    fired, last = getattr(row, "fired", 0), getattr(row, "last", None)
    return Told(row, trigger, steps, condition_lines(node, named), fired, last)


def _edit(request: HttpRequest, row: Rule | None, content: dict[str, Any]) -> HttpResponse:
    person = administrator(request)
    form = RuleForm(posted(request), content=content, number=row.number if row else None)
    status, overtaken = 200, None
    if form.is_bound and not form.is_typing:
        status = 422
        if form.is_valid():
            try:
                saved = write_rule(content=form.content, by=person, rule=row, number=form.cleaned_data["number"])
                if request.POST.get("then") == "on":
                    switch_rule(saved, on=True, by=person)
                messages.success(request, _("Saved."))
                return redirect("settings-rules")
            except Overtaken as error:
                status, overtaken = 409, error
                form.go_on_from(error.now.number)
            except Refused as refusal:
                form.add_error(None, str(refusal))
    context = {"form": form, "rule": row, "overtaken": overtaken, "is_typing": form.is_typing}
    return render(request, "desk/rules/rule.html", context, status=status)
