"""From facts as delivered to what every question of the report needs, once, when facts are opened.

Each prepared table has `at`, the instant a row counts on (the customer wrote, was asked); `error`, the number
of the data error that keeps it out of its measure (0: none); and the groups. `as_of` closes what is open.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from answerable.measure.period import DAY
from answerable.measure.words import gettext_noop

if TYPE_CHECKING:
    import ibis.expr.types as ir

GROUPS = ("team_id", "team", "channel", "segment", "region", "language", "priority")
RECOMMEND = "enps"  # what the item of an engagement survey is called that is asked from 0 to 10
BEYOND = 1_000_000.0  # every scale, and what fits a whole number
LONGEST = 60 * 365 * 86_400  # so that every wait fits 32 bits
COUNTED, SPAM, MERGED, NOT_BY_CUSTOMER = range(4)

WAIT_ERRORS = (
    gettext_noop("ended before it started"),
    gettext_noop("started after the facts were taken"),
    gettext_noop("negative business time"),
    gettext_noop("more business time than time"),
    gettext_noop("longer than sixty years"),
)
CLOCK_ERRORS = (
    gettext_noop("unknown state"),
    gettext_noop("stopped before it started"),
    gettext_noop("stopped after the facts were taken"),
    gettext_noop("negative elapsed time"),
    gettext_noop("due before it started"),
    gettext_noop("met, though longer than promised"),
)
ANSWER_ERRORS = (
    gettext_noop("an answer off the scale"),
    gettext_noop("answered after the facts were taken"),
)
DATELESS = gettext_noop("no date, where other answers have one")
ACTIVITY_ERRORS = (gettext_noop("after the facts were taken"),)
RETURN_ERRORS = (gettext_noop("an amount given back below zero"), gettext_noop("after the facts were taken"))
RATING_ERRORS = (
    gettext_noop("score outside 1 to 5"),
    gettext_noop("a score without an answer"),
    gettext_noop("answered before it was asked"),
)
STATES = ("running", "paused", "met", "breached")


def conversations(rows: ir.Table, as_of: int) -> ir.Table:
    """`standing` says whether a conversation counts, or why not. Per wait: ended, settled (over without having
    ended: solved without an answer), calendar and business seconds (to the end, to the solution where it was
    settled, or to `as_of`), and its error. Business time is null where unknown, and of what was imported."""
    import ibis

    standing = ibis.cases(
        (rows.spam, SPAM),
        (rows.merged_into.notnull(), MERGED),
        ((rows.opened_by == "customer") & rows.started_at.notnull(), COUNTED),
        else_=NOT_BY_CUSTOMER,
    )
    imported = rows.imported.fill_null(False)
    waits: dict[str, ir.Value] = {}
    for name, ended_at in (("first_response", rows.first_responded_at), ("resolution", rows.solved_at)):
        settled = ended_at.isnull() & rows.solved_at.notnull()
        over_at = ended_at.fill_null(rows.solved_at)
        counted = settled.ifelse(rows.resolution_business_seconds, rows[f"{name}_business_seconds"])
        business = imported.ifelse(ibis.null("int64"), counted)
        calendar = over_at.fill_null(as_of) - rows.started_at
        wrong = (
            over_at < rows.started_at,
            rows.started_at > as_of,
            business < 0,
            business > calendar,
            calendar > LONGEST,
        )
        waits |= {
            f"{name}_ended": ended_at.notnull(),
            f"{name}_settled": settled,
            f"{name}_calendar": calendar,
            f"{name}_business": business,
            f"{name}_error": _first(*wrong),
        }
    return rows.select(
        "conversation_id",
        *GROUPS,
        at=rows.started_at,
        standing=standing.cast("int8"),
        reopened=(rows.reopened_count > 0).fill_null(False),
        imported=imported,
        **waits,
    )


def clocks(rows: ir.Table, as_of: int) -> ir.Table:
    """Clocks that are not cancelled. `due`: the promise is decided or its time has come; `met`: and kept."""
    elapsed, met = rows.elapsed_business_seconds, rows.state == "met"
    wrong = (
        ~rows.state.isin(STATES).fill_null(False),
        rows.stopped_at < rows.started_at,
        rows.stopped_at > as_of,
        elapsed < 0,
        rows.due_at < rows.started_at,
        met & (elapsed > rows.target_seconds),
    )
    due = (rows.due_at <= as_of).fill_null(False) | (rows.state == "breached") | (met & rows.due_at.isnull())
    shown = ("state", "due_at", "elapsed_business_seconds", "standard", "promise")
    rows = rows.select(
        "conversation_id", "kind", *GROUPS, *shown,
        at=rows.started_at, due=due, met=due & met, error=_first(*wrong),
    )  # fmt: skip
    return rows.filter((rows.state != "cancelled").fill_null(True))


def ratings(rows: ir.Table, as_of: int) -> ir.Table:
    """Invitations, and whether they were answered."""
    wrong = (
        (rows.score < 1) | (rows.score > 5),
        rows.score.notnull() & rows.rated_at.isnull(),
        rows.rated_at < rows.invited_at,
    )
    return rows.select(
        "conversation_id", "agent_id", "agent", *GROUPS, "score", "rated_at",
        at=rows.invited_at, answered=rows.rated_at.notnull(), error=_first(*wrong),
    )  # fmt: skip


def ratings_of_surveys(rows: ir.Table, as_of: int) -> ir.Table:
    """Answers to the CSAT question of a survey, as ratings of no conversation."""
    import ibis

    rows = rows.filter((rows.instrument == "csat") & (rows.part == "score"))
    wrong = (
        (rows.value < 1) | (rows.value > 5) | (rows.value != whole(rows.value)),
        ibis.literal(False),
        ibis.literal(False),
    )
    return rows.select(
        conversation_id=ibis.null(str), agent_id=ibis.null(str), agent=ibis.null(str),
        **{group: rows[group] for group in GROUPS},
        score=whole(rows.value), rated_at=rows["at"], at=rows["at"],
        answered=ibis.literal(True), error=_first(*wrong),
    )  # fmt: skip


def all_ratings(rows: ir.Table, answers: ir.Table, as_of: int) -> ir.Table:
    """Ratings of conversations, and of surveys."""
    rated, surveyed = ratings(rows, as_of), ratings_of_surveys(answers, as_of)
    return rated.union(surveyed.select(**{name: surveyed[name].cast(kind) for name, kind in rated.schema().items()}))


def answers(rows: ir.Table, as_of: int) -> ir.Table:
    """Answers of all instruments but CSAT, each with its error."""
    import ibis

    def outside(low: int, high: int) -> ir.BooleanValue:
        return (rows.value < low) | (rows.value > high) | (rows.value != whole(rows.value))

    off = ibis.cases(
        (rows.part == "weight", rows.value.abs() > BEYOND),
        (rows.instrument == "nps", outside(0, 10)),
        (rows.instrument == "ces", outside(1, 7)),
        (rows.instrument == "engagement", recommending(rows).ifelse(outside(0, 10), outside(1, 5))),
        else_=rows.value != whole(rows.value),
    )
    rows = rows.filter(rows.instrument != "csat")
    return rows.mutate(error=_first(off, rows["at"] > as_of))


def whole(value: ir.FloatingValue) -> ir.IntegerValue:
    """The whole number nearest to an answer; of one beyond every scale, another number."""
    import ibis

    return ibis.greatest(ibis.least(value, BEYOND), -BEYOND).round()


def recommending(rows: ir.Table) -> ir.BooleanValue:
    """Whether an answer of an engagement survey is to the question of recommending."""
    return rows.item.cast("string").lower().contains(RECOMMEND)


def activity(rows: ir.Table, as_of: int) -> ir.Table:
    """What customers did, each with its error. `day` is local, so a day more than as_of's in UTC may be."""
    return rows.mutate(error=_first(rows.day > as_of // DAY + 1))


def returns(rows: ir.Table, as_of: int) -> ir.Table:
    """What came back, each with its error."""
    wrong = (rows.refund < 0).fill_null(False) | (rows.compensation < 0).fill_null(False)
    return rows.mutate(error=_first(wrong, rows["at"] > as_of))


def _first(*conditions: ir.BooleanValue) -> ir.IntegerValue:
    """The number, from 1, of the first condition that holds; 0 where none does. One that is null does not hold."""
    import ibis

    branches = [(condition, number) for number, condition in enumerate(conditions, start=1)]
    return ibis.cases(*branches, else_=0).cast("int8")


PREPARED = {
    "conversations": conversations,
    "clocks": clocks,
    "ratings": ratings,
    "answers": answers,
    "activity": activity,
    "returns": returns,
}
