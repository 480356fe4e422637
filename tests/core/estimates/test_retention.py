"""Retention, repeat purchase and cohorts. CDNOW: Fader and Hardie (2001), "Forecasting repeat sales at CDNOW"."""

from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.core.estimates import RETENTION, cohort_table, repeat_purchase, retention

CDNOW = Path(__file__).parents[4] / "shared" / "data" / "cdnow" / "CDNOW_master.txt"


def test_cdnow_keeps_under_half() -> None:
    """1997Q4 to 1998Q1: (3,817 - 1,863) / 4,221 = 46.29 %; without the new ones taken off, 90.43 % would come out."""
    kept = retention(4221, 3817, 1863)
    assert kept.value == pytest.approx(0.462923, abs=1e-6)
    assert (kept.low, kept.high) == pytest.approx((0.4479217, 0.4779926), abs=1e-6)  # statsmodels
    assert (kept.n, kept.definition) == (4221, RETENTION)
    assert retention(4221, 3817, 0).value == pytest.approx(0.904288, abs=1e-6)
    assert repeat_purchase(11516, 23570).value == pytest.approx(0.488587, abs=1e-6)


@pytest.mark.shared
@pytest.mark.skipif(not CDNOW.exists(), reason="the CDNOW purchases are not beside this clone")
def test_cdnow_from_its_rows() -> None:
    base, end, days = set(), set(), defaultdict(set)
    with CDNOW.open(encoding="ascii") as file:
        next(file)
        for line in file:
            customer, day = line.split()[:2]
            days[customer].add(day)
            if "19971001" <= day <= "19971231":
                base.add(customer)
            if "19980101" <= day <= "19980331":
                end.add(customer)
    assert (len(base), len(end), len(end - base)) == (4221, 3817, 1863)
    assert (sum(len(each) > 1 for each in days.values()), len(days)) == (11516, 23570)


def test_more_than_all_is_an_error_and_not_cut_off() -> None:
    with pytest.raises(ValueError, match="over 100 %: 120 at the end less 5 new are 115, but only 100"):
        retention(100, 120, 5)
    with pytest.raises(ValueError, match="over 100 %"):
        retention(100, 101, 0)
    assert retention(100, 105, 5).value == 1
    with pytest.raises(ValueError, match="9 new customers among 8"):
        retention(10, 8, 9)
    with pytest.raises(ValueError, match="negative"):
        retention(10, 8, -1)
    assert retention(0, 8, 8).value is None


@settings(deadline=None)
@given(st.sets(st.integers(0, 60)), st.sets(st.integers(0, 60)))
def test_retention_is_the_share_of_the_start_that_is_there_at_the_end(base: set[int], end: set[int]) -> None:
    kept = retention(len(base), len(end), len(end - base))
    assert kept.value == (len(base & end) / len(base) if base else None)


def test_a_cohort_table_stops_where_time_has() -> None:
    """docs/measures/retention.md: three months, of 10, 20 and 5 new customers."""
    table = cohort_table({0: 10, 1: 20, 2: 5}, {(0, 0): 10, (0, 1): 6, (1, 0): 20, (1, 1): 8, (2, 0): 5}, last=2)
    assert [[cell.value for cell in row] for row in table.cells] == [[1, 0.6, 0], [1, 0.4], [1]]
    assert [cell.value for cell in table.pooled] == pytest.approx([1, 14 / 30, 0])
    assert [cell.n for cell in table.pooled] == [35, 30, 10]
    assert cohort_table({}, {}, last=2).pooled == ()


@pytest.mark.parametrize(
    ("active", "message"),
    [
        ({(0, 1): 11}, "11 active at age 1 of 10"),
        ({(0, 3): 1}, "age 3 cannot be"),
        ({(0, -1): 1}, "age -1 cannot be"),
        ({(7, 0): 1}, "Cohort 7"),
    ],
)
def test_a_cohort_table_refuses_what_cannot_be(active: dict[tuple[int, int], int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        cohort_table({0: 10}, active, last=2)
    with pytest.raises(ValueError, match="Cohort 3 begins after"):
        cohort_table({3: 10}, {}, last=2)
