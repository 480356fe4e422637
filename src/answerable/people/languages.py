"""The languages of the interface, each called what its speakers call it."""

from django.conf import settings
from django.utils.translation import get_language_info


def languages() -> list[tuple[str, str]]:
    """(code, own name) as a form's choices: nobody looks for their language in another one."""
    return [(code, get_language_info(code)["name_local"].capitalize()) for code, _name in settings.LANGUAGES]
