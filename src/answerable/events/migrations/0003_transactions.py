"""Every event bears the number of its transaction, so that a reader who remembers a snapshot finds exactly those
committed since, whatever the order they were written in. Earlier events bear none."""

from django.db import migrations

NUMBER = """
ALTER TABLE events_event ADD COLUMN transaction_id xid8;
ALTER TABLE events_event ALTER COLUMN transaction_id SET DEFAULT pg_current_xact_id();
CREATE INDEX event_transaction ON events_event (transaction_id) WHERE transaction_id IS NOT NULL;
"""
FORGET = "ALTER TABLE events_event DROP COLUMN transaction_id;"


class Migration(migrations.Migration):
    dependencies = [("events", "0002_hints")]
    operations = [migrations.RunSQL(NUMBER, FORGET)]
