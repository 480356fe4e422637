"""A team's week: channels together, required against rostered, one more and one fewer."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.core.staffing import agents_needed, heads, patient_agents_needed, service, slots_to_agents
from answerable.core.staffing.week import Demand, Team, Week

HOUR = 3600.0
OFFICE = tuple(HOUR if 9 <= hour < 17 and day < 5 else 0.0 for day in range(7) for hour in range(24))


def flat(number: float) -> tuple[float, ...]:
    return tuple(number if opened else 0.0 for opened in OFFICE)


def calls(number: float, **more: object) -> Demand:
    return Demand(flat(number), OFFICE, 180, 20, 0.8, waits=False, **more)  # type: ignore[arg-type]


def mails(number: float) -> Demand:
    return Demand(flat(number), OFFICE, 600, 4 * HOUR, 0.9, waits=True)


def test_an_hour_of_calls_is_the_reference() -> None:
    """200 calls an hour of 180 s: 14 agents keep 80 % within 20 s, 20 heads at a shrinkage of 30 %."""
    week = Week({"phone": calls(200)}, flat(20), Team(0.3, 1.0))
    assert week.at_work_needed["phone"][9] == 14
    assert week.required[9] == 20
    assert week.required[8] == 0
    found = week.interval(9)["phone"]
    assert found.in_time == pytest.approx(0.888350, abs=1e-6)
    assert found.occupancy == pytest.approx(0.714286, abs=1e-6)
    assert week.expected()["phone"].in_time == pytest.approx(0.888350, abs=1e-6)
    # 19 heads are 13.3 at work: between what 13 and what 14 do.
    low, high = (service(200, HOUR, 180, agents, 20).service_level for agents in (13, 14))
    assert week.interval(9, -1)["phone"].in_time == pytest.approx(0.7 * low + 0.3 * high)
    assert week.expected(-1)["phone"].in_time == pytest.approx(0.7 * low + 0.3 * high)


def test_patience_needs_fewer_and_chats_are_led_several_at_once() -> None:
    patient = patient_agents_needed(200, HOUR, 180, 120, 20, 0.8)
    assert patient.service_level >= 0.8
    assert patient.agents < agents_needed(200, HOUR, 180, 20, 0.8).agents
    assert (slots_to_agents(14, 1), slots_to_agents(14, 3), slots_to_agents(0, 3)) == (14, 5, 0)
    week = Week({"chat": calls(200, at_once=3)}, flat(5), Team(0.0, 1.0))
    assert week.required[9] == 5
    assert week.interval(9)["chat"].in_time == pytest.approx(service(200, HOUR, 180, 15, 20).service_level)
    by_a = Week({"phone": calls(200, patience_seconds=120)}, flat(14), Team(0.0, 1.0))
    assert by_a.required[9] == patient.agents


def test_calls_come_first_and_mail_gets_the_rest() -> None:
    week = Week({"phone": calls(60), "email": mails(6)}, flat(7), Team(0.0, 1.0))
    at_work = {key: each.at_work for key, each in week.interval(9).items()}
    assert at_work == {"phone": week.at_work_needed["phone"][9], "email": 7 - week.at_work_needed["phone"][9]}
    nobody = Week({"phone": calls(60), "email": mails(6)}, flat(0), Team(0.0, 1.0))
    assert nobody.expected()["phone"].in_time == 0
    assert nobody.expected()["email"].in_time == 0
    assert nobody.expected()["email"].growth == pytest.approx(6 * 40)
    assert nobody.gaps[9] == nobody.required[9]


def test_what_comes_while_closed_waits_or_is_lost() -> None:
    night = tuple(3.0 for _hour in OFFICE)
    mail = Demand(night, OFFICE, 60, 4 * HOUR, 0.9, waits=True)
    call = Demand(night, OFFICE, 60, 20, 0.8, waits=False)
    found = Week({"email": mail, "phone": call}, flat(3), Team(0.0, 1.0)).expected()
    assert [found["email"].contacts, found["email"].outside] == pytest.approx([504, 0])
    assert [found["phone"].contacts, found["phone"].outside] == pytest.approx([120, 384])
    closed = Demand(night, (0.0,) * 168, 60, 4 * HOUR, 0.9, waits=True)
    assert Week({"email": closed}, flat(3), Team(0.0, 1.0)).expected()["email"].in_time == 0


@settings(deadline=None, max_examples=30)
@given(
    st.floats(0, 120), st.floats(0, 30), st.sampled_from([0.0, 0.12, 0.3]), st.sampled_from([0.7, 0.85, 1.0]),
    st.sampled_from([None, 90.0]), st.integers(1, 3),
)  # fmt: skip
def test_who_is_required_keeps_every_promise(
    called: float, wrote: float, shrinkage: float, occupancy: float, patience: float | None, at_once: int
) -> None:
    demands = {"phone": calls(called, patience_seconds=patience, at_once=at_once), "email": mails(wrote)}
    plan = Week(demands, flat(0), Team(shrinkage, occupancy))
    week = Week(demands, tuple(map(float, plan.required)), Team(shrinkage, occupancy))
    for key, demand in demands.items():
        found = week.expected()[key]
        assert found.in_time is None or found.in_time >= demand.in_time - 1e-6
        assert found.occupancy <= 1 + 1e-9
        more = week.expected(1)[key].in_time
        assert more is None or found.in_time is None or more >= found.in_time - 1e-9
    assert max(week.gaps) <= 0
    assert heads(2.5, 0.0) == 3
