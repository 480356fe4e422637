"""Lots: balanced at every moment, the same whenever they are drawn again."""

from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.core.experiment import BLOCKS, is_treated

seeds = st.integers(0, 10**9).map(str)


@settings(max_examples=40)
@given(seed=seeds, stratum=seeds, percent=st.sampled_from(sorted(BLOCKS)), joined=st.integers(0, 30))
def test_the_arms_are_balanced_at_every_moment(seed: str, stratum: str, percent: int, joined: int) -> None:
    treated = sum(is_treated(seed, stratum, place, percent) for place in range(joined))
    wanted, size = BLOCKS[percent]
    assert wanted / size == percent / 100
    assert abs(treated - joined * percent / 100) <= wanted * (size - wanted) / size + 1e-9
    blocks = joined // size * size
    assert sum(is_treated(seed, stratum, place, percent) for place in range(blocks)) == blocks * percent // 100


def test_a_lot_is_drawn_once() -> None:
    first = [is_treated("seed", "gold", place, 50) for place in range(40)]
    assert first == [is_treated("seed", "gold", place, 50) for place in range(40)]
    assert first != [is_treated("another", "gold", place, 50) for place in range(40)]
    assert first != [is_treated("seed", "silver", place, 50) for place in range(40)]
