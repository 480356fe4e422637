"""`answerable instrument`"""

from __future__ import annotations

from pathlib import Path

import click

NAMES = ("servqual", "nps", "csat", "ces", "engagement")
LANGUAGES = ("en", "lv", "ka", "kk")


@click.command("instrument")
@click.argument("name", type=click.Choice(NAMES))
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Of the questions.")
@click.option("--form", type=click.Choice(["csv", "html"]), default="csv", show_default=True, help="As what.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write it there instead of printing it.")
def command(name: str, language: str, form: str, out: Path | None) -> None:
    """Print a questionnaire that `answerable report` reads back.

    As CSV its header: one row per respondent goes below. As HTML a form of one page, whose answers come under
    the same names.
    """
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
        raise Unmade(f"{error.filename or out}: {error.strerror}.") from None
