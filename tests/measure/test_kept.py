"""Each promise by itself says what the report says of all of them together."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.core.estimates import wilson
from answerable.measure.figure import Figure
from answerable.measure.kept import Promise, kept_promises
from answerable.measure.period import Period
from answerable.measure.report import build_report
from tests.measure.desks import AS_OF, at, conversation, facts

MARCH = Period(date(2026, 3, 1), date(2026, 4, 1))
KINDS = ("first_response", "next_response", "resolution")


def clock(number: int, kind: str, standard: str | None, day: str, state: str, due_in: int | None) -> dict[str, object]:
    started = at(f"{day} 10:00")
    return {
        "conversation_id": number,
        "kind": kind,
        "standard": standard,
        "started_at": started,
        "state": state,
        "due_at": None if due_in is None else started + due_in,
        "stopped_at": started + 60 if state == "met" else None,
        "elapsed_business_seconds": 60 if state == "met" else None,
        "target_seconds": 3600,
    }


def test_kept_counted_and_drawn_by_week() -> None:
    """Two of three that fell due in March; the one of February stands before, and one is not due yet."""
    rows = [
        clock(1, "first_response", "soon", "2026-03-02", "met", 3600),
        clock(2, "first_response", "soon", "2026-03-03", "met", 3600),
        clock(3, "first_response", "soon", "2026-03-10", "breached", 3600),
        clock(4, "first_response", "soon", "2026-03-11", "running", AS_OF),
        clock(5, "first_response", "soon", "2026-02-20", "met", 3600),
        clock(6, "resolution", "soon", "2026-03-10", "breached", 3600),
    ]
    found = kept_promises(facts([conversation(n, "2026-03-01 09:00") for n in range(1, 7)], clocks=rows), MARCH)
    assert set(found) == {Promise("first_response", "soon"), Promise("resolution", "soon")}
    soon = found[Promise("first_response", "soon")]
    assert soon.figure.counts == {"met": 2, "missed": 1, "not_due": 1}
    assert (soon.estimate.low, soon.estimate.high) == wilson(2, 3)
    assert (soon.before.n, soon.before.value) == (1, 1.0)
    assert soon.figure.selection.key == "soon"
    values = {piece.since: piece.estimate.value for piece in soon.trend}
    assert values[date(2026, 3, 2)] == 1.0
    assert values[date(2026, 3, 9)] == 0.0
    assert values[date(2026, 3, 16)] is None
    assert soon.trend[0].until == date(2026, 3, 2)


CLOCKS = st.lists(
    st.tuples(
        st.sampled_from(KINDS),
        st.sampled_from(["soon", "gold", None]),
        st.dates(date(2026, 1, 20), date(2026, 3, 31)).map(str),
        st.sampled_from(["met", "breached", "running", "paused", "cancelled"]),
        st.sampled_from([3600, AS_OF, None]),
    ),
    max_size=20,
)


@settings(max_examples=30, deadline=None)
@given(CLOCKS)
def test_the_parts_are_the_reports_groups_and_add_up(drawn: list[tuple[str, str | None, str, str, int | None]]) -> None:
    rows = [clock(number, *each) for number, each in enumerate(drawn)]
    desk = facts([conversation(number, "2026-01-19 09:00") for number in range(len(rows))], clocks=rows)
    found = kept_promises(desk, MARCH)
    report = build_report(desk, since=MARCH.since, until=MARCH.until, group_by=("week",))
    for kind in KINDS:
        groups = report.indicators[f"{kind}_compliance"].groups["standard"]
        theirs = {group.key: group.figure for group in groups if group.key is not None}
        ours = {each.standard: kept.figure for each, kept in found.items() if each.kind == kind}
        assert {key: _plain(figure) for key, figure in theirs.items()} == {
            key: _plain(figure) for key, figure in ours.items() if sum(figure.counts.values())
        }
    for kept in found.values():
        assert sum(piece.estimate.n for piece in kept.trend) == kept.estimate.n
        assert kept.trend[0].since == MARCH.since
        assert kept.trend[-1].until == MARCH.until
        assert all(piece.until - piece.since <= timedelta(days=7) for piece in kept.trend)


def _plain(figure: Figure) -> tuple[object, ...]:
    return figure.estimate, figure.counts
