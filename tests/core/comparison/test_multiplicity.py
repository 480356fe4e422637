import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.core.comparison import benjamini_hochberg, holm, p_of, verdicts
from answerable.core.estimates import Definition, Difference, difference, promoters_difference, share

OF_TESTS = Definition("of.tests", 1)
# Benjamini and Hochberg (1995), JRSS B 57:289-300, section 3.2: fifteen tests of a trial.
TRIAL = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0,
]  # fmt: skip
ps = st.dictionaries(st.text(max_size=3), st.floats(0, 1), max_size=12)


def test_the_trial_of_benjamini_and_hochberg() -> None:
    """Four stand at .05 by their method, three by Bonferroni's (and Holm's); statsmodels agrees to all digits."""
    named = {str(number): p for number, p in enumerate(TRIAL)}
    rate = list(benjamini_hochberg(named).values())
    assert sum(p < 0.05 for p in rate) == 4
    assert rate[:5] == pytest.approx([0.0015, 0.003, 0.0095, 0.035625, 0.0603], abs=1e-9)
    assert rate[5:9] == pytest.approx([0.06385714, 0.06385714, 0.0645, 0.0765], abs=1e-8)
    family = list(holm(named).values())
    assert sum(p < 0.05 for p in family) == 3
    assert family[:6] == pytest.approx([0.0015, 0.0056, 0.0247, 0.114, 0.2211, 0.278], abs=1e-9)


def test_order_is_kept_and_wrong_ones_refused() -> None:
    assert holm({"b": 0.02, "a": 0.01}) == {"b": 0.02, "a": 0.02}
    assert benjamini_hochberg({}) == {}
    with pytest.raises(ValueError, match=r"b 1\.2"):
        holm({"a": 0.5, "b": 1.2})


def test_a_group_must_stand_out_among_all_that_were_looked_at() -> None:
    """Twenty teams of 100, one of which (90 against 80 %) alone would look distinguishable: together it is not."""
    parts = {f"team {number}": 80 for number in range(20)} | {"team 3": 90}
    total = sum(parts.values())
    differences = {
        name: difference(share(part, 100, OF_TESTS), share(total - part, 1900, OF_TESTS))
        for name, part in parts.items()
    }
    assert differences["team 3"].verdict == "distinguishable"
    found = verdicts(differences)
    assert found["team 3"].p == pytest.approx(0.010274, abs=1e-6)
    assert {verdict.word for verdict in found.values()} == {"not distinguishable"}
    assert verdicts({"team 3": differences["team 3"]})["team 3"].word == "distinguishable"
    nobody = difference(share(0, 0, OF_TESTS), share(1, 2, OF_TESTS))
    assert verdicts({"new": nobody}, method="benjamini-hochberg")["new"].word == "unknown"


def test_a_z_test_brings_its_own_p() -> None:
    assert p_of(promoters_difference((60, 20, 20), (50, 30, 20))) == pytest.approx(0.371093, abs=1e-6)


def test_a_p_from_an_interval() -> None:
    """Altman and Bland (2011), BMJ 343:d2304, log ratio -.211, interval -.408 to -.014: p = .035 (they print .03)."""
    found = p_of(Difference(-0.211, -0.408, -0.014, "", "score"))
    assert found == pytest.approx(0.0358, abs=1e-3)
    assert p_of(Difference(0.0, -1.0, 1.0, "", "score")) == 1
    assert p_of(Difference(2.0, 2.0, 2.0, "", "score")) == 0
    assert p_of(Difference(2.0, None, 3.0, "", "score")) is None


@settings(deadline=None)
@given(ps)
def test_adjusting_only_raises_and_keeps_the_order(raw: dict[str, float]) -> None:
    family, rate = holm(raw), benjamini_hochberg(raw)
    for name, p in raw.items():
        assert p <= rate[name] <= 1 or rate[name] == pytest.approx(p)
        assert rate[name] <= family[name] + 1e-12
    for adjusted in (family, rate):
        ordered = [adjusted[name] for name in sorted(raw, key=lambda name: raw[name])]
        assert ordered == sorted(ordered)


@settings(deadline=None)
@given(st.integers(0, 80), st.integers(0, 80))
def test_p_and_the_interval_say_the_same(one: int, other: int) -> None:
    found = difference(share(one, 80, OF_TESTS), share(other, 80, OF_TESTS))
    p = p_of(found)
    assert p is not None
    assert (p < 0.05) == found.distinguishable
