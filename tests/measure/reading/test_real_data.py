"""Published data sets, where they are: their published figures."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from answerable.measure.reading import read
from answerable.measure.report import build_report

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"
HELP_DESK, CDNOW = SHARED / "helpdesk_italian" / "finale.csv", SHARED / "cdnow" / "CDNOW_master.txt"
pytestmark = pytest.mark.shared


@pytest.mark.skipif(not HELP_DESK.exists(), reason="the help desk log is not beside the repository")
def test_the_italian_help_desk() -> None:
    """Polato 2017: 4,580 cases, 21,348 events, 226 variants; both medians by lifelines 0.30."""
    with read([HELP_DESK], activities={"answered": ["Take in charge ticket"]}) as found:
        assert found.counts == {"events": 21_348, "conversations": 4_580}
        assert found.variants() == 226
        assert found.bad_count == 0
        assert found.files[0].mapping.proxies
        report = build_report(
            found.facts(), since=date(2009, 1, 1), until=date(2015, 1, 1), clock="calendar", compare_to=None
        )
    first = report.indicators["first_response"].total
    assert (first.counts["ended"], first.counts["waiting"]) == (4_285, 295)
    assert first.estimate.value == pytest.approx(1_200.4833333 * 60, rel=1e-6)
    assert first.beside["naive_p50"].value == pytest.approx(983.3833333 * 60, rel=1e-6)


@pytest.mark.skipif(not CDNOW.exists(), reason="the CDNOW data are not beside the repository")
def test_cdnow() -> None:
    """Fader and Hardie 2001: who bought in 1997Q4 and again in 1998Q1."""
    with read([CDNOW]) as found:
        assert found.counts == {"activity": 69_659}
        bought = found.relation("activity").query(
            "bought",
            "SELECT DISTINCT customer, DATE '1970-01-01' + CAST(day AS INTEGER) AS day FROM bought",
        )
        quarter = "SELECT DISTINCT customer FROM bought WHERE day BETWEEN '{}' AND '{}'"
        start, end = quarter.format("1997-10-01", "1997-12-31"), quarter.format("1998-01-01", "1998-03-31")
        before, after, new = bought.query(
            "bought",
            f"SELECT (SELECT count(*) FROM ({start})), (SELECT count(*) FROM ({end})), "
            f"(SELECT count(*) FROM ({end}) WHERE customer NOT IN ({start}))",
        ).fetchall()[0]
    assert (before, after, new) == (4_221, 3_817, 1_863)
    assert (after - new) / before == pytest.approx(0.4629, abs=5e-5)
