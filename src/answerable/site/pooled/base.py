"""The database backend, named by `DATABASES["default"]["ENGINE"]`.

What is prepared is planned once. By itself PostgreSQL would plan much of it anew for the values it is asked with, which
takes longer than carrying it out (docs/adr/0029); what a plan depends on stands in the text (`web.standing`).

Django has the pool send each connection an empty query before a page may have it. Whether the server has ended one can
be seen without asking: then its socket has something to read, be it the server's last words or the end itself.
"""

import select
from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.utils import debug_transaction
from django.utils.asyncio import async_unsafe
from psycopg import Connection, OperationalError
from psycopg_pool import ConnectionPool

from answerable.events.plans import Plans


class DatabaseWrapper(base.DatabaseWrapper):
    """Plans what is prepared once, and gives no connection that has ended while it was in the pool."""

    def _configure_connection(self, connection: Connection[Any]) -> bool:
        """Of each new one. True: what was set has to be committed."""
        connection.execute("SET plan_cache_mode = force_generic_plan")
        super()._configure_connection(connection)  # type: ignore[misc]  # which the stubs do not know
        return True

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        while self.pool and not is_alive(connection):
            connection.close()
            self.pool.putconn(connection)  # which makes another in its place
            connection = super().get_new_connection(conn_params)
        return connection

    @async_unsafe
    def _commit(self) -> None:
        """Straight through libpq, too: what psycopg does beside it took longer than PostgreSQL (docs/adr/0022)."""
        if self.connection is not None:
            with debug_transaction(self, "COMMIT"), self.wrap_database_errors:
                Plans.of(self.connection).commit()


def is_alive(connection: Connection[Any]) -> bool:
    """Where there is something to read although nothing was asked, by asking; else without."""
    socket = select.poll()
    socket.register(connection.fileno(), select.POLLIN)
    if not socket.poll(0):
        return True
    try:
        ConnectionPool.check_connection(connection)
    except OperationalError:
        return False
    return True
