"""Events are announced by who writes them, after the commit and not within it (docs/adr/0030)."""

from importlib import import_module

from django.db import migrations

hints = import_module("answerable.events.migrations.0002_hints")


class Migration(migrations.Migration):
    dependencies = [("events", "0004_horizons")]
    operations = [migrations.RunSQL(hints.SILENCE, hints.ANNOUNCE)]
