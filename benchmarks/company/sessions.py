"""Sessions without signing in, which takes a tenth of a second each: `python -m benchmarks.company.sessions 500`.

Prints the session keys, one a line, of the people who see every conversation, in turn.
"""

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "answerable.site.settings")


def main() -> None:
    import django

    django.setup()
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from answerable.people.models import Role, User
    from answerable.people.sessions import SessionStore

    heads = list(User.objects.filter(memberships__role=Role.ADMINISTRATOR).distinct())
    for number in range(int(sys.argv[1])):
        user, session = heads[number % len(heads)], SessionStore()
        session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
        session[BACKEND_SESSION_KEY] = "answerable.people.backend.Backend"
        session.create()
        print(session.session_key)


if __name__ == "__main__":
    main()
