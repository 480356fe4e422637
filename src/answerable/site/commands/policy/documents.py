"""`answerable policy check|load|show`"""

import json
import os
import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import IO, NoReturn

import click


@click.command("check")
@click.argument("file", type=click.File("rb"))
@click.option("--here", is_flag=True, help="Also check that its segments, teams and people exist in this product.")
@click.option("--json", "as_json", is_flag=True, help="Write what was found as JSON.")
def check(file: IO[bytes], here: bool, as_json: bool) -> None:
    """Read FILE ("-" for standard input) and say everything that is wrong with it, by line and field.

    Needs no database, but for --here. Without it, whoever is named is looked for when the document is loaded.
    """
    from answerable.site import processes

    processes.prepare()
    from answerable.core.policy import PolicyErrors, compile_policy
    from answerable.measure.public_holidays import holidays_of

    try:
        policy = compile_policy(file.read(), holidays=holidays_of, known=_names() if here else {})
    except PolicyErrors as errors:
        refuse(file.name, errors, as_json)
    if as_json:
        click.echo(json.dumps({"file": file.name, "title": policy.title, "errors": []}, ensure_ascii=False))
        return
    click.echo(f"{file.name}: “{policy.title}” is sound.")
    for standard in policy.standards.values():
        click.echo(f"  {standard.promise_in(policy.language)}")


@click.command("load")
@click.argument("file", type=click.File("rb"))
@click.option("--reason", default="", help="Why it changes; kept with the version.")
@click.option("--by", "address", default=None, metavar="EMAIL", help="Who puts it in force.")
def load(file: IO[bytes], reason: str, address: str | None) -> None:
    """Put FILE in force as a new version. Clocks that run keep the version they began under."""
    with database():
        from answerable.core.policy import PolicyErrors
        from answerable.people.models import User
        from answerable.policy.actions import load_version

        by = User.objects.active().filter(email__iexact=address).first() if address else None
        if address and by is None:
            raise click.UsageError(f"Nobody here has the address {address}.")
        try:
            version = load_version(text_of(file), by=by, reason=reason)
        except PolicyErrors as errors:
            refuse(file.name, errors, as_json=False)
        click.echo(f"“{version.title}” is in force as version {version.number}.")


@click.command("show")
@click.option("--version", "number", type=int, help="Another version than the one in force.")
@click.option("--list", "listed", is_flag=True, help="List all versions instead.")
@click.option("--json", "as_json", is_flag=True, help="Write what is known of the version as JSON.")
def show(number: int | None, listed: bool, as_json: bool) -> None:
    """Write the document in force to standard output, exactly as it was loaded."""
    with database():
        from answerable.policy.models import Version

        if listed:
            for version in Version.objects.order_by("number"):
                since = version.in_force_at.date().isoformat() if version.in_force_at else "never"
                click.echo(f"{version.number:>4}  {version.state:<9} {since}  {version.title}  {version.reason}")
            return
        versions = Version.objects.filter(number=number) if number else Version.objects.filter(state="in_force")
        found = versions.first()
        if found is None:
            click.echo(f"There is no version {number}." if number else "No policy is in force yet.", err=True)
            sys.exit(1)
        if as_json:
            told = {
                "number": found.number,
                "state": found.state,
                "title": found.title,
                "in_force_at": found.in_force_at.isoformat() if found.in_force_at else None,
                "reason": found.reason,
                "document": found.document,
            }
            click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        else:
            click.echo(found.document, nl=False)


def _names() -> Mapping[str, Collection[str]]:
    """What a document may refer to in this product."""
    with database():
        from answerable.policy.actions import known_names

        return known_names()


def text_of(file: IO[bytes]) -> str:
    """What is written in it. Raises UsageError unless it is UTF-8."""
    try:
        return file.read().decode("utf-8")
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{file.name} is not UTF-8 (byte {error.start}).") from None


def refuse(name: str, errors: Exception, as_json: bool) -> NoReturn:
    """Every mistake on a line of its own, as editors and people read it; exit code 1."""
    from answerable.core.policy import PolicyErrors

    assert isinstance(errors, PolicyErrors)
    if as_json:
        found = [
            {"line": e.line, "column": e.column, "field": e.field, "problem": e.problem, "remedy": e.remedy}
            for e in errors.errors
        ]
        click.echo(json.dumps({"file": name, "errors": found}, ensure_ascii=False, indent=2))
    else:
        for error in errors.errors:
            where = f"{name}:{error.line}:{error.column}"
            field = f"{error.field}: " if error.field else ""
            click.echo(f"{where}: {field}{error.problem} {error.remedy}".rstrip(), err=True)
        count = len(errors.errors)
        click.echo(f"{count} mistake{'s' if count != 1 else ''}; nothing has been changed.", err=True)
    sys.exit(1)


@contextmanager
def database() -> Iterator[None]:
    """The product's database: a running server's, or the embedded one started for a moment."""
    from answerable.site import processes
    from answerable.site.database import available, data_directory

    processes.prepare()
    with available(os.environ, data_directory(os.environ)):
        yield
