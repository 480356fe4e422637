"""`answerable policy`"""

import click

from answerable.site.commands.policy.documents import check, load, show
from answerable.site.commands.policy.rehearsal import rehearse


@click.group("policy")
def command() -> None:
    """The service policy: check a document, put it in force, show the one that is, rehearse the next."""


for each in (check, load, show, rehearse):
    command.add_command(each)
