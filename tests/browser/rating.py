"""Prints the address by which a customer of that language rates: `python -m tests.browser.rating ka`."""

import sys

import django

if __name__ == "__main__":
    django.setup()
    from answerable.feedback.links import token_of
    from answerable.feedback.models import Invitation

    unanswered = Invitation.objects.filter(language=sys.argv[1], rating=None).latest("id")
    print(f"/ratings/{token_of(unanswered)}/")
