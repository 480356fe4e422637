"""`answerable mail`"""

import click


@click.group("mail", invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """Run only the ways mail comes in; or look at the mail."""
    if context.invoked_subcommand is None:
        context.invoke(serve)


@command.command("serve")
def serve() -> None:
    """Take mail in until stopped (what `answerable mail` alone does)."""
    from answerable.site import processes

    raise SystemExit(processes.alone(processes.mail))
