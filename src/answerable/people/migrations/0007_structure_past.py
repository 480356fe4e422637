"""What the events know of the past becomes rows: since when a team has been there, and who was what in it."""

from django.db import migrations


def remember(apps, schema_editor):
    Event = apps.get_model("events", "Event")
    Company = apps.get_model("people", "Company")
    FormerMembership = apps.get_model("people", "FormerMembership")
    Team = apps.get_model("people", "Team")
    User = apps.get_model("people", "User")
    founded = Company.objects.values_list("created_at", flat=True).first()
    if founded is None:
        return
    Team.objects.update(since=founded)
    teams = set(Team.objects.values_list("pk", flat=True))
    for event in Event.objects.filter(verb="team.added"):
        Team.objects.filter(pk=int(event.subject.removeprefix("team-"))).update(since=event.at)
    users = dict(User.objects.values_list("pk", "created_at"))
    began = {}
    gone = []
    verbs = ("membership.granted", "membership.withdrawn")
    for event in Event.objects.filter(verb__in=verbs).order_by("id").iterator():
        user = int(event.subject.removeprefix("user-"))
        team, role = event.particulars.get("team"), event.particulars.get("role")
        if event.verb == "membership.granted":
            began[user, team, role] = event.at
        elif user in users and team in teams:
            since = min(began.pop((user, team, role), users[user]), event.at)
            gone.append(
                # They had ids that nobody remembers: no page moves them by it any more.
                FormerMembership(number=-event.pk, user_id=user, team_id=team, role=role, since=since, until=event.at)
            )
    FormerMembership.objects.bulk_create(gone)


class Migration(migrations.Migration):
    dependencies = [("people", "0006_structure"), ("events", "0001_initial")]
    operations = [migrations.RunPython(remember, migrations.RunPython.noop)]
