"""`answerable web`"""

import click

host_option = click.option(
    "--host",
    envvar="ANSWERABLE_HOST",
    default="127.0.0.1",
    show_default=True,
    show_envvar=True,
    help="The address to listen on; 0.0.0.0 is every one of this machine.",
)
port_option = click.option(
    "--port",
    envvar="ANSWERABLE_PORT",
    type=click.IntRange(1, 65535),
    default=8000,
    show_default=True,
    show_envvar=True,
    help="The port to listen on.",
)


@click.command("web")
@host_option
@port_option
def command(host: str, port: int) -> None:
    """Run only the pages and live streams."""
    from answerable.site import processes

    raise SystemExit(processes.alone_on_this_version(lambda ready: processes.web(ready, host, port)))
