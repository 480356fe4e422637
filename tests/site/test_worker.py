"""Loops and services: woken by the database, kept alive when they fail, stopped when asked."""

import threading
from collections.abc import Callable, Iterator

import pytest
from django.db import OperationalError, connection

from answerable.site import health
from answerable.site.worker import Loop, Outage, Pulse, Service, run
from tests.site.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)

Start = Callable[..., None]


@pytest.fixture
def start() -> Iterator[Start]:
    stop = threading.Event()
    threads: list[threading.Thread] = []

    def begin(*work: Loop | Service) -> None:
        threads.append(threading.Thread(target=run, args=("worker", work, stop), daemon=True))
        threads[0].start()

    yield begin
    stop.set()
    for thread in threads:
        thread.join(10)
        assert not thread.is_alive()
    until(lambda: listening() == 0, what="the end of the listener")


def listening() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'answerable worker'"
            " AND datname = current_database()"
        )
        return int(cursor.fetchone()[0])


def notify(channel: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [channel])


class Counted:
    """A run that counts itself, asks for `wanted`, and fails as often as told."""

    def __init__(self, wanted: float | None = None, failures: int = 0) -> None:
        self.runs, self.wanted, self.failures = 0, wanted, failures

    def __call__(self) -> float | None:
        self.runs += 1
        if self.runs <= self.failures:
            raise ValueError("told to fail")
        return self.wanted


def test_a_notification_wakes_its_loop_and_no_other(start: Start) -> None:
    called, other = Counted(), Counted()
    start(
        Loop("called", called, channel="called", poll_seconds=600),
        Loop("other", other, channel="other", poll_seconds=600),
    )
    until(lambda: listening() == 1 and called.runs)
    for _ in range(4):
        before = called.runs
        notify("called")
        until(lambda before=before: called.runs > before)  # type: ignore[misc]
    assert other.runs <= 2  # when it started, and once more for what was notified before it listened


def test_a_loop_runs_when_it_wants_to_and_at_least_at_its_interval(start: Start) -> None:
    soon, polled = Counted(wanted=0.01), Counted()
    start(Loop("soon", soon, poll_seconds=600), Loop("polled", polled, poll_seconds=0.01))
    until(lambda: soon.runs > 5 and polled.runs > 5)


def test_a_loop_that_fails_is_reported_and_tried_again(start: Start, caplog: pytest.LogCaptureFixture) -> None:
    failing, healthy = Counted(wanted=0.01, failures=1), Counted(wanted=0.01)
    start(Loop("failing", failing), Loop("healthy", healthy))
    until(lambda: failing.runs > 2 and healthy.runs > 5)
    assert "failing failed" in caplog.text
    assert "told to fail" in caplog.text


def test_a_service_that_ends_by_itself_is_started_again(start: Start, caplog: pytest.LogCaptureFixture) -> None:
    begun = []

    def serve(stop: threading.Event) -> None:
        begun.append(stop)
        if len(begun) > 1:
            stop.wait()

    start(Service("door", serve))
    until(lambda: len(begun) == 2)
    assert "door ended by itself" in caplog.text


def test_readiness_names_what_is_not_running(start: Start) -> None:
    assert health.readiness()["worker"] == "not running"
    start(Loop("idle", Counted()))
    until(lambda: health.readiness()["worker"] == "ok")
    well = dict.fromkeys(("database", "migrations", "disk", "worker"), "ok")
    assert health.readiness() == {**well, "mail": "not running"}


def test_readiness_says_when_the_disk_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "LEAST_FREE_BYTES", 2**63)
    assert " MB free in " in health.readiness()["disk"]


def test_a_run_that_takes_too_long_is_no_pulse() -> None:
    pulse = Pulse()
    with pulse.during("slow", 600):
        assert pulse.is_healthy()
    with pulse.during("stuck", 0):
        assert not pulse.is_healthy()
    assert pulse.is_healthy()


def test_failing_time_after_time_is_no_pulse_until_it_works_again() -> None:
    pulse = Pulse()
    for _ in range(3):
        assert pulse.is_healthy()
        with pytest.raises(ValueError, match="told to"), pulse.during("door"):
            raise ValueError("told to")
    assert not pulse.is_healthy()
    with pulse.during("door"):
        assert not pulse.is_healthy()
    assert pulse.is_healthy()


def test_a_database_that_is_away_is_said_once_and_once_that_it_is_back(caplog: pytest.LogCaptureFixture) -> None:
    outage = Outage()
    outage.is_over()
    for name in ("rules", "routing", "rules"):
        outage.note(name, OperationalError("connection refused\nIs it running?"))
    outage.is_over()
    outage.is_over()
    outage.note("tasks", OperationalError("gone"))
    assert [record.getMessage() for record in caplog.records] == [
        "rules: the database does not answer (connection refused)",
        "the database answers again, after 0 s",
        "tasks: the database does not answer (gone)",
    ]
