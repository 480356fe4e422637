import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.core.staffing import impatient_service, service


def test_forty_eight_a_minute_on_fifty() -> None:
    """48/min, mu 1/min, theta .5/min, n 50: P(wait) .467774, 3.0912 % give up, E[W] 3.7095 s.

    The setting of Garnett, Mandelbaum and Reiman (2002), Manufacturing & Service Operations Management 4:208-227.
    """
    found = impatient_service(48, 60, 60, 120, 50, 20)
    assert found.waiting == pytest.approx(0.467774, abs=1e-6)
    assert found.abandoning == pytest.approx(0.030912, abs=1e-6)
    assert found.mean_wait_seconds == pytest.approx(3.7095, abs=5e-5)
    assert found.occupancy == pytest.approx(48 * (1 - 0.030912) / 50, abs=1e-6)


def test_endless_patience_is_erlang_c() -> None:
    patient = impatient_service(100, 1800, 180, 1e9, 14, 20)
    endless = service(100, 1800, 180, 14, 20)
    assert patient.waiting == pytest.approx(endless.waiting, abs=1e-6)
    assert patient.service_level == pytest.approx(endless.service_level, abs=1e-6)
    assert patient.mean_wait_seconds == pytest.approx(endless.average_speed_of_answer_seconds, abs=1e-4)


def test_patience_as_long_as_handling_is_a_queue_without_end_of_agents() -> None:
    """theta = mu: the number in the system is Poisson with the load's mean, whatever the agents (M/M/infinity)."""
    from math import exp, factorial

    found = impatient_service(10, 60, 60, 60, 8, 0)
    free = sum(exp(-10) * 10**k / factorial(k) for k in range(8))
    assert found.waiting == pytest.approx(1 - free, abs=1e-12)
    assert found.service_level == pytest.approx(free, abs=1e-12)


def test_everybody_not_given_up_is_answered_in_the_end() -> None:
    found = impatient_service(60, 60, 60, 90, 50, 3600)
    assert found.service_level == pytest.approx(1 - found.abandoning, abs=1e-9)


def test_the_extremes() -> None:
    assert impatient_service(0, 60, 60, 60, 3, 20).service_level == 1
    assert impatient_service(1, 3600, 1, 60, 900, 20).waiting == 0
    flooded = impatient_service(60_000, 60, 60, 60, 3, 20)
    assert flooded.abandoning == pytest.approx(1 - 3 / 60_000, abs=1e-6)
    assert flooded.occupancy == pytest.approx(1, abs=1e-6)
    with pytest.raises(ValueError, match="longer than a million"):
        impatient_service(60_000, 60, 60, 1e9, 3, 20)
    with pytest.raises(ValueError, match="cannot be"):
        impatient_service(10, 60, 60, 0, 3, 20)


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 200), st.integers(1, 60), st.integers(5, 600), st.integers(0, 120))
def test_shares_are_shares_and_an_agent_more_helps(contacts: int, agents: int, patience: int, target: int) -> None:
    few, many = (impatient_service(contacts, 60, 45, patience, agents + more, target) for more in (0, 1))
    for found in (few, many):
        assert 0 <= found.waiting <= 1
        assert 0 <= found.abandoning <= found.waiting + 1e-12
        assert -1e-12 <= found.occupancy <= 1 + 1e-9
        assert 1 - found.waiting - 1e-9 <= found.service_level <= 1 - found.abandoning + 1e-9
    assert many.abandoning <= few.abandoning + 1e-12
    assert many.service_level >= few.service_level - 1e-9
