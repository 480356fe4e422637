"""Commands that speak their reader's language: `--language`, else that of the machine's locale.

Their own texts come from the same catalogues as the pages; click's, of the frame of a help page and of what it
refuses by itself, stand below, so that they come into these catalogues, too.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Mapping, Sequence

import click

from answerable.core.said import gettext_noop, said
from answerable.measure.languages import CATALOGUES, LANGUAGES, words_of
from answerable.measure.words import english_plurals as ngettext

CLICK = (
    gettext_noop("Usage:"),
    gettext_noop("Options"),
    gettext_noop("Show this message and exit."),
    gettext_noop("default: {default}"),
    gettext_noop("Error: {message}"),
    gettext_noop("Try '{command} {option}' for help."),
    gettext_noop("Missing argument"),
    gettext_noop("Invalid value for {param_hint}: {message}"),
    gettext_noop("No such option {name!r}."),
    ngettext("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments.", 1),
    ngettext("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)", 1),
    ngettext("{value!r} is not {choice}.", "{value!r} is not one of {choices}.", 1),
    ngettext("{value!r} does not match the format {format}.", "{value!r} does not match the formats {formats}.", 1),
)
"""What click says of a command with options, in its own words; of plurals the first."""
_DOMAIN = "django"


def speak(language: str) -> None:
    """From now on click says its words in this language, as far as the catalogue is compiled."""
    gettext.bindtextdomain(_DOMAIN, str(CATALOGUES))
    gettext.textdomain(_DOMAIN)
    os.environ["LANGUAGE"] = language  # where gettext looks first


def of_locale(environ: Mapping[str, str]) -> str:
    """The language of the locale, as POSIX finds that of messages; English where it is none of ours."""
    locale = next((environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(name)), "")
    language = locale.partition(".")[0].partition("_")[0].lower()
    return language if language in LANGUAGES else "en"


def asked(arguments: Sequence[str]) -> str | None:
    """The language that arguments ask for, before anything else is made of them; the last one counts."""
    found = None
    for name, value in zip(arguments, (*arguments, "")[1:], strict=True):
        if name == "--":
            break
        given = value if name == "--language" else name.removeprefix("--language=")
        found = given if name.startswith("--language") and given in LANGUAGES else found
    return found


def language_of(context: click.Context | None) -> str:
    """The language in which a command is being said."""
    return context.meta.get(__name__, "en") if context else "en"


def told(text: str, context: click.Context | None) -> str:
    """A text marked by gettext_noop, or Said, in the language of the command."""
    return said(text).by(words_of(language_of(context)))


class Speaking(click.Command):
    """A command whose help, by paragraphs, and whose options' help are marked by gettext_noop.

    It has an option `--language`, and is given the language of the locale where that was not used.
    """

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        """Finds the language first: what follows may refuse, or show the help."""
        language = context.meta[__name__] = asked(args) or of_locale(os.environ)
        speak(language)
        self._help_option = None  # click keeps it, and with it the language of the first call
        rest = super().parse_args(context, args)
        context.params["language"] = language
        return rest

    def format_help_text(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """The paragraphs of the help, each a text of the catalogues."""
        formatter.write_paragraph()
        with formatter.indentation():
            paragraphs = (self.help or "").split("\n\n")
            formatter.write_text("\n\n".join(told(each, context) for each in paragraphs))


class Option(click.Option):
    """An option whose help is marked by gettext_noop."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Its names and its help, in the language of the command."""
        record = super().get_help_record(ctx)
        if record is None or not self.help:
            return record
        names, help_text = record
        return names, told(self.help, ctx) + help_text.removeprefix(self.help)
