"""Questions from a page to the process that measures (engine.py), which is started when it is not there."""

from __future__ import annotations

import os
import pickle
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from django.conf import settings

from answerable.insight.engine import SERVES_A_PAGE_WITHIN_SECONDS, address
from answerable.insight.questions import Refused

if TYPE_CHECKING:
    from answerable.insight.questions import BehindQuestion, KeptQuestion, Measured, Question, ReportQuestion
    from answerable.measure.kept import Kept, Promise

ATTEMPTS = 4
_starting = threading.Lock()
_children: list[subprocess.Popen[bytes]] = []


class EngineError(RuntimeError):
    """The report could not be computed; the message says why."""


@overload
def ask(question: ReportQuestion) -> Measured: ...
@overload
def ask(question: BehindQuestion) -> list[dict[str, Any]]: ...
@overload
def ask(question: KeptQuestion) -> dict[Promise, Kept]: ...
def ask(question: Question) -> Measured | list[dict[str, Any]] | dict[Promise, Kept]:
    """The answer. Raises Refused for a question about nothing there is, EngineError when nobody answers."""
    directory = Path(settings.DATA_DIR)
    for _attempt in range(ATTEMPTS):
        try:
            answer = _exchange(directory, question)
        except TimeoutError as error:
            raise EngineError(f"No answer within {SERVES_A_PAGE_WITHIN_SECONDS} s.") from error
        except (FileNotFoundError, ConnectionError, EOFError):  # not there, or ended as we came
            _start(directory)
            continue
        if isinstance(answer, Refused):
            raise answer
        if isinstance(answer, RuntimeError):
            raise EngineError(str(answer)) from answer
        found: Measured | list[dict[str, Any]] | dict[Promise, Kept] = answer
        return found
    raise EngineError("The process that measures does not start; the log says why.")


def _exchange(directory: Path, question: object) -> Any:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(SERVES_A_PAGE_WITHIN_SECONDS)
        connection.connect(address(directory))
        with connection.makefile("rwb") as line:
            pickle.dump(question, line)
            line.flush()
            return pickle.load(line)  # noqa: S301 - the socket is in reach of our own user only


def _start(directory: Path) -> None:
    """Start the process and wait until it listens. It ends with us: our end of its standard input closes then."""
    with _starting:
        _children[:] = [child for child in _children if child.poll() is None]
        source = str(Path(__file__).parents[2])
        child = subprocess.Popen(
            [sys.executable, "-m", "answerable.insight.engine", str(directory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [source, os.environ.get("PYTHONPATH")]))},
        )
        _children.append(child)
        assert child.stdout is not None
        child.stdout.readline()  # "ready", or nothing when another process serves already
        child.stdout.close()
