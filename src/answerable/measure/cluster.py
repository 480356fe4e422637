"""A session of Spark on somebody's cluster, in which the engine's facts are counted. See docs/adr.

with Cluster.connect("spark://master:7077", folder) as cluster:
    facts = reading.facts(cluster)  # written to `folder` as Parquet, which the workers read

Spark is no part of what Answerable needs: pyspark comes with `answerable[spark]`, and Java from the system.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerable.core.said import Said, Wrong, gettext_noop, of_system
from answerable.measure import scratch

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa
    from ibis.backends import BaseBackend

ADDRESS = re.compile(r"spark://(?P<host>\[[0-9A-Fa-f:.]+\]|[^\s:/,@\[\]]+):(?P<port>[0-9]{1,5})")
REACHED_SECONDS = 5.0
STARTED_SECONDS = 180.0
STAFFED_SECONDS = 60.0
LOG = "spark.log"
UNSEEN = ("PATH_NOT_FOUND", "FILE_NOT_EXIST", "FileNotFoundException", "AccessControlException", "Permission denied")
PACKAGES = gettext_noop("Spark needs the package pyspark: pip install 'answerable[spark]'.")
JAVA = gettext_noop("Spark needs Java 17 or newer: on Debian, apt-get install openjdk-17-jre-headless.")


class NoCluster(Wrong):
    """A cluster that cannot be used, in a sentence that says what would help."""


@dataclass(slots=True)
class Cluster:
    """A session on a cluster. `folder` is a directory of ours that its workers see, too."""

    engine: BaseBackend
    folder: Path
    _session: Any
    _gateway: Any

    @classmethod
    def connect(cls, address: str, exchange: Path | None = None) -> Cluster:
        """A session with at least one worker, and a directory for it, in `exchange` where that is given.

        Raises NoCluster where something is not installed, nobody answers (within seconds), no worker is free, or
        the directory cannot be written.
        """
        import ibis

        _check_installed()
        _reach(address)
        try:
            folder = scratch.make(prefix="answerable-spark-", within=exchange)
        except OSError as error:
            shut = gettext_noop("{path}: facts for Spark cannot be written there ({error}).")
            raise NoCluster(Said(shut, path=str(exchange), error=of_system(error))) from error
        if exchange is not None:  # workers may run as somebody else: ours is as open as the directory it stands in
            folder.chmod(0o700 | exchange.stat().st_mode & 0o077)
        gateway = None
        try:
            gateway = _start_java(address, folder)
            session = _start_session(address, gateway, folder)
            return cls(ibis.pyspark.connect(session), folder, session, gateway)
        except BaseException:
            _end_java(gateway)
            scratch.remove(folder)
            raise

    def tables(self, paths: Mapping[str, Path]) -> dict[str, ir.Table]:
        """Parquet files in `folder` as tables. Raises NoCluster where the workers do not see them."""
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException

        try:
            for name, path in paths.items():
                self._session.read.parquet(path.absolute().as_uri()).createOrReplaceTempView(name)
        except (PySparkException, Py4JError) as error:
            raise _explained(error) from error
        return {name: self.engine.table(name) for name in paths}

    def close(self) -> None:
        """End the session, its Java, and the directory."""
        from py4j.protocol import Py4JError

        try:
            with suppress(Py4JError):  # where the session has broken off, that was said already
                self._session.stop()
        finally:
            _end_java(self._gateway)
            scratch.remove(self.folder)

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def rows(engine: BaseBackend, expression: ir.Table) -> pa.Table:
    """The rows of an expression, counted by the cluster, as Arrow. Raises NoCluster where that breaks off."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        return engine.raw_sql(engine.compile(expression)).toArrow()
    except (PySparkException, Py4JError) as error:
        raise _explained(error) from error


def _check_installed() -> None:
    """Raises NoCluster, saying what to install."""
    if find_spec("pyspark") is None:
        raise NoCluster(PACKAGES)
    home = os.environ.get("JAVA_HOME")
    if shutil.which(str(Path(home, "bin", "java")) if home else "java") is None:
        raise NoCluster(JAVA)


def _reach(address: str) -> None:
    """Raises NoCluster where nobody listens: Spark itself would try for a minute."""
    found = ADDRESS.fullmatch(address)
    if found is None or not 0 < int(found["port"]) < 65536:
        unlike = gettext_noop("{address} is not the address of a Spark master, such as spark://master:7077.")
        raise NoCluster(Said(unlike, address=address))
    try:
        socket.create_connection((found["host"].strip("[]"), int(found["port"])), REACHED_SECONDS).close()
    except OSError as error:
        said = error.strerror or str(error)
        silent = gettext_noop("Nobody answers at {address} ({error}). Is the master running there?")
        raise NoCluster(Said(silent, address=address, error=said)) from error


def _start_java(address: str, folder: Path) -> Any:
    """Spark's driver in a Java of its own; what it says goes to a file and not among what a command prints."""
    from pyspark import SparkConf
    from pyspark.errors import PySparkException
    from pyspark.java_gateway import launch_gateway

    settings = {
        "spark.master": address,
        "spark.app.name": "answerable report",
        "spark.ui.enabled": "false",
        "spark.driver.maxResultSize": "0",
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.warehouse.dir": (folder / "warehouse").as_uri(),
    }
    conf = SparkConf(loadDefaults=False).setAll(list(settings.items()))
    with (folder / LOG).open("wb") as log:
        try:
            return launch_gateway(conf, {"stdout": log, "stderr": subprocess.STDOUT, "cwd": folder})
        except PySparkException as error:
            dead = gettext_noop("Spark does not start ({error}).")
            found = Said(dead, error=_last_word(folder))
            raise NoCluster(Said("{problem} {remedy}", problem=found, remedy=Said(JAVA))) from error


def _start_session(address: str, gateway: Any, folder: Path) -> Any:
    """A session that a worker has joined."""
    import pyspark
    from py4j.protocol import Py4JError
    from pyspark import SparkContext
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    giving_up = threading.Timer(STARTED_SECONDS, gateway.proc.kill)
    giving_up.daemon = True
    giving_up.start()
    on_ctrl_c = signal.getsignal(signal.SIGINT)
    try:
        context = SparkContext(gateway=gateway)
        session = SparkSession(context)
        _wait_for_worker(context, address)
    except (PySparkException, Py4JError, OSError) as error:
        shut = gettext_noop(
            "{address} does not take us in ({error}). Does it run Spark {version}, as this machine does, and can its "
            "workers reach this machine?"
        )
        last = _last_word(folder)
        raise NoCluster(Said(shut, address=address, error=last, version=pyspark.__version__)) from error
    finally:
        giving_up.cancel()
        if threading.current_thread() is threading.main_thread():  # where Spark has put its own in its place
            signal.signal(signal.SIGINT, on_ctrl_c)
    return session


def _wait_for_worker(context: Any, address: str) -> None:
    """Return once a worker has lent us a process. Raises NoCluster where none does."""
    spark = context._jsc.sc()  # the number of executors is known to Spark's Java interface alone
    until = time.monotonic() + STAFFED_SECONDS
    while len(list(spark.statusTracker().getExecutorInfos())) < 2:  # the driver is one of them
        if time.monotonic() > until:
            full = gettext_noop(
                "No worker of {address} has room for us: none is free, or none has the memory asked for "
                "(spark.executor.memory)."
            )
            raise NoCluster(Said(full, address=address))
        time.sleep(0.1)


def _end_java(gateway: Any) -> None:
    """End the driver, so that another may be started in this process."""
    if gateway is None:
        return
    from pyspark import SparkContext

    gateway.shutdown()
    gateway.proc.stdin.close()
    try:
        gateway.proc.wait(10)
    except subprocess.TimeoutExpired:
        gateway.proc.kill()
        gateway.proc.wait()
    SparkContext._gateway = SparkContext._jvm = None


def _explained(error: Exception) -> NoCluster:
    """What broke off, in a sentence."""
    said = str(error)
    if any(each in said for each in UNSEEN):
        return NoCluster(
            gettext_noop(
                "The workers of the cluster do not see the directory that the facts were written to. Name one with "
                "--exchange that they and this machine share."
            )
        )
    first = next((line.strip() for line in said.splitlines() if line.strip()), type(error).__name__)
    return NoCluster(Said(gettext_noop("The cluster broke off ({error})."), error=first[:300]))


def _last_word(folder: Path) -> str:
    """The last line of Spark's log that complains."""
    lines = (folder / LOG).read_text("utf-8", "replace").splitlines()
    bad = [line for line in lines if re.search(r"\b(ERROR|Error|Exception|not found)\b", line)]
    return (bad or lines or ["it says nothing"])[-1].strip()[:300]
