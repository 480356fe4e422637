"""`answerable instrument`"""

from __future__ import annotations

from pathlib import Path

import click

from answerable.core.said import Said, gettext_noop, of_system
from answerable.measure.languages import LANGUAGES
from answerable.site.speaking import Option, Speaking, told

NAMES = ("servqual", "nps", "csat", "ces", "engagement")
HELP = (
    gettext_noop("Print a questionnaire that `answerable report` reads back."),
    gettext_noop(
        "As CSV its header: one row per respondent goes below. As HTML a form of one page, whose answers come under "
        "the same names."
    ),
)


@click.command("instrument", cls=Speaking, help="\n\n".join(HELP))
@click.argument("name", type=click.Choice(NAMES))
@click.option(
    "--language",
    cls=Option,
    type=click.Choice(LANGUAGES),
    help=gettext_noop("Of the questions and of all that is said; else that of this machine."),
)
@click.option(
    "--form",
    cls=Option,
    type=click.Choice(["csv", "html"]),
    default="csv",
    show_default=True,
    help=gettext_noop("As what."),
)
@click.option(
    "--out",
    cls=Option,
    type=click.Path(path_type=Path, dir_okay=False),
    help=gettext_noop("Write it there instead of printing it."),
)
@click.pass_context
def command(context: click.Context, name: str, language: str, form: str, out: Path | None) -> None:
    """The questionnaire; HELP says what it is."""
    from answerable.measure.document.keeping import keep
    from answerable.measure.instruments import as_csv, as_html
    from answerable.site.refusal import Unmade

    text = as_csv(name, language) if form == "csv" else as_html(name, language)
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        keep(out, text.encode("utf-8-sig" if form == "csv" else "utf-8"))
    except OSError as error:
        why = Said("{place}: {why}.", place=str(error.filename or out), why=of_system(error))
        raise Unmade(told(why, context)) from None
