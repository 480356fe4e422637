"""`answerable schema`"""

import click


@click.command("schema", hidden=True)
def command() -> None:
    """Write down the finished schema (part of installing), so that a first start is quick."""
    from answerable.site.schema import write_down

    write_down()
