"""Delivering mail by SMTP over several connections, in the load clients' process; and a sink that takes any mail.

python -m benchmarks.delivering PORT      the sink: aiosmtpd with nothing behind it
"""

from __future__ import annotations

import asyncio
import smtplib
import sys
import threading
import time
from collections.abc import Sequence
from typing import Any

from benchmarks.client import Wrong


def deliver(port: int, mails: Sequence[tuple[str, str, bytes]], connections: int) -> tuple[float, float]:
    """Hand over (sender, recipient, message) in this order; when it began and how many seconds it took."""
    waiting = iter(mails)
    lock, problems = threading.Lock(), []

    def work() -> None:
        try:
            with smtplib.SMTP("127.0.0.1", port, local_hostname="mail.customers.example", timeout=60) as server:
                server.ehlo()
                while True:
                    with lock:
                        mail = next(waiting, None)
                    if mail is None:
                        return
                    sender, recipient, raw = mail
                    server.sendmail(sender, [recipient], raw, mail_options=["BODY=8BITMIME"])
        except Exception as error:
            problems.append(error)

    threads = [threading.Thread(target=work) for _ in range(connections)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if problems:
        raise Wrong(f"mail was not taken: {problems[0]}")
    return began, time.perf_counter() - began


class Sink:
    """Takes everything, keeps nothing."""

    async def handle_DATA(self, *_: Any) -> str:
        return "250 OK"


async def sink(port: int) -> None:
    from aiosmtpd.smtp import SMTP

    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Sink(), data_size_limit=2**26), "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(sink(int(sys.argv[1])))
