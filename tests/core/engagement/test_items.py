import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.core.engagement import Item, answers, engagement, uwes9

ITEMS = (Item("proud"), Item("tools"), Item("leaving", reverse=True))
NAN = np.nan
rows_of = st.lists(st.lists(st.one_of(st.just(NAN), st.integers(1, 5).map(float)), min_size=3, max_size=3), max_size=12)


def test_four_people() -> None:
    """docs/measures/engagement.md: favourable shares 1, 2/3, 1/2 and 0 of one's own answers: 54.17 %."""
    sums, faults = answers(np.array([[5, 4, 1], [4, 3, 2], [4, NAN, 3], [2, 1, 5], [NAN] * 3]), ITEMS)
    result = engagement(sums, ITEMS, coverage=0.5)
    assert (sums.respondents, sums.people, faults) == (5, 4, ())
    assert result.favourable.value == pytest.approx((1 + 2 / 3 + 1 / 2 + 0) / 4)
    assert result.mean.value == pytest.approx((14 / 3 + 11 / 3 + 7 / 2 + 4 / 3) / 4)
    assert (result.favourable.n, result.favourable.coverage) == (4, 0.5)
    proud, tools, leaving = result.items
    assert [item.favourable.value for item in result.items] == pytest.approx([3 / 4, 1 / 3, 2 / 4])
    assert (tools.favourable.n, leaving.distribution, proud.mean.value) == (3, (1, 1, 1, 0, 1), 3.75)


def test_an_answer_off_the_scale_is_reported_with_its_row() -> None:
    sums, faults = answers(np.array([[5, 6, 1], [4.5, 3, 0]]), ITEMS)
    assert [(fault.row, fault.item, fault.value) for fault in faults] == [
        (0, "tools", 6), (1, "proud", 4.5), (1, "leaving", 0),
    ]  # fmt: skip
    assert sums.distributions.sum() == 3
    with pytest.raises(ValueError, match=r"\(people, 3\)"):
        answers(np.ones((2, 2)), ITEMS)
    with pytest.raises(ValueError, match="2 items"):
        engagement(sums, ITEMS[:2])


def test_nobody_answered() -> None:
    result = engagement(answers(np.empty((0, 3)), ITEMS)[0], ITEMS)
    assert (result.favourable.value, result.mean.value, result.items[0].favourable.value) == (None, None, None)


def test_uwes_nine() -> None:
    """[6, 5, 5, 6, 4, 5, 6, 4, 3]: vigour 5, dedication 5.6667, absorption 4 (Schaufeli et al. 2006)."""
    score = uwes9([6, 5, 5, 6, 4, 5, 6, 4, 3])
    assert (score.vigour, score.absorption) == (5, 4)
    assert score.dedication == pytest.approx(5.666667, abs=1e-6)
    assert score.total == pytest.approx(44 / 9)
    missing = uwes9([6, None, 5, 6, 4, 5, 6, 4, 3])
    assert (missing.vigour, missing.total, missing.absorption) == (None, None, 4)
    for wrong in ([6] * 8, [7, *[6] * 8]):
        with pytest.raises(ValueError, match="nine answers"):
            uwes9(wrong)


@settings(deadline=None)
@given(rows_of, rows_of)
def test_groups_add_up_to_the_whole(one: list[list[float]], other: list[list[float]]) -> None:
    both = [np.array(rows).reshape(-1, 3) for rows in (one, other, one + other)]
    ours, theirs, whole = (answers(rows, ITEMS)[0] for rows in both)
    added, counted = engagement(ours + theirs, ITEMS), engagement(whole, ITEMS)
    for left, right in ((added.favourable, counted.favourable), (added.mean, counted.mean)):
        assert left.n == right.n
        assert (left.value, left.low, left.high) == pytest.approx((right.value, right.low, right.high), abs=1e-6)
    assert [item.favourable for item in added.items] == [item.favourable for item in counted.items]
