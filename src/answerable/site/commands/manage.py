"""`answerable manage`"""

import os

import click


@click.command(
    "manage",
    add_help_option=False,
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(arguments: tuple[str, ...]) -> None:
    """Django's own commands, for those who know them."""
    from answerable.site.database import available, data_directory

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "answerable.site.settings")
    from django.core.management import execute_from_command_line

    with available(os.environ, data_directory(os.environ)):
        execute_from_command_line(["answerable manage", *arguments])
