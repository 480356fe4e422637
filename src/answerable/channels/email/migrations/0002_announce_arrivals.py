"""Whoever takes mail in hears of it at once."""

from django.db import migrations

ANNOUNCE = """
CREATE FUNCTION announce_arrival() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NOTIFY answerable_arrivals;
    RETURN NULL;
END $$;
CREATE TRIGGER announce_arrival AFTER INSERT ON email_arrival FOR EACH STATEMENT EXECUTE FUNCTION announce_arrival();
"""
SILENCE = "DROP TRIGGER announce_arrival ON email_arrival; DROP FUNCTION announce_arrival();"


class Migration(migrations.Migration):
    dependencies = [("email", "0001_initial")]
    operations = [migrations.RunSQL(ANNOUNCE, SILENCE)]
