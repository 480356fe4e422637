"""A signature is written in one place: with those of teams and inboxes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0010_attendance"), ("desk", "0027_one_place_for_signatures")]

    operations = [migrations.RemoveField(model_name="user", name="signature")]
