"""SERVQUAL. Definitions: Parasuraman, Zeithaml and Berry (1988), Journal of Retailing 64:12-40."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.core.estimates import difference
from answerable.core.servqual import combined, instrument, mean_weights, servqual, sums

SMALL = instrument({"speed": 2, "care": 3}, 1, 5)
NAN = np.nan
# Published means of 386 customers, 1 to 5: tangibles, reliability, responsiveness, assurance, empathy.
EXPECTED = {"tangibles": 4.44, "reliability": 4.49, "responsiveness": 4.48, "assurance": 4.50, "empathy": 4.56}
PERCEIVED = {"tangibles": 4.19, "reliability": 4.36, "responsiveness": 4.35, "assurance": 4.32, "empathy": 4.40}
WEIGHTS = {"tangibles": 11.0, "reliability": 32.0, "responsiveness": 22.0, "assurance": 19.0, "empathy": 16.0}

halves = st.one_of(st.just(NAN), st.integers(1, 5).map(float))
persons = st.lists(st.tuples(*(st.lists(halves, min_size=5, max_size=5),) * 2), min_size=1, max_size=12)


def test_the_published_gaps() -> None:
    """n = 386: gaps -.25 -.13 -.13 -.18 -.16, mean -.1700, weighted 11/32/22/19/16 -.1575."""
    gaps = {name: PERCEIVED[name] - EXPECTED[name] for name in EXPECTED}
    assert list(gaps.values()) == pytest.approx([-0.25, -0.13, -0.13, -0.18, -0.16], abs=1e-9)
    assert combined(gaps) == pytest.approx(-0.1700, abs=1e-9)
    assert combined(gaps, WEIGHTS) == pytest.approx(-0.1575, abs=1e-9)


def test_the_published_gaps_by_way_of_answers() -> None:
    """The same from answers whose means are the published ones, on the published form at 1 to 5."""
    asked = instrument(low=1, high=5)
    spread = np.repeat([EXPECTED[dimension.name] for dimension in asked.dimensions], [4, 5, 4, 4, 5])
    perceived = np.repeat([PERCEIVED[dimension.name] for dimension in asked.dimensions], [4, 5, 4, 4, 5])
    shift = np.linspace(-0.3, 0.3, 11)[:, None]
    found, faults = sums(spread + shift, perceived - shift, asked)
    result = servqual(found, asked, weights=WEIGHTS)
    assert faults == ()
    assert [each.whole.gap.value for each in result.dimensions] == pytest.approx([-0.25, -0.13, -0.13, -0.18, -0.16])
    assert result.unweighted.value == pytest.approx(-0.1700, abs=1e-9)
    assert result.weighted is not None
    assert result.weighted.value == pytest.approx(-0.1575, abs=1e-9)
    assert [each.weight for each in result.dimensions] == [11, 32, 22, 19, 16]
    assert [(each.what, each.found, each.standard) for each in result.departures] == [("scale", "1-5", "1-7")]


def test_dimension_means_come_first() -> None:
    """docs/measures/servqual.md: who answered one item of a dimension weighs as much as who answered all."""
    expectation = np.array([[5, 5, 4, 4, 4], [5, NAN, 5, 5, 5], [4, 4, NAN, NAN, NAN]])
    perception = np.array([[3, 4, 4, 5, NAN], [2, 1, 5, 4, 3], [4, 4, 2, NAN, NAN]])
    found, faults = sums(expectation, perception, SMALL)
    result = servqual(found, SMALL, weights={"speed": 70, "care": 30})
    speed, care = result.dimensions
    assert speed.whole.gap.value == pytest.approx((-1.5 - 3 + 0) / 3)
    assert care.whole.gap.value == pytest.approx((0.5 - 1) / 2)
    assert (speed.whole.gap.n, care.whole.gap.n, result.unweighted.n) == (3, 2, 2)
    assert [each.gap.value for each in speed.items] == pytest.approx([-5 / 3, -0.5])
    assert [each.gap.n for each in (*speed.items, *care.items)] == [3, 2, 2, 2, 1]
    assert result.halves == (0, 1, 1, 0, 1)
    assert result.unweighted.value == pytest.approx((-1.5 - 0.25) / 2)
    assert result.weighted is not None
    assert result.weighted.value == pytest.approx(0.7 * -1.5 + 0.3 * -0.25)
    assert faults == ()


def test_an_answer_off_the_scale_is_reported_with_its_row_and_drops_its_pair() -> None:
    expectation, perception = np.full((2, 5), 4.0), np.full((2, 5), 3.0)
    expectation[1, 2], perception[0, 4] = 6, 0
    found, faults = sums(expectation, perception, SMALL)
    assert [(fault.row, fault.item, fault.half, fault.value) for fault in faults] == [
        (0, "care_3", "perception", 0),
        (1, "care_1", "expectation", 6),
    ]
    care = servqual(found, SMALL).dimensions[1]
    assert [each.gap.n for each in care.items] == [1, 2, 1]
    assert found.halves == (0, 0, 1, 0, 1)


def test_alpha_is_of_each_dimension_and_kind() -> None:
    """The five answers of a dimension all move together: alpha is 1; nothing moves in the gaps: not defined."""
    rows = np.array([[1.0], [2.0], [4.0], [5.0]]) * np.ones(5)
    care = servqual(sums(rows, rows, SMALL)[0], SMALL).dimensions[1]
    assert care.expectation_alpha.value == pytest.approx(1)
    assert care.perception_alpha.value == pytest.approx(1)
    assert care.gap_alpha.value is None


def test_nobody_answered() -> None:
    result = servqual(sums(np.empty((0, 5)), np.empty((0, 5)), SMALL)[0], SMALL)
    assert (result.unweighted.value, result.dimensions[0].whole.gap.value, result.weighted) == (None, None, None)
    with pytest.raises(ValueError, match=r"\(persons, 5\)"):
        sums(np.empty((2, 5)), np.empty((2, 4)), SMALL)


def test_gaps_of_unlike_forms_are_not_compared() -> None:
    other = instrument({"speed": 2, "care": 3}, 1, 7)
    rows = np.full((3, 5), 4.0)
    ours, theirs = (servqual(sums(rows, rows, asked)[0], asked).unweighted for asked in (SMALL, other))
    with pytest.raises(ValueError, match="cannot be compared"):
        difference(ours, theirs)


def test_weights_sum_to_a_hundred() -> None:
    found, _ = sums(np.full((2, 5), 4.0), np.full((2, 5), 3.0), SMALL)
    for wrong in ({"speed": 70.0, "care": 29.0}, {"speed": 110.0, "care": -10.0}):
        with pytest.raises(ValueError, match="sum to 100"):
            servqual(found, SMALL, weights=wrong)
    with pytest.raises(ValueError, match="dimensions are speed, care"):
        servqual(found, SMALL, weights={"speed": 100.0})


def test_respondents_points_are_averaged_and_wrong_ones_reported() -> None:
    points = np.array([[60, 40], [80, 20], [50, 49], [NAN, NAN], [100, NAN], [120, -20]])
    weights, faults = mean_weights(points, ("speed", "care"))
    assert weights == pytest.approx({"speed": 70, "care": 30})
    assert [(fault.row, fault.total) for fault in faults] == [(2, 99), (4, 100), (5, 100)]
    assert mean_weights(points[2:3], ("speed", "care"))[0] is None


@settings(deadline=None, max_examples=60)
@given(persons, persons)
def test_sums_of_groups_add_up_and_agree_with_the_rows(one: list, other: list) -> None:
    """Rows by hand, person by person, against the sums of two groups added."""
    both = [(np.array([pair[half] for pair in rows]).reshape(-1, 5)) for rows in (one, other) for half in (0, 1)]
    added = servqual(sums(both[0], both[1], SMALL)[0] + sums(both[2], both[3], SMALL)[0], SMALL)
    assert added.respondents == len(one) + len(other)
    for dimension, columns in zip(added.dimensions, SMALL.columns, strict=True):
        own = []
        for wants, gets in one + other:
            gaps = [got - want for want, got in zip(wants[columns], gets[columns], strict=True)]
            gaps = [gap for gap in gaps if gap == gap]
            own += [sum(gaps) / len(gaps)] if gaps else []
        assert dimension.whole.gap.n == len(own)
        if own:
            gap, wanted, got = dimension.whole.gap, dimension.whole.expectation, dimension.whole.perception
            assert gap.value == pytest.approx(np.mean(own))
            assert gap.value == pytest.approx(got.value - wanted.value)
            assert -4 <= gap.value <= 4
