"""The command `answerable`. Each file in `commands/` is one noun with an attribute `command`."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from gettext import gettext
from keyword import iskeyword
from typing import Final

import click

from answerable import __version__
from answerable.site import commands
from answerable.site.refusal import explain

FIRST: Final = (
    "serve",
    "demo",
    "backup",
    "restore",
    "policy",
    "report",
    "instrument",
    "web",
    "worker",
    "mail",
    "migrate",
)
"""The order of the help; a command not named here follows, by name."""


class Answerable(click.Group):
    """Finds its commands among the modules, so that adding one touches nothing else."""

    def list_commands(self, context: click.Context) -> list[str]:
        found = {module.name.rstrip("_") for module in pkgutil.iter_modules(commands.__path__)}
        return [name for name in FIRST if name in found] + sorted(found.difference(FIRST))

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in self.list_commands(context):
            return None
        name += "_" if iskeyword(name) else ""
        module = importlib.import_module(f"answerable.site.commands.{name}")
        command: click.Command = module.command
        return command


@click.group(cls=Answerable, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="Answerable")
def answerable() -> None:
    """A customer-service system that a company can be held to.

    `answerable serve` starts everything on this machine. What is kept stands in ~/.answerable, or in the
    directory ANSWERABLE_DATA names; DATABASE_URL names a PostgreSQL of your own.
    """


def main() -> None:
    """Run a command. What can be expected to fail ends with a sentence and exit code 1 (or its own)."""
    try:
        answerable(prog_name="answerable")
    except Exception as error:
        if (explanation := explain(error)) is None:
            raise
        click.echo(gettext("Error: {message}").format(message=explanation), err=True)
        sys.exit(getattr(error, "code", 1))
