"""What one connection has had planned, and the asking of it, straight through libpq.

psycopg sends a statement without waiting and waits for its answer by `poll`, so that it can be interrupted; its cursor
keeps what an application may ask afterwards. A page asks a dozen statements that PostgreSQL answers in a tenth of a
millisecond each, and there it is the way that takes the time. `PQexecPrepared` sends and waits in one call, without
Python's lock: a third to a fifth of the processor time (docs/adr/0022).

The protocol's own prepared statements are used, as psycopg does. psycopg itself prepares nothing on these connections
(site.database), and so never forgets all plans of a connection behind our back.
"""

import re
import select
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from typing import Any, NamedTuple

from psycopg import Connection, OperationalError, abc
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import FeatureNotSupported, error_from_result
from psycopg.pq import DiagnosticField, ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGresult

MOST_PLANS = 400
"""One for each statement and each choice of teams; then the one not asked for longest is given up."""
OPEN = re.compile("%[s%]")
ANSWERED = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)
Row = tuple[Any, ...]


class Plan(NamedTuple):
    """`types`: of the values it was planned for, by their OIDs. `reading` makes rows of what is answered."""

    name: bytes
    types: tuple[int, ...]
    reading: abc.Transformer


class Plans:
    """Of one connection, which a thread has for itself while it asks."""

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection
        self._wire = connection.pgconn
        self._writing: abc.Transformer = Transformer(connection)
        self._plans: OrderedDict[tuple[str, tuple[int, ...]], Plan] = OrderedDict()
        self._numbers = count(1)

    @classmethod
    def of(cls, connection: Connection[Any]) -> "Plans":
        """Those made so far; they end with the connection."""
        kept: Plans | None = getattr(connection, "answerable_plans", None)
        if kept is None:
            kept = connection.answerable_plans = cls(connection)  # type: ignore[attr-defined]
        return kept

    def ask(self, sql: str, values: Sequence[object]) -> list[Row]:
        """All rows; none where the statement answers none. Raises psycopg's errors."""
        self._begin()
        written, formats, plan = self._prepared(sql, values)
        result = self._wire.exec_prepared(plan.name, written, formats, Format.BINARY)
        try:
            _check(result)
        except FeatureNotSupported:  # a column's type has changed since: planned anew when it is asked again
            self._forget(plan)
            raise
        return _rows(plan, result)

    def tell(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """The same for each row of values, sent together; what is answered is not read. The first error is raised."""
        self._begin()
        sent = [self._prepared(sql, values) for values in rows]
        wire = self._wire
        wire.enter_pipeline_mode()
        try:
            for written, formats, plan in sent:
                wire.send_query_prepared(plan.name, written, formats, Format.BINARY)
            wire.pipeline_sync()
            results = list(self._results(len(sent)))
        finally:
            wire.exit_pipeline_mode()
        for result in results:
            _check(result)

    def commit(self) -> None:
        """End the transaction, where one has begun. Raises psycopg's errors."""
        if self._wire.transaction_status != TransactionStatus.IDLE:
            _check(self._wire.exec_(b"COMMIT"))

    def _begin(self) -> None:
        """A transaction, where one is wanted and has not begun."""
        connection: Any = self._connection
        if not connection.autocommit and self._wire.transaction_status == TransactionStatus.IDLE:
            _check(self._wire.exec_(connection._get_tx_start_command()))

    def _prepared(self, sql: str, values: Sequence[object]) -> tuple[Sequence[Any], Sequence[Format] | None, Plan]:
        """The values as they are sent, and the plan for values of their types."""
        writing = self._writing
        written = writing.dump_sequence(values, [PyFormat.AUTO] * len(values))
        types, formats = writing.types or (), writing.formats
        plan = self._plans.get((sql, types))
        if plan is None:
            plan = self._plans[sql, types] = self._fitting(sql, types) or self._new(sql, types)
        else:
            self._plans.move_to_end((sql, types))
        return written, formats, plan

    def _fitting(self, sql: str, types: tuple[int, ...]) -> Plan | None:
        """One that differs in that some of its values are NULL now, which has no type."""
        plans = (plan for (asked, _), plan in self._plans.items() if asked == sql)
        return next((plan for plan in plans if all(map(_fits, types, plan.types))), None)

    def _new(self, sql: str, types: tuple[int, ...]) -> Plan:
        while len(self._plans) >= MOST_PLANS:
            self._forget(next(iter(self._plans.values())))
        plan = Plan(b"plan_%d" % next(self._numbers), types, Transformer(self._connection))
        numbers = count(1)
        text = OPEN.sub(lambda found: "%" if found[0] == "%%" else f"${next(numbers)}", sql)
        _check(self._wire.prepare(plan.name, text.encode(), types))
        return plan

    def _forget(self, plan: Plan) -> None:
        for key in [key for key, its in self._plans.items() if its is plan]:
            del self._plans[key]
        if self._wire.transaction_status != TransactionStatus.INERROR:
            self._wire.exec_(b"DEALLOCATE " + plan.name)

    def _results(self, expected: int) -> Iterator[PGresult]:
        """Of a pipeline: each statement's, and the end."""
        wire = self._wire
        waiting = select.poll()
        waiting.register(wire.socket, select.POLLIN | select.POLLOUT)
        while wire.flush():  # the server may have to be heard before it listens on
            waiting.poll()
            wire.consume_input()
        waiting.modify(wire.socket, select.POLLIN)
        ends = 0
        while ends <= expected:
            while wire.is_busy():
                waiting.poll()
                wire.consume_input()
            result = wire.get_result()
            if result is None or result.status == ExecStatus.PIPELINE_SYNC:
                ends += 1
            else:
                yield result


def _fits(ours: int, planned: int) -> bool:
    return ours in (0, planned)


def _rows(plan: Plan, result: PGresult) -> list[Row]:
    reading = plan.reading
    reading.set_pgresult(result)
    rows: list[Row] = reading.load_rows(0, result.ntuples, tuple)
    reading.set_pgresult(None, set_loaders=False)  # kept no longer than that
    return rows


def _check(result: PGresult) -> None:
    if result.status in ANSWERED:
        return
    if result.error_field(DiagnosticField.SQLSTATE):
        raise error_from_result(result)
    raise OperationalError(result.get_error_message())  # the connection is lost
