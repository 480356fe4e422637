"""The same report on DuckDB and on a real cluster of Spark; and what is said where there is none."""

from __future__ import annotations

import csv
import socket
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner

from answerable.core.policy import default_policy
from answerable.measure import behind, cluster
from answerable.measure.document import document
from answerable.measure.document.data import plain
from answerable.measure.facts import Facts, write_parquet
from answerable.measure.figure import Selection
from answerable.measure.measuring import DESK
from answerable.measure.question import Question
from answerable.measure.report import build_report
from answerable.measure.study import Study, study
from answerable.site.commands.report import command
from tests.measure.clusters import running
from tests.measure.desks import AS_OF, at, table

pytestmark = [pytest.mark.servers, pytest.mark.slow]

DAY_ONE = datetime(2025, 1, 6, 8, tzinfo=UTC)
DAYS = 430  # so long that the trend is by month
TEAMS = ("Care", "Orders", "Care", "")
CHANNELS = ("email", "chat", "phone")
SELECTIONS = (
    ("first_response", "waiting"), ("resolution", "ended"), ("csat", "dissatisfied"), ("reopened", "reopened"),
    ("nps", "detractors"), ("ces", "low"), ("servqual", "all"),
)  # fmt: skip
QUIETLY = """
spark.driver.host 127.0.0.1
spark.driver.bindAddress 127.0.0.1
spark.executor.memory 512m
spark.sql.shuffle.partitions 2
spark.sql.adaptive.enabled false
spark.sql.codegen.wholeStage false
spark.sql.codegen.factoryMode NO_CODEGEN
spark.driver.extraJavaOptions {options}
spark.executor.extraJavaOptions {options}
"""


def write(path: Path, rows: list[list[Any]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return path


def files(folder: Path) -> tuple[Path, ...]:
    """Conversations, all surveys and purchases of fourteen months, with mistakes that people make."""
    random = Random(7)

    def day() -> date:
        return (DAY_ONE + timedelta(days=random.randrange(DAYS))).date()

    def who() -> list[str]:
        return [random.choice(TEAMS), random.choice(CHANNELS)]

    tickets: list[list[Any]] = [
        ["Ticket ID", "Created at", "First responded at", "Solved at", "Team", "Channel", "CSAT", "Reopens", "Spam"]
    ]
    for number in range(300):
        begun = DAY_ONE + timedelta(minutes=random.randrange(DAYS * 1440))
        answered = begun + timedelta(minutes=round(random.lognormvariate(5, 1.5)))
        solved = answered + timedelta(minutes=round(random.lognormvariate(7, 1)))
        if number % 50 == 49:
            answered = begun - timedelta(hours=1)
        tickets.append(
            [number, begun, "" if number % 9 == 8 else answered, "" if number % 7 == 6 else solved, *who(),
             random.choice(["", 1, 2, 4, 5, 5]), random.choice([0, 0, 0, 1, 2]), random.random() < 0.05]
        )  # fmt: skip
    tickets.append([999, "yesterday, or so", "", "", "Care", "email", 3, 0, False])
    head = ["respondent", "date", "team", "channel"]
    nps = [[*head, "NPS: would you recommend us?"]]
    nps += [[each, day(), *who(), random.choice([0, 6, 7, 9, 10, 10])] for each in range(150)]
    ces = [[*head, "CES: the company made it easy"]]
    ces += [[each, day(), *who(), random.randint(1, 7)] for each in range(120)]
    names = [f"{dimension} {item}" for dimension in ("reliability", "empathy") for item in (1, 2, 3)]
    halves = [f"{half} {name}" for half in ("expectation", "perception") for name in names]
    servqual = [[*head, *halves, "weight reliability", "weight empathy"]]
    for each in range(80):
        points = random.choice([(60, 40), (50, 50), (70, 40)])
        servqual.append([each, day(), *who(), *(random.choice([*range(1, 8), ""]) for _ in halves), *points])
    staff = [["date", "team", "engagement 1", "engagement 2", "eNPS"]]
    staff += [
        [day(), random.choice(TEAMS[:2]), random.randint(1, 5), random.choice(["", 3, 4, 5]), random.randint(0, 10)]
        for _ in range(90)
    ]
    orders = [["customer", "date", "amount", "segment"]]
    orders += [[random.randrange(60), day(), random.choice([20, 35, -5]), random.choice(["gold", ""])]
               for _ in range(400)]  # fmt: skip
    return (
        write(folder / "tickets.csv", tickets), write(folder / "nps.csv", nps), write(folder / "ces.csv", ces),
        write(folder / "servqual.csv", servqual), write(folder / "staff.csv", staff),
        write(folder / "orders.csv", orders),
    )  # fmt: skip


def clocks() -> list[dict[str, Any]]:
    """Promises of two kinds over three months, kept and broken."""
    random = Random(8)
    rows = []
    for number in range(200):
        begun = at("2026-02-01 00:00") + random.randrange(89 * 86_400)
        state = random.choice(["met", "met", "breached", "running", "cancelled", "odd"])
        rows.append(
            {
                "conversation_id": number, "kind": random.choice(["first_response", "resolution"]), "started_at": begun,
                "team_id": 1 + number % 2, "team": TEAMS[number % 2], "channel": random.choice(CHANNELS),
                "standard": "mail", "promise": "We answer e-mail within 4 working hours.", "target_seconds": 14_400,
                "state": state, "due_at": begun + 14_400, "stopped_at": begun + 9_000 if state == "met" else None,
                "elapsed_business_seconds": 9_000 if state == "met" else None,
            }
        )  # fmt: skip
    return rows


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Study, Study]]:
    """A study of the same files, counted by DuckDB and by a master with two workers."""
    pytest.importorskip("pyspark", reason="Spark is not installed: make test installs it")
    folder = tmp_path_factory.mktemp("spark")
    (folder / "policy.toml").write_text(default_policy(time_zone="Europe/Riga"), "utf-8")
    asked = {"files": files(folder), "hours": folder / "policy.toml", "by": ("team", "channel")}
    with pytest.MonkeyPatch.context() as patch, running(folder / "cluster", QUIETLY, patch) as address:
        for patience in ("STARTED_SECONDS", "STAFFED_SECONDS"):  # a machine that tests much else meanwhile
            patch.setattr(cluster, patience, 600.0)
        with study(Question(**asked)) as here, study(Question(**asked, engine=address, exchange=folder)) as there:
            yield here, there
        assert not list(folder.glob("answerable-spark-*")), "something is left in the directory that is shared"


def leaves(value: Any, path: str = "") -> dict[str, Any]:
    """What stands in JSON values, by where it stands."""
    if isinstance(value, dict):
        return {name: leaf for key, each in value.items() for name, leaf in leaves(each, f"{path}/{key}").items()}
    if isinstance(value, (list, tuple)):
        every = {name: leaf for at, each in enumerate(value) for name, leaf in leaves(each, f"{path}/{at}").items()}
        return {**every, f"{path}/length": len(value)}
    return {path: value}


def same(here: Any, there: Any) -> None:
    """Both hold the same figures, to nine digits."""
    one, other = leaves(here), leaves(there)
    assert set(one) == set(other)
    numbers = {name for name, value in one.items() if isinstance(value, (int, float))}
    assert {name: other[name] for name in numbers} == pytest.approx(
        {name: one[name] for name in numbers}, rel=1e-9, abs=1e-9
    )
    assert {name: other[name] for name in set(one) - numbers} == {name: one[name] for name in set(one) - numbers}


def test_every_figure_by_month_team_and_channel_is_the_same(both: tuple[Study, Study]) -> None:
    here, there = (each.report.as_dict() for each in both)
    assert set(here["indicators"]) == {
        "csat", "nps", "ces", "first_response", "resolution", "retention", "servqual", "engagement", "reopened",
        "refunds",
    }  # fmt: skip
    assert {"month", "team", "channel"} <= set(here["indicators"]["csat"]["groups"])
    assert here["errors"]
    same(here, there)


def test_what_stands_around_the_figures_is_the_same(both: tuple[Study, Study]) -> None:
    here, there = both
    assert (here.waits, here.arrivals) == (there.waits, there.arrivals)
    drivers = [each.driving and each.driving.drivers for each in both]
    assert None not in drivers
    same(*(asdict(each) for each in drivers if each))
    sections = [[(each["key"], each["title"]) for each in plain(document(one, "en"))["sections"]] for one in both]
    assert sections[0] == sections[1]


def test_the_rows_behind_a_figure_are_the_same(both: tuple[Study, Study]) -> None:
    period = both[0].report.period
    for kpi, outcome in SELECTIONS:
        selection = Selection(kpi, period.since, period.until, period.zone, outcome=outcome)
        listed = behind.answers if kpi in ("nps", "ces", "servqual") else behind.conversations
        rows = [listed(each.facts, selection, limit=20).to_pylist() for each in both]
        assert rows[0] == rows[1]
        assert rows[0]


def test_promises_kept_are_the_same(both: tuple[Study, Study], tmp_path: Path) -> None:
    rows = table("clocks", clocks())
    write_parquet("clocks", rows, tmp_path / "clocks.parquet")
    engine = both[1].facts.engine
    there = Facts.from_engine(engine, {"clocks": engine.read_parquet(str(tmp_path / "clocks.parquet"))}, as_of=AS_OF)
    reports = [
        build_report(each, since=date(2026, 3, 1), until=date(2026, 5, 1), group_by=("month", "team", "channel"),
                     measures=DESK).as_dict()
        for each in (Facts.from_arrow({"clocks": rows}, as_of=AS_OF), there)
    ]  # fmt: skip
    assert set(reports[0]["indicators"]) > {"first_response_compliance", "resolution_compliance"}
    same(*reports)


@pytest.mark.parametrize("engine", ["sparks://master:7077", "spark://master", "spark://a b:1", "pandas"])
def test_an_engine_that_is_none(engine: str) -> None:
    done = CliRunner().invoke(command, ["tickets.csv", "--engine", engine])
    assert done.exit_code == 2
    assert "spark://HOST:PORT" in done.output


def test_a_master_that_does_not_answer_is_said_before_anything_is_read() -> None:
    pytest.importorskip("pyspark", reason="Spark is not installed: make test installs it")
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"spark://127.0.0.1:{closed.getsockname()[1]}"
        with pytest.raises(cluster.NoCluster, match="Nobody answers at spark://127"):
            study(Question((Path("nowhere.csv"),), engine=address))


def test_without_java_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pytest.importorskip("pyspark", reason="Spark is not installed: make test installs it")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(cluster.NoCluster, match="apt-get install openjdk-17-jre-headless"):
        cluster.Cluster.connect("spark://127.0.0.1:7077")
