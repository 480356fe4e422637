"""What waits at the moment of loading: promises about to fall due, something for the administrator, sleepers."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random

from answerable.core.conditions import Facts
from answerable.core.policy import ClockKind, Policy
from answerable.desk.models import Status
from answerable.policy.running import compiled
from answerable.site.demo.company import Founded
from answerable.site.demo.customers import Customer
from answerable.site.demo.desks import BY_LANGUAGE, Desks
from answerable.site.demo.scripts import Desk, Plot, first_answer
from answerable.site.demo.steps import Assign, Script, Snooze
from answerable.site.demo.writing import Writer

DUE_IN_MINUTES = (9, 38, 95)
"""From now, where that is within the desk's hours; else as soon as it opens."""
MATTERS = ("refund", "late_parcel", "password")
SLEEPS_DAYS = (1, 2)


def backlog(
    company: Founded, desks: Desks, customers: dict[str, Sequence[Customer]], *, now: datetime, seed: int
) -> list[Script]:
    """Three about to fall due and one asleep for each language."""
    policy = compiled(company.versions[-1][1].pk)
    found = []
    for language, key in BY_LANGUAGE.items():
        desk, random = desks.desks[key], Random(f"{seed}:backlog:{language}")  # noqa: S311 - not a secret
        writers = random.sample(list(customers[language]), len(DUE_IN_MINUTES) + 1)
        for number, minutes in enumerate(DUE_IN_MINUTES):
            customer = writers[number]
            at = _asked_at(policy, _facts(customer, desk), due_at=now + timedelta(minutes=minutes), now=now)
            plot = Plot(desk, Writer(customer, MATTERS[number], random), random, at, company, 1.0)
            found.append(_unanswered(plot, to_administrator=number == 0, is_assigned=number < 2, now=now))
        at = _whole(now - timedelta(days=5, minutes=random.randrange(600)))
        plot = Plot(desk, Writer(writers[-1], "subscription", random), random, at, company, 1.0)
        found.append(_asleep(plot, until=_whole(now + timedelta(days=random.choice(SLEEPS_DAYS)))))
    return found


def _unanswered(plot: Plot, *, to_administrator: bool, is_assigned: bool, now: datetime) -> Script:
    plot.asks()
    if is_assigned:
        to = plot.company.administrator if to_administrator else plot.user
        at = min(plot.at + timedelta(minutes=4), _whole(now - timedelta(minutes=3)))
        plot.steps.append(Assign(max(at, plot.at + timedelta(seconds=1)), plot.lead(), to))
    return _script(plot)


def _asleep(plot: Plot, *, until: datetime) -> Script:
    plot.asks()
    first_answer(plot, Status.OPEN)
    plot.steps.append(Snooze(plot.at + timedelta(seconds=40), plot.user, until))
    return _script(plot)


def _script(plot: Plot) -> Script:
    assert plot.desk.inbox is not None
    return Script(plot.desk.inbox, plot.writer.customer, plot.writer.subject(), plot.steps)


def _facts(customer: Customer, desk: Desk) -> Facts:
    contact = customer.contact
    return Facts(
        channel="email",
        priority="normal",
        segment=contact.segment_key or None,
        region=contact.region,
        language=contact.language,
        team=desk.team.key,
    )


def _asked_at(policy: Policy, facts: Facts, *, due_at: datetime, now: datetime) -> datetime:
    """The earliest question whose first answer falls due then or, where that is outside the hours, next."""
    match = policy.standard_for(ClockKind.FIRST_RESPONSE, facts)
    assert match is not None
    early, late = int((now - timedelta(days=10)).timestamp()), int((now - timedelta(minutes=5)).timestamp())
    while early < late:
        middle = (early + late) // 2
        falls_due = policy.clock(match.standard, datetime.fromtimestamp(middle, UTC)).due_at
        if falls_due is not None and falls_due >= due_at:
            late = middle
        else:
            early = middle + 1
    return datetime.fromtimestamp(late, UTC)


def _whole(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)
