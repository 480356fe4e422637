"""Who hears of a change of the rota by mail, and in which words: those it concerns, never who made it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from answerable.events.models import Event
from answerable.people.leads import leads_above
from answerable.people.models import HANDLERS, Absence, Shift, SwapRequest, Team, User
from answerable.people.rota_words import absence_words, span_words
from answerable.people.standing_in import StandIns


@dataclass(frozen=True)
class Letter:
    """What somebody is told: a sentence, made in their language, and the page where it stands."""

    to: User
    words: Callable[[], str]
    page: str


def letters(event: Event) -> list[Letter]:
    """Everybody who is told of an event, once each; nothing when it has been overtaken meanwhile."""
    found = {letter.to.pk: letter for letter in LETTERS[event.verb](event)}
    return [letter for pk, letter in found.items() if pk != event.actor_id and letter.to.is_active]


def send(letter: Letter) -> None:
    """Raises what the mail's backend raises."""
    with translation.override(letter.to.language), timezone.override(letter.to.time_zone):
        words = letter.words()
        link = settings.SITE_URL + letter.page
        text = render_to_string("people/mail/rota.txt", {"words": words, "link": link})
        send_mail(" ".join(words.split())[:200], text, None, [letter.to.email])


def _swap_offered(event: Event) -> Iterable[Letter]:
    swap = _swap(event)
    if swap.state != SwapRequest.State.OFFERED:
        return
    people: Iterable[User] = [swap.offered_to] if swap.offered_to else _workers(swap.shift.team)
    for person in people:
        yield Letter(
            person,
            lambda: (
                _("%(name)s offers a shift: %(when)s") % {"name": swap.offered_by, "when": span_words(swap.shift.span)}
            ),
            reverse("rota-swaps"),
        )


def _swap_taken(event: Event) -> Iterable[Letter]:
    swap = _swap(event)
    if swap.state != SwapRequest.State.TAKEN:
        return
    for lead in _leads([swap.shift.team], event):
        yield Letter(
            lead,
            lambda: (
                _("%(taker)s would work for %(owner)s, and you decide: %(when)s")
                % {"taker": swap.taken_by, "owner": swap.offered_by, "when": span_words(swap.shift.span)}
            ),
            reverse("rota-swaps"),
        )


def _swap_decided(event: Event) -> Iterable[Letter]:
    swap = _swap(event)
    confirmed = swap.state == SwapRequest.State.CONFIRMED
    for person in (swap.offered_by, swap.taken_by):
        if person is not None:
            yield Letter(
                person,
                lambda: (
                    (_("The swap is confirmed: %(when)s") if confirmed else _("The swap is declined: %(when)s"))
                    % {"when": span_words(swap.shift.span)}
                ),
                reverse("rota-shift", args=[swap.shift_id]),
            )


def _absence_requested(event: Event) -> Iterable[Letter]:
    absence = _absence(event)
    if absence.state != Absence.State.REQUESTED:
        return
    teams = [membership.team for membership in absence.user.memberships.select_related("team")]
    for lead in _leads(teams, event):
        yield Letter(
            lead,
            lambda: _("%(name)s asks to be away: %(when)s") % {"name": absence.user, "when": absence_words(absence)},
            reverse("rota-absences"),
        )


def _absence_decided(event: Event) -> Iterable[Letter]:
    absence, page = _absence(event), reverse("rota-absences")
    if event.verb == "absence.approved" and absence.stand_in is not None:
        yield Letter(
            absence.stand_in,
            lambda: _("You stand in for %(name)s: %(when)s") % {"name": absence.user, "when": absence_words(absence)},
            page,
        )
    sentences: dict[str, Callable[[], str]] = {
        "absence.approved": lambda: _("Your absence is approved: %(when)s"),
        "absence.declined": lambda: _("Your absence is declined: %(when)s"),
    }
    sentence = sentences[event.verb]
    yield Letter(absence.user, lambda: sentence() % {"when": absence_words(absence)}, page)


def _absence_over(event: Event) -> Iterable[Letter]:
    """Who would have stood in need not."""
    absence = _absence(event)
    for person in filter(None, (absence.user, absence.stand_in)):
        yield Letter(
            person,
            lambda: (
                _("%(name)s is there after all, and not away: %(when)s")
                % {"name": absence.user, "when": absence_words(absence)}
            ),
            reverse("rota-absences"),
        )


def _shift(event: Event) -> Iterable[Letter]:
    """Whose it is, and whose it was."""
    shift = Shift.objects.select_related("user", "team").get(pk=_number(event))
    if shift.ends_at <= timezone.now() or (event.verb != "shift.cancelled" and shift.cancelled_at):
        return
    sentences: dict[str, Callable[[], str]] = {
        "shift.added": lambda: _("A shift is yours: %(when)s, %(team)s"),
        "shift.changed": lambda: _("Your shift is now: %(when)s, %(team)s"),
        "shift.cancelled": lambda: _("A shift of yours is out of the rota: %(when)s, %(team)s"),
    }
    sentence = sentences[event.verb]
    page = reverse("rota-shift", args=[shift.pk])
    before = (event.particulars.get("before") or {}).get("user")
    for owner in User.objects.filter(pk=before).exclude(pk=shift.user_id):
        yield Letter(owner, lambda: _("%(name)s has a shift of yours now: %(when)s, %(team)s") % _told(shift), page)
    yield Letter(shift.user, lambda: sentence() % _told(shift), page)


def _told(shift: Shift) -> dict[str, object]:
    return {"name": shift.user, "when": span_words(shift.span), "team": shift.team}


def _swap(event: Event) -> SwapRequest:
    rows = SwapRequest.objects.select_related("shift__team", "offered_by", "offered_to", "taken_by")
    return rows.get(pk=_number(event))


def _absence(event: Event) -> Absence:
    return Absence.objects.select_related("user", "stand_in").get(pk=_number(event))


def _number(event: Event) -> int:
    return int(event.subject.rpartition("-")[2])


def _workers(team: Team) -> Iterable[User]:
    """Those who are members of the team itself and may answer."""
    members = User.objects.active().filter(memberships__team=team, memberships__role__in=HANDLERS)
    return list(members.distinct())


def _leads(teams: Iterable[Team], event: Event) -> Iterable[User]:
    """The nearest leads; for those who are away, who acts."""
    stand_ins = StandIns(event.at)
    for team in teams:
        nearest = next(iter(leads_above([team])[team.pk]), [])
        yield from (acting.user for acting in stand_ins.acting(nearest, team))


LETTERS: Mapping[str, Callable[[Event], Iterable[Letter]]] = MappingProxyType(
    {
        "swap.offered": _swap_offered,
        "swap.taken": _swap_taken,
        "swap.confirmed": _swap_decided,
        "swap.declined": _swap_decided,
        "absence.requested": _absence_requested,
        "absence.approved": _absence_decided,
        "absence.declined": _absence_decided,
        "absence.withdrawn": _absence_over,
        "absence.ended": _absence_over,
        "shift.added": _shift,
        "shift.changed": _shift,
        "shift.cancelled": _shift,
    }
)
