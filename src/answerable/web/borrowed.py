"""What Django and allauth say to people where their own catalogues do not know all our languages.

Nobody calls this. Marked here, the texts come into our catalogues, which go before theirs.
"""

from django.utils.translation import gettext_noop, ngettext


def sentences() -> tuple[str, ...]:
    """As they stand in django.core.validators, django.forms, django.contrib.auth and allauth, letter by letter."""
    return (
        gettext_noop("Enter a valid email address."),
        gettext_noop("Enter a valid domain name."),
        gettext_noop("Enter a valid integer."),
        gettext_noop("Enter a complete value."),
        gettext_noop("Enter a valid JSON."),
        gettext_noop("Null characters are not allowed."),
        gettext_noop("This password is too common."),
        gettext_noop("Your password can’t be a commonly used password."),
        gettext_noop("Your password can’t be too similar to your other personal information."),
        gettext_noop("The password is too similar to the %(verbose_name)s."),
        gettext_noop("email address"),
        gettext_noop("You must type the same password each time."),
        gettext_noop("This account is currently inactive."),
        gettext_noop("File extension “%(extension)s” is not allowed. Allowed extensions are: %(allowed_extensions)s."),
    )


def counted(number: int) -> tuple[str, ...]:
    """Those with a number in them."""
    return (
        ngettext(
            "This password is too short. It must contain at least %d character.",
            "This password is too short. It must contain at least %d characters.",
            number,
        ),
        ngettext(
            "Your password must contain at least %(min_length)d character.",
            "Your password must contain at least %(min_length)d characters.",
            number,
        ),
        ngettext(
            "Ensure this value has at least %(limit_value)d character (it has %(show_value)d).",
            "Ensure this value has at least %(limit_value)d characters (it has %(show_value)d).",
            number,
        ),
        ngettext(
            "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
            "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
            number,
        ),
        ngettext(
            "Ensure that there are no more than %(max)s digit in total.",
            "Ensure that there are no more than %(max)s digits in total.",
            number,
        ),
        ngettext(
            "Ensure that there are no more than %(max)s decimal place.",
            "Ensure that there are no more than %(max)s decimal places.",
            number,
        ),
        ngettext(
            "Ensure this filename has at most %(max)d character (it has %(length)d).",
            "Ensure this filename has at most %(max)d characters (it has %(length)d).",
            number,
        ),
    )
