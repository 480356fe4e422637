from datetime import date

import pytest

from answerable.core.comparison import Published, Refusal, Standing, compare, compare_all
from answerable.core.estimates import CSAT, Definition, Estimate, net_promoter_score, share

ON = date(2026, 6, 30)
OURS = share(85, 100, CSAT)  # .767164 to .906940


def published(value: float = 0.86, **changed: object) -> Published:
    told: dict[str, object] = {
        "value": value, "unit": "share", "statistic": CSAT.name, "scope": "live chat",
        "until": date(2025, 12, 31), "source": "a yearbook",
    }  # fmt: skip
    return Published(**{**told, **changed})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "standing"),
    [(0.86, Standing.ALIKE), (0.767, Standing.ABOVE), (0.907, Standing.BELOW), (0.768, Standing.ALIKE)],
)
def test_inside_our_interval_is_not_distinguishable(value: float, standing: Standing) -> None:
    found = compare(OURS, published(value), {"live chat"}, ON)
    assert (found.refusals, found.standing) == ((), standing)
    assert found.difference == pytest.approx(0.85 - value)


@pytest.mark.parametrize(
    ("changed", "refusals"),
    [
        ({"statistic": "csat.thumbs"}, (Refusal.STATISTIC,)),
        ({"statistic": "acsi.index", "unit": "score"}, (Refusal.STATISTIC, Refusal.UNIT)),
        ({"scope": "US grocery"}, (Refusal.SCOPE,)),
    ],
)
def test_unlike_figures_are_not_compared(changed: dict[str, object], refusals: tuple[Refusal, ...]) -> None:
    """An index is no top-two-box share, thumbs up neither, and other people's customers are not ours."""
    found = compare(OURS, published(**changed), {"live chat", "all"}, ON)
    assert (found.refusals, found.standing, found.difference) == (refusals, None, None)


def test_queue_wait_is_not_first_response_nor_a_mean_a_median() -> None:
    median = Estimate(3000, 2000, 4000, 90, 0.9, Definition("first_response.p50.kaplan_meier", 1), "", "seconds")
    for statistic in ("queue_wait.mean", "first_response.mean.responders"):
        told = published(48, unit="seconds", statistic=statistic)
        assert compare(median, told, {"live chat"}, ON).refusals == (Refusal.STATISTIC,)


@pytest.mark.parametrize(
    ("until", "on", "months", "stale"),
    [
        (date(2024, 6, 30), date(2026, 6, 30), 24, False),
        (date(2024, 6, 29), date(2026, 6, 30), 24, True),
        (date(2024, 2, 29), date(2026, 2, 28), 24, False),
        (date(2024, 2, 29), date(2026, 3, 1), 24, True),
        (date(2026, 5, 31), date(2026, 6, 30), 1, False),
        (date(2026, 5, 31), date(2026, 6, 29), 0, False),
        (date(2012, 3, 31), date(2026, 6, 30), 171, True),
    ],
)
def test_older_than_two_years_is_said(until: date, on: date, months: int, stale: bool) -> None:
    found = compare(OURS, published(until=until), {"live chat"}, on)
    assert (found.months_old, found.stale) == (months, stale)


def test_a_figure_from_the_future_is_refused() -> None:
    with pytest.raises(ValueError, match="lies ahead"):
        compare(OURS, published(until=date(2026, 7, 1)), {"live chat"}, ON)


def test_what_our_data_do_not_bound_is_not_claimed() -> None:
    nobody = net_promoter_score(0, 0, 0)
    told = published(30, unit="points", statistic="nps")
    assert compare(nobody, told, {"live chat"}, ON).standing == Standing.UNKNOWN
    longer_than = Estimate(None, 20, None, 9, 0.3, CSAT, "", "share")
    assert compare(longer_than, published(10), {"live chat"}, ON).standing == Standing.ABOVE
    assert compare(longer_than, published(30), {"live chat"}, ON).standing == Standing.UNKNOWN


def test_those_that_hold_come_newest_first_and_the_others_tell_why() -> None:
    held, refused = compare_all(
        OURS,
        [
            published(until=date(2020, 1, 31)),
            published(unit="points", scope="space"),
            published(),
            published(scope="space"),
        ],
        {"live chat"},
        ON,
    )
    assert [each.months_old for each in held] == [6, 77]
    assert [each.refusals for each in refused] == [(Refusal.SCOPE,), (Refusal.UNIT, Refusal.SCOPE)]
