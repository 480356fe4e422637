"""A real Spark cluster on loopback for tests: one master and two workers of one core, each a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

SOON_SECONDS = 180
WORKERS = 2
# They live for seconds: to start quickly matters most.
OPTIONS = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote"
_MASTER = re.compile(r"Starting Spark master at (spark://\S+)")
_REGISTERED = re.compile(r"(Successfully registered) with master")


class Node:
    """A process of the cluster: a Master or a Worker."""

    def __init__(self, kind: str, options: list[str], folder: Path, said: re.Pattern[str]) -> None:
        import pyspark

        folder.mkdir(parents=True)
        home = Path(pyspark.__file__).parent
        java = Path(os.environ["JAVA_HOME"], "bin", "java") if os.environ.get("JAVA_HOME") else "java"
        kept = {name: os.environ[name] for name in ("PATH", "JAVA_HOME") if name in os.environ}
        self._process = subprocess.Popen(
            [java, *OPTIONS.split(), "-Xmx256m", "-Dspark.master.rest.enabled=false", "-cp", f"{home}/jars/*",
             f"org.apache.spark.deploy.{kind}", "--host", "127.0.0.1", "--port", "0", "--webui-port", "0", *options],
            cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, errors="replace", start_new_session=True,
            # The version of Scala is what the shell scripts around Spark would look for.
            env={**kept, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_LOCAL_DIRS": str(folder),
                 "SPARK_CONF_DIR": str(folder), "SPARK_SCALA_VERSION": "2.13"},
        )  # fmt: skip
        self._lines: list[str] = []
        self._word: str | None = None
        self._settled = threading.Event()
        self._reader = threading.Thread(target=self._listen, args=(said,), daemon=True)
        self._reader.start()

    def ready(self) -> str:
        """What it said when it was ready. Fails with all it said where it ended, or takes far too long."""
        self._settled.wait(SOON_SECONDS)
        assert self._word is not None, "".join(self._lines[-60:])
        return self._word

    def end(self) -> None:
        """End it, and wait until it has."""
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(20)

    def _listen(self, said: re.Pattern[str]) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                self._lines.append(line)
                if self._word is None and (found := said.search(line)):
                    self._word = found[1]
                    self._settled.set()
        self._settled.set()


@contextmanager
def running(folder: Path, settings: str, patch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a master that two workers have registered with; `settings` are those of sessions on it.

    All processes end with the block, however it ends.
    """
    folder.mkdir()
    (folder / "spark-defaults.conf").write_text(settings.format(options=OPTIONS), "utf-8")
    patch.setenv("SPARK_CONF_DIR", str(folder))
    patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    with ExitStack() as nodes:
        master = Node("master.Master", [], folder / "master", _MASTER)
        nodes.callback(master.end)
        address = master.ready()
        workers = []
        for number in range(WORKERS):
            work = folder / f"worker-{number}"
            options = ["--cores", "1", "--memory", "1g", "--work-dir", str(work), address]
            workers.append(Node("worker.Worker", options, work, _REGISTERED))
            nodes.callback(workers[-1].end)
        for worker in workers:
            worker.ready()
        yield address
