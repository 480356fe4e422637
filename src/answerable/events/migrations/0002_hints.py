"""Every event is announced on the wire by the database itself, whoever writes it and however many at once."""

from django.db import migrations

ANNOUNCE = """
CREATE FUNCTION announce_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('answerable_events', json_build_object(
        'id', NEW.id, 'verb', NEW.verb, 'root', NEW.root, 'team', NEW.team_id)::text);
    RETURN NULL;
END $$;
CREATE TRIGGER announce_event AFTER INSERT ON events_event FOR EACH ROW EXECUTE FUNCTION announce_event();
"""
SILENCE = "DROP TRIGGER announce_event ON events_event; DROP FUNCTION announce_event();"

KEEP = """
CREATE FUNCTION keep_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events are append-only: what has happened cannot be changed';
END $$;
CREATE TRIGGER keep_events BEFORE UPDATE OR DELETE ON events_event FOR EACH ROW EXECUTE FUNCTION keep_events();
"""
RELEASE = "DROP TRIGGER keep_events ON events_event; DROP FUNCTION keep_events();"


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]
    operations = [migrations.RunSQL(ANNOUNCE, SILENCE), migrations.RunSQL(KEEP, RELEASE)]
