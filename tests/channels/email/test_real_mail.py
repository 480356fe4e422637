"""The real and the malicious mail in ../shared, through the real intake."""

from pathlib import Path

import pytest

from answerable.channels.email.listener import keep
from answerable.channels.email.models import Arrival
from answerable.desk.models import Message
from tests.cast import Cast
from tests.channels.email.letters import SUPPORT, decide

MAILS = Path(__file__).resolve().parents[4] / "shared" / "data" / "mail"
pytestmark = pytest.mark.shared


def test_every_real_mail_has_an_outcome(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    files = sorted(path for path in MAILS.rglob("*.txt") if path.is_file())
    if not files:
        pytest.skip(f"there is no real mail in {MAILS}")
    for path in files:
        keep(path.read_bytes(), door="smtp", envelope_from="somebody@example.net", envelope_to=[SUPPORT])
    decide()
    rows = Arrival.objects.order_by("pk")
    assert rows.count() == len(files)
    assert not rows.filter(outcome="").exists()
    # Nothing fails: what is put aside is so because a rule says so, in words of ours.
    reasons = rows.filter(outcome="quarantined").values_list("reason", flat=True)
    assert [reason for reason in reasons if "Error" in reason] == []
    assert not [record for record in caplog.records if record.exc_info]
    taken = rows.filter(outcome__in=("opened", "appended")).count()
    assert Message.objects.filter(kind="inbound", automatic=False).count() <= taken
    assert rows.filter(outcome="bounce").count() > 50  # flufl.bounce's collection
