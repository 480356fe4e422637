"""Every event bears its horizon: the oldest transaction that was open when it was written. Whoever has heard of it has
missed nothing but events of transactions no older than that. Earlier events bear none."""

from django.db import migrations

SEE = """
ALTER TABLE events_event ADD COLUMN horizon xid8;
ALTER TABLE events_event ALTER COLUMN horizon SET DEFAULT pg_snapshot_xmin(pg_current_snapshot());
"""
FORGET = "ALTER TABLE events_event DROP COLUMN horizon;"


class Migration(migrations.Migration):
    dependencies = [("events", "0003_transactions")]
    operations = [migrations.RunSQL(SEE, FORGET)]
