from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answerable.core.servqual import Dimension, Instrument, instrument, short_form

PUBLISHED = instrument()


def test_the_published_form() -> None:
    assert len(PUBLISHED.items) == 22
    assert [(each.name, len(each.items)) for each in PUBLISHED.dimensions] == [
        ("tangibles", 4), ("reliability", 5), ("responsiveness", 4), ("assurance", 4), ("empathy", 5),
    ]  # fmt: skip
    assert PUBLISHED.departures == ()
    assert PUBLISHED.definition("gap").name == "servqual.gap"
    assert [PUBLISHED.items[columns][0] for columns in PUBLISHED.columns][-1] == "empathy_1"


def test_another_form_is_accepted_and_said() -> None:
    other = instrument({"tangibles": 4, "reliability": 5, "responsiveness": 4, "assurance": 4, "tone": 3}, 0, 10)
    assert [(each.what, each.found, each.standard) for each in other.departures] == [
        ("pairs", "20", "22"),
        ("scale", "0-10", "1-7"),
        ("empathy", "0", "5"),
        ("tone", "3", "0"),
    ]
    assert other.definition("gap").name == "servqual[4+5+4+4+3 0-10].gap"


def test_a_form_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="no items in care"):
        Instrument((Dimension("care", ()),))
    with pytest.raises(ValueError, match="a stands in the instrument twice"):
        Instrument((Dimension("care", ("a", "a")),))
    with pytest.raises(ValueError, match="no length"):
        instrument(low=7, high=7)
    with pytest.raises(ValueError, match="any dimension"):
        Instrument(())


@given(st.integers(0, 999), st.integers(1, 6))
def test_a_short_form_asks_every_item_equally_often(start: int, per_dimension: int) -> None:
    """Over 20 successive respondents, the least common multiple of 4 and 5."""
    forms = [short_form(start + step, PUBLISHED, per_dimension) for step in range(20)]
    assert all(len(set(form)) == len(form) for form in forms)
    for dimension in PUBLISHED.dimensions:
        asked = Counter(item for form in forms for item in form if item in dimension.items)
        assert set(asked) == set(dimension.items)
        assert len(set(asked.values())) == 1


def test_two_respondents_with_two_items_each_cover_a_dimension_of_four() -> None:
    both = {*short_form(0, PUBLISHED, 2), *short_form(1, PUBLISHED, 2)}
    assert set(PUBLISHED.dimensions[0].items) <= both


def test_a_short_form_needs_a_number_and_an_item() -> None:
    assert short_form(0, PUBLISHED) == (
        "tangibles_1", "reliability_1", "responsiveness_1", "assurance_1", "empathy_1",
    )  # fmt: skip
    for number, size in ((-1, 1), (0, 0)):
        with pytest.raises(ValueError, match="short form"):
            short_form(number, PUBLISHED, size)
