"""A team whose conversations are offered, with as many people as said: `python -m benchmarks.company.reception 8`.

Prints JSON: the address of its inbox, and the numbers of its people.
"""

import json
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "answerable.site.settings")
ADDRESS = "reception@bench.example"


def main(count: int) -> None:
    import django

    django.setup()
    from answerable.desk.actions.inboxes import add_inbox
    from answerable.desk.actions.team_routing import change_routing
    from answerable.people.actions.teams import add_team
    from answerable.people.models import Membership, Role, Team, User

    ada = User.objects.get(email="ada@bench.example")
    team = add_team(name="Reception", parent=Team.objects.get(parent=None), by=ada)
    add_inbox(name=team.name, address=ADDRESS, team=team, by=ada)
    people = User.objects.bulk_create(
        User(email=f"host{number}@bench.example", name=f"Host {number}") for number in range(count)
    )
    Membership.objects.bulk_create(Membership(user=user, team=team, role=Role.AGENT) for user in people)
    change_routing(
        team,
        is_automatic=True,
        most_live=3,
        most_written=10_000,
        overflow_to=None,
        overflow_minutes=None,
        skills={},
        by=User.objects.get(pk=ada.pk),  # who sees the new team
    )
    print(json.dumps({"address": ADDRESS, "people": [user.pk for user in people]}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
