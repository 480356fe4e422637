"""`answerable serve`"""

import os

import click

from answerable.site.commands.web import host_option, port_option


@click.command("serve")
@host_option
@port_option
def command(host: str, port: int) -> None:
    """Run everything: database, web, worker and mail."""
    from answerable.site.processes import CANNOT
    from answerable.site.serve import serve

    raise SystemExit(1 if serve(os.environ, host, port) in (1, CANNOT) else 0)
