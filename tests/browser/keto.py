"""Gives the demo company an administrator who reads Georgian: `python -m tests.browser.keto ADDRESS PASSWORD`."""

import sys

import django


def hire(email: str, password: str) -> None:
    from answerable.people.models import Membership, Role, Team, User

    keto = User.objects.create_user(email, password, name="Keto Beridze", language="ka", time_zone="Asia/Tbilisi")
    Membership.objects.create(user=keto, team=Team.objects.get(parent=None), role=Role.ADMINISTRATOR)


if __name__ == "__main__":
    django.setup()
    hire(*sys.argv[1:])
