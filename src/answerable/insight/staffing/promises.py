"""What the policy in force promises the customers of a team, by channel: the limit, the share, the hours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from answerable.core.calendar import Calendar, always_open
from answerable.core.conditions import Facts
from answerable.core.policy import ClockKind, Kpi, Match, Policy
from answerable.desk.models import Inbox
from answerable.insight.staffing.assumed import AT_ONCE
from answerable.people.models import Team
from answerable.policy.running import compiled, in_force_id

ANYWHERE = always_open()


@dataclass(frozen=True)
class Promise:
    """A channel's hours, and what is promised within them: None where the policy says nothing of such a channel.

    `limit_seconds` is open time, the shortest of the standards that apply to an ordinary message; `sentence` is that
    standard's. `in_time` is the share that its objective wants, where that is held to compliance in percent.
    """

    calendars: tuple[Calendar, ...]
    limit_seconds: float | None = None
    in_time: float | None = None
    standard: str = ""


@dataclass(frozen=True)
class Promises:
    """By channel; `policy` is the one in force, None before there is one."""

    by_channel: dict[str, Promise]
    policy: Policy | None
    calendars: tuple[Calendar, ...]


def promises_of(team: Team, channels: Iterable[str]) -> Promises:
    """Two queries. A channel without an inbox is known by its name and its team alone.

    A standard for all channels says nothing of calls and chats: nobody waits four hours on the telephone. Where a
    channel has no standard its hours are those of the others, else the policy's first, else always.
    """
    version_id = in_force_id()
    if version_id is None:
        return Promises({key: Promise((ANYWHERE,)) for key in channels}, None, ())
    policy = compiled(version_id)
    facts: dict[str, list[Facts]] = {}
    inboxes = Inbox.objects.filter(team__path__startswith=team.path, retired_at=None).select_related("team")
    for inbox in inboxes.order_by("id"):
        facts.setdefault(inbox.channel, []).append(
            Facts(
                channel=inbox.channel,
                priority="normal",
                region=inbox.region or None,
                language=inbox.language or None,
                team=inbox.team.key,
            )
        )
    usual = tuple(dict.fromkeys(match.calendar for each in facts.values() for match in _matches(policy, each)))
    usual = usual or (next((each for name, each in policy.hours.items() if name != "always"), ANYWHERE),)
    found = {}
    for key in channels:
        known = facts.get(key) or [Facts(channel=key, priority="normal", team=team.key)]
        matches = [each for each in _matches(policy, known) if _speaks_of(each, key)]
        found[key] = _promise(policy, matches) if matches else Promise(usual)
    return Promises(found, policy, usual)


def _matches(policy: Policy, known: Iterable[Facts]) -> Iterator[Match]:
    for facts in known:
        match = policy.standard_for(ClockKind.FIRST_RESPONSE, facts)
        if match is not None:
            yield match


def _speaks_of(match: Match, channel: str) -> bool:
    return channel not in AT_ONCE or match.standard.when.channel is not None


def _promise(policy: Policy, matches: list[Match]) -> Promise:
    first = min(matches, key=lambda match: match.standard.target)
    objective = policy.objectives.get(first.standard.objective)
    is_share = objective is not None and objective.kpi is Kpi.COMPLIANCE and objective.target.unit == "percent"
    return Promise(
        tuple(dict.fromkeys(match.calendar for match in matches)),
        first.standard.target.total_seconds(),
        min(0.999, objective.target.value / 100) if objective is not None and is_share else None,
        first.standard.key,
    )
