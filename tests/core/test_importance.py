import pytest

from answerable.core.importance import Quadrant, crosshair, quadrants

IMPORTANCE = {"speed": 6.0, "care": 6.5, "offices": 3.0, "forms": 2.5}
PERFORMANCE = {"speed": 3.0, "care": 6.0, "offices": 6.0, "forms": 2.0}


def test_four_attributes_one_in_each_quadrant() -> None:
    """Martilla and James (1977), Journal of Marketing 41:77-79."""
    found = quadrants(IMPORTANCE, PERFORMANCE, crosshair(IMPORTANCE, PERFORMANCE))
    assert (found.crosshair.importance, found.crosshair.performance, found.crosshair.rule) == (4.5, 4.25, "mean")
    assert found.attributes == {
        "speed": Quadrant.CONCENTRATE,
        "care": Quadrant.KEEP,
        "offices": Quadrant.OVERKILL,
        "forms": Quadrant.LOW_PRIORITY,
    }


def test_the_crosshair_decides_and_a_line_counts_as_above() -> None:
    medians = crosshair(IMPORTANCE, PERFORMANCE, "median")
    assert (medians.importance, medians.performance, medians.rule) == (4.5, 4.5, "median")
    same = quadrants({"a": 1.0}, {"a": 1.0}, crosshair({"a": 1.0}, {"a": 1.0}))
    assert same.attributes == {"a": Quadrant.KEEP}


def test_both_axes_are_needed_of_every_attribute() -> None:
    with pytest.raises(ValueError, match="forms lacks one"):
        quadrants(IMPORTANCE, {**dict(list(PERFORMANCE.items())[:3])}, crosshair(IMPORTANCE, PERFORMANCE))
    with pytest.raises(ValueError, match="got mode of 4"):
        crosshair(IMPORTANCE, PERFORMANCE, "mode")
    with pytest.raises(ValueError, match="mean of 0"):
        crosshair({}, {})
