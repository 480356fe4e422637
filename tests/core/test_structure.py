"""The rules of the structure, on small companies drawn by hand and on random ones."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.core.calendar import Interval
from answerable.core.structure import Company, Finding, Held, Owned, Place, Structure, findings

TOP, SUPPORT, LATVIA, SALES = 1, 2, 3, 4
ADA, ALICE, BOB, CHARLIE, DANA = 11, 12, 13, 14, 15
PARENTS = {TOP: None, SUPPORT: TOP, LATVIA: SUPPORT, SALES: TOP}


def structure(*places: tuple[int, int, str]) -> Structure:
    return Structure(PARENTS, [Place(*place) for place in places])


def found(rule: str, company: Company) -> list[Finding]:
    return [finding for finding in findings(company) if finding.rule == rule]


def test_the_nearest_lead_above_leads() -> None:
    tree = structure(
        (ALICE, SUPPORT, "lead"), (BOB, LATVIA, "agent"), (DANA, LATVIA, "analyst"), (ADA, TOP, "administrator")
    )
    assert tree.leads_over(LATVIA) == {ALICE}
    assert tree.led == {ALICE: {BOB, DANA}}
    nearer = structure((ALICE, SUPPORT, "lead"), (BOB, LATVIA, "lead"), (DANA, LATVIA, "agent"))
    assert nearer.led == {ALICE: {BOB}, BOB: {DANA}}


def test_a_team_without_a_lead_is_told_with_those_in_it() -> None:
    company = Company(structure((ALICE, SUPPORT, "lead"), (BOB, LATVIA, "agent"), (CHARLIE, SALES, "agent")))
    assert found("no_lead", company) == [Finding("no_lead", teams=(SALES,), people=(CHARLIE,))]


def test_nobody_leads_themselves() -> None:
    assert structure((ALICE, SUPPORT, "lead"), (ALICE, SUPPORT, "agent")).led_by_themselves()
    assert structure((ALICE, SUPPORT, "lead"), (ALICE, LATVIA, "agent")).led_by_themselves()
    with_another = structure((ALICE, SUPPORT, "lead"), (ALICE, LATVIA, "agent"), (BOB, LATVIA, "lead"))
    assert not with_another.led_by_themselves()
    assert structure((ALICE, SUPPORT, "lead"), (ALICE, LATVIA, "lead")).led == {ALICE: frozenset()}


def test_the_span_of_control_has_two_ends() -> None:
    agents = [(100 + number, SUPPORT, "agent") for number in range(13)]
    wide = Company(structure((ALICE, SUPPORT, "lead"), (BOB, SALES, "lead"), (CHARLIE, SALES, "agent"), *agents))
    assert found("span_wide", wide) == [Finding("span_wide", teams=(SUPPORT,), people=(ALICE,), number=13, other=12)]
    assert found("span_narrow", wide) == [Finding("span_narrow", teams=(SALES,), people=(BOB,), number=1, other=5)]
    assert not found("span_wide", Company(structure((ALICE, SUPPORT, "lead"), *agents[:12])))


def test_what_hangs_on_one_person() -> None:
    held = [Held(BOB, "skill", "refunds", 2), Held(DANA, "skill", "refunds", 1), Held(DANA, "skill", "customs", 1)]
    company = Company(
        structure((BOB, LATVIA, "agent"), (DANA, LATVIA, "agent")),
        held=held,
        wanted=[("skill", "refunds"), ("skill", "customs")],
        demand={("skill", "refunds"): 7},
    )
    assert found("one_person", company) == [Finding("one_person", (), (BOB,), "skill", "refunds", 7)]
    assert found("nobody", company) == [Finding("nobody", (), (DANA,), "skill", "customs")]


def test_where_no_language_is_noted_only_that_is_said() -> None:
    company = Company(structure(), wanted=[("language", "lv"), ("language", "en")], demand={("language", "lv"): 3})
    assert findings(company) == [Finding("none_noted", kind="language", number=3)]


def test_what_nobody_owns() -> None:
    in_use = [("channel", "email"), ("channel", "phone"), ("segment", "gold")]
    owned = [Owned(SUPPORT, "channel", "email"), Owned(SALES, "channel", "phone")]
    company = Company(structure((BOB, LATVIA, "agent")), in_use=in_use, owned=owned)
    assert found("unowned", company) == [Finding("unowned", kind="segment", key="gold")]
    assert found("owned_by_nobody", company) == [Finding("owned_by_nobody", (SALES,), (), "channel", "phone")]


def test_demand_against_people_as_the_page_says() -> None:
    """The worked example of docs/howto/structure.md."""
    held = [Held(person, "language", "en", 3) for person in range(1, 8)] + [Held(8, "language", "ka", 3)]
    demand = {("language", "en"): 700, ("language", "ka"): 300}
    company = Company(Structure({}), held=held, demand=demand)
    assert found("heavy", company) == [Finding("heavy", (), (8,), "language", "ka", 300, 125)]
    little = Company(Structure({}), held=held, demand={("language", "en"): 10, ("language", "ka"): 19})
    assert not found("heavy", little)


def test_promised_hours_without_anybody() -> None:
    nine, ten, noon = (datetime(2026, 11, 23, hour, tzinfo=UTC) for hour in (9, 10, 12))
    gaps = {4: [Interval(nine, ten), Interval(noon, noon + timedelta(minutes=30))], 5: []}
    company = Company(Structure({}), uncovered=gaps)
    assert findings(company) == [Finding("uncovered", (4,), number=5400, other=nine.timestamp())]
    assert findings(replace(company, has_shifts=False)) == [Finding("no_shifts")]
    assert findings(Company(Structure({}), uncovered={5: []}, has_shifts=False)) == []


def test_a_circle_ends() -> None:
    assert list(Structure({1: 2, 2: 1}).line(1)) == [1, 2]


trees = st.lists(st.integers(0, 7), min_size=1, max_size=8).map(
    lambda parents: {team: (parent % team if team else None) for team, parent in enumerate(parents)}
)


@settings(max_examples=60, deadline=None)
@given(
    parents=trees,
    places=st.lists(
        st.tuples(st.integers(0, 5), st.integers(0, 7), st.sampled_from(["lead", "agent", "analyst"])), max_size=12
    ),
)
def test_leads_are_found_as_by_walking_up(parents: dict[int, int | None], places: list[tuple[int, int, str]]) -> None:
    tree = Structure(parents, [Place(*place) for place in places if place[1] in parents])
    for place in tree.places:
        team: int | None = place.team if place.role != "lead" else parents[place.team]
        leads: set[int] = set()
        while team is not None and not leads:
            leads = {each.person for each in tree.places if each.team == team and each.role == "lead"}
            team = parents[team]
        assert tree.leads_of(place) == leads
        assert all(place.person in tree.led[lead] for lead in leads - {place.person})
    assert all(lead not in people for lead, people in tree.led.items())
