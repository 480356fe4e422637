"""Arrivals are announced by who writes them, after the commit and not within it (docs/adr/0030)."""

from importlib import import_module

from django.db import migrations

arrivals = import_module("answerable.channels.email.migrations.0002_announce_arrivals")


class Migration(migrations.Migration):
    dependencies = [("email", "0005_copies")]
    operations = [migrations.RunSQL(arrivals.SILENCE, arrivals.ANNOUNCE)]
