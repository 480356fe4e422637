"""Conditions of `core.criteria` asked of conversations: by PostgreSQL for many, and as facts of one.

`me` among assignees is whoever asks. Times are seen from now, which is an argument; days are the company's.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any, TypeAlias

from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

from answerable.core.conditions import PRIORITIES
from answerable.core.criteria import DATES, SPANS, All, Check, Fact, Instant, Node, Not, Some, bound_of, checks
from answerable.core.rules.span import Span
from answerable.desk.hours import company_zone
from answerable.desk.models import Conversation
from answerable.desk.models.conversation import UNSOLVED, Priority
from answerable.web.numbers import key_in
from answerable.web.standing import Given

NEVER = Q(pk__in=[])
ALWAYS = ~NEVER
OWN_FIELD = "field:"
"""Before the number of a field of the company's own."""
LONGEST_HOURS = 24 * 366
ME = "me"
Me: TypeAlias = int | Given | None
"""Whoever asks: a key, or one that is given later to a standing query."""


def is_field(name: str) -> bool:
    """Whether conditions may speak of it."""
    known = name in COLUMNS or name in HOURS or name in TIMES or name in ("priority", "tag", "assignee", "snoozed")
    return known or bool(own(name))


def own(name: str) -> int | None:
    """The number of the company's own field that is meant, if one is."""
    return key_in(name.removeprefix(OWN_FIELD)) if name.startswith(OWN_FIELD) else None


COLUMNS = {
    "status": "status",
    "channel": "channel",
    "segment": "segment",
    "region": "region",
    "language": "language",
    "team": "team_id",
    "inbox": "inbox_id",
}
KEYS = frozenset({"team", "inbox"})
GOES_ON = Q(status__in=UNSOLVED, snoozed_until=None) | Q(status__in=UNSOLVED, snoozed_until__isnull=False)
"""Not solved yet: said so that an index leads to each half, and nothing looks through all that has been solved."""
HOURS: dict[str, tuple[str, int]] = {"waiting_hours": ("unanswered_since", -1), "due_hours": ("due_at", 1)}
"""Hours since the customer waits, and until the next promise falls due; each with which way its column counts. Of what
goes on: in a solved one nobody waits for anything."""
TIMES = {"created": "created_at", "asked": "asked_at", "solved": "solved_at", "due": "due_at"}
"""When it began, when the customer wrote last, when it was solved, when the next promise falls due."""
MOVED = ("created", "asked")
"""Since then it has had its last message, too."""
LONGEST_COUNTED = timedelta(days=31)


def condition(node: Node, *, me: Me, now: datetime) -> Q:
    """The rows of conversations that fit."""
    match node:
        case All(parts):
            return _joined(parts, ALWAYS, Q.__and__, me, now)
        case Some(parts):
            return _joined(parts, NEVER, Q.__or__, me, now)
        case Not(part):
            return ~condition(part, me=me, now=now)  # every test below is true or false, never NULL
        case Check():
            return _check(node, me, now)


def is_bounded(node: Node) -> bool:
    """Whether it only speaks of conversations that go on, or of the last weeks: few, however many there are."""
    if isinstance(node, All):
        return any(is_bounded(part) for part in node.parts)
    if not isinstance(node, Check):
        return False
    if node.field in HOURS or node.field == "due":
        return True
    if node.operator == "within":
        return Span.of(node.values[0]).shortest <= LONGEST_COUNTED
    return node.field == "status" and node.operator == "in" and set(node.values) <= set(UNSOLVED)


def speaks_of_times(node: Node) -> bool:
    """Whether its conditions are other ones a day later, or by another zone."""
    return any(check.field in HOURS or check.field in TIMES for check in checks(node))


def tells_time(node: Node) -> bool:
    """Whether what fits changes with time alone."""
    return any(check.field in HOURS or check.operator in SPANS for check in checks(node))


def facts(conversation: Conversation, *, me: int | None, now: datetime) -> dict[str, Fact]:
    """What is known of one, for `core.criteria.holds`."""
    known: dict[str, Fact] = {name: _texts(getattr(conversation, column)) for name, column in COLUMNS.items()}
    known["priority"] = [conversation.priority_key]
    known["tag"] = list(conversation.tags)
    known["assignee"] = _texts(conversation.assignee_id)
    if me is not None and conversation.assignee_id == me:
        known["assignee"] = [str(me), ME]
    known["snoozed"] = ["yes" if conversation.snoozed_until else "no"]
    zone = company_zone()
    known |= {name: Instant.of(instant_of(conversation, column), now, zone) for name, column in TIMES.items()}
    for name, (column, way) in HOURS.items():
        at = instant_of(conversation, column)
        known[name] = None if at is None else Decimal(str(way * (at - now) / timedelta(hours=1)))
    for key, value in conversation.details.items():
        known[f"{OWN_FIELD}{key}"] = value.split("\n")
    return known


def instant_of(conversation: Conversation, column: str) -> datetime | None:
    """Of TIMES or HOURS, what is in the column; in one that is solved nobody waits, and nothing falls due."""
    only_while_it_goes_on = column in ("unanswered_since", "due_at")
    at: datetime | None = getattr(conversation, column)
    return None if only_while_it_goes_on and not conversation.is_unsolved else at


def _texts(value: object) -> list[str]:
    return [] if value is None or value == "" else [str(value)]


def _joined(parts: tuple[Node, ...], start: Q, join: Callable[[Q, Q], Q], me: Me, now: datetime) -> Q:
    if not parts:
        return start
    found = condition(parts[0], me=me, now=now)
    for part in parts[1:]:
        found = join(found, condition(part, me=me, now=now))
    return found


def _check(check: Check, me: Me, now: datetime) -> Q:
    if check.field in HOURS:
        return _hours(check, now)
    if check.field in TIMES:
        return _time(check, now)
    if (number := own(check.field)) is not None:
        return _own(check, number)
    found = _among(check, me)
    return found if check.operator == "in" else ~found


def _among(check: Check, me: Me) -> Q:
    wanted = [value for value in check.values if value]
    if check.field == "tag":
        found = Q(tags__overlap=[value.lower() for value in wanted]) if wanted else NEVER
        return found | Q(tags=[]) if "" in check.values else found
    if check.field == "snoozed":
        asleep = {value == "yes" for value in wanted}
        return ALWAYS if len(asleep) == 2 else Q(snoozed_until__isnull=asleep == {False}) if asleep else NEVER
    if check.field == "priority":
        return Q(priority__in=[Priority(PRIORITIES.index(each) + 1) for each in wanted if each in PRIORITIES])
    if check.field == "assignee":
        keys = _keys(wanted)
        found = Q(assignee_id__in=keys) if keys else NEVER
        if ME in wanted and me is not None:
            found = found | Q(assignee=me) if keys else Q(assignee=me)
        return found | Q(assignee_id=None) if "" in check.values else found
    column = COLUMNS[check.field]
    if check.field == "status" and set(wanted) <= set(UNSOLVED):
        return Q(status__in=wanted) & GOES_ON
    if check.field in KEYS:
        return Q(**{f"{column}__in": _keys(wanted)})
    values: list[Any] = [*wanted, ""] if "" in check.values else wanted
    return Q(**{f"{column}__in": values})


def _keys(values: list[str]) -> list[int]:
    return [number for value in values if (number := key_in(value)) is not None]


def _hours(check: Check, now: datetime) -> Q:
    """`at_least` so many hours since, or until; one that is past is a negative number of hours until."""
    column, way = HOURS[check.field]
    hours = max(-LONGEST_HOURS, min(LONGEST_HOURS, float(check.number)))
    bound = now + way * timedelta(hours=hours)
    side = "gte" if (check.operator == "at_least") == (way > 0) else "lte"
    return Q(**{f"{column}__{side}": bound, f"{column}__isnull": False}) & GOES_ON


def _time(check: Check, now: datetime) -> Q:
    """One that is not known fits nothing."""
    if check.operator not in (*DATES, *SPANS):
        return NEVER
    zone: tzinfo = company_zone() if check.operator in DATES else UTC
    bound = bound_of(check.operator, check.values[0], now=now, zone=zone)
    is_after = check.operator in ("since", "within")
    column = TIMES[check.field]
    found = Q(**{f"{column}__{'gte' if is_after else 'lt'}": bound, f"{column}__isnull": False})
    if check.field == "due":
        found &= GOES_ON
    # So that an index leads there; by a day more, since messages may come in late.
    return found & Q(last_message_at__gte=bound - timedelta(days=1)) if is_after and check.field in MOVED else found


VALUE = "coalesce({table}.details ->> %s, '')"
AMONG = f"(string_to_array(lower({VALUE}), E'\\n') && %s::text[])".format(table="desk_conversation")
UNKNOWN = f"({VALUE} = '')".format(table="desk_conversation")
# A text that is no number compares with none.
NUMBER = (
    "(CASE WHEN desk_conversation.details ->> %s ~ '^-?[0-9]{{1,30}}([.][0-9]{{1,30}})?$'"
    " THEN (desk_conversation.details ->> %s)::numeric {sign} %s::numeric ELSE false END)"
)


def _own(check: Check, number: int) -> Q:
    """Of a field of the company's own: its values are lines of text."""
    key = str(number)
    if check.operator in ("at_least", "at_most"):
        sign = ">=" if check.operator == "at_least" else "<="
        return _sql(NUMBER.format(sign=sign), [key, key, check.values[0]])
    wanted = [value.lower() for value in check.values if value]
    found = _sql(AMONG, [key, wanted])
    if "" in check.values:
        found |= _sql(UNKNOWN, [key])
    return found if check.operator == "in" else ~found


def _sql(text: str, values: list[Any]) -> Q:
    return Q(RawSQL(text, values, output_field=BooleanField()))  # noqa: S611 (texts of ours, with parameters)
