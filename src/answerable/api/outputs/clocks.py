"""Promises being kept or not, and how each is counted."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from answerable.api.outputs.references import REFERENCE, reference
from answerable.api.schema import (
    choice,
    flag,
    instant,
    listed,
    maybe,
    moment,
    named,
    number,
    record,
    shape,
    text,
    whole,
)
from answerable.desk.explanation import account_of
from answerable.desk.models import Clock

CLOCK = shape(
    "Clock",
    "A promise being kept or not: time counted from a question until its answer.",
    id=number(example=19),
    conversation=number("The conversation it runs in."),
    kind=choice("What is promised.", [kind.value for kind in Clock.Kind]),
    state=choice("How it stands. A cancelled one counts nowhere.", [state.value for state in Clock.State]),
    policy=whole("Number of the policy's version it began under.", 3, least=1),
    standard=text("Key of the standard in that version.", "email-first"),
    target_seconds=whole("Counted time that is promised at most.", 14400),
    team=REFERENCE.ref,
    agent=maybe(REFERENCE.ref),
    started_at=moment("Since when."),
    due_at=maybe(moment("When the time is over; null while it is paused.")),
    breached_at=maybe(moment("When it was over.")),
    stopped_at=maybe(moment("When it was answered.")),
    elapsed_seconds=maybe(whole("Counted time, once it has stopped.", 3600)),
)
SPAN = named(
    "ClockSpan",
    record(
        "A stretch of time.",
        start=moment("From."),
        end=moment("To."),
        counts=flag("Whether it counts towards the target.", True),
        reason=text("Why it counts or does not, in words.", "Open hours"),
        name=text("Of a holiday.", ""),
    ),
)
STEP = named(
    "EscalationStep",
    record(
        "A step of the escalation.",
        percent=whole("At how much of the target.", 75),
        words=text("What it does.", "Tell the team lead"),
        planned_at=maybe(moment("When it would fire.")),
        fired_at=maybe(moment("When it did.")),
        outcome=text("Whom it reached.", ""),
    ),
)
EXPLAINED = named(
    "ClockExplained",
    CLOCK.schema
    | {
        "description": "A clock, with everything it counted and why.",
        "properties": CLOCK.schema["properties"]
        | {
            "promise": text("The standard's sentence.", "We answer every e-mail within 4 working hours."),
            "reason": text("Why this standard applies.", "The channel is e-mail."),
            "hours": text("The hours that count.", "Working hours"),
            "time_zone": text("In which they are told.", "Europe/Riga"),
            "counted_seconds": whole("Counted until now, or until it stopped.", 3600),
            "spans": listed("Every stretch of time since it began.", SPAN.ref),
            "escalation": listed("Planned when it began.", STEP.ref),
        },
        "required": [
            *CLOCK.schema["required"],
            "promise",
            "reason",
            "hours",
            "time_zone",
            "counted_seconds",
            "spans",
            "escalation",
        ],
    },
)


def rows() -> "QuerySet[Clock]":
    """With all that `clock` shows: one query."""
    return Clock.objects.select_related("version", "team", "agent").defer("version__document")


def clock(row: Clock) -> dict[str, Any]:
    """One of `rows`."""
    return {
        "id": row.pk,
        "conversation": row.conversation_id,
        "kind": row.kind,
        "state": row.state,
        "policy": row.version.number,
        "standard": row.standard,
        "target_seconds": row.target_seconds,
        "team": reference(row.team),
        "agent": reference(row.agent),
        "started_at": instant(row.started_at),
        "due_at": instant(row.due_at),
        "breached_at": instant(row.breached_at),
        "stopped_at": instant(row.stopped_at),
        "elapsed_seconds": row.elapsed_seconds,
    }


def clock_explained(row: Clock, *, at: datetime) -> dict[str, Any]:
    """Accounted for until `at`, or until it stopped; words in the language of whoever asks."""
    account = account_of(row, at=at)
    return clock(row) | {
        "promise": account.sentence,
        "reason": account.reason,
        "hours": account.hours,
        "time_zone": account.time_zone,
        "counted_seconds": int(account.explanation.counted.total_seconds()),
        "spans": [
            {
                "start": instant(span.start),
                "end": instant(span.end),
                "counts": span.counts,
                "reason": span.words,
                "name": span.name,
            }
            for span in account.stretches
        ],
        "escalation": [
            {
                "percent": rung.percent,
                "words": str(rung.words),
                "planned_at": instant(rung.planned_at),
                "fired_at": instant(rung.fired_at),
                "outcome": rung.outcome,
            }
            for rung in account.rungs
        ],
    }
