"""`answerable worker`"""

import click


@click.command("worker")
def command() -> None:
    """Run only the work that nobody waits for on a page."""
    from answerable.site import processes

    raise SystemExit(processes.alone_on_this_version(processes.worker))
