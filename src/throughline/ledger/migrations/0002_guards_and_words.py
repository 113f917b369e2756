"""Append-only events by trigger, transaction order on PostgreSQL, and the word index of search."""

from django.db import migrations

SQLITE_FORWARD = """
CREATE TRIGGER ledger_event_no_update BEFORE UPDATE ON ledger_event
BEGIN SELECT RAISE(ABORT, 'ledger_event is append-only'); END;
CREATE TRIGGER ledger_event_no_delete BEFORE DELETE ON ledger_event
BEGIN SELECT RAISE(ABORT, 'ledger_event is append-only'); END;
CREATE VIRTUAL TABLE ledger_search_words USING fts5(
    title, body, content='ledger_searchentry', content_rowid='id', tokenize='unicode61 remove_diacritics 2', prefix='2 3'
);
CREATE TRIGGER ledger_searchentry_added AFTER INSERT ON ledger_searchentry BEGIN
    INSERT INTO ledger_search_words(rowid, title, body) VALUES (new.id, new.title, new.body);
END;
CREATE TRIGGER ledger_searchentry_removed AFTER DELETE ON ledger_searchentry BEGIN
    INSERT INTO ledger_search_words(ledger_search_words, rowid, title, body) VALUES ('delete', old.id, old.title, old.body);
END;
CREATE TRIGGER ledger_searchentry_changed AFTER UPDATE ON ledger_searchentry BEGIN
    INSERT INTO ledger_search_words(ledger_search_words, rowid, title, body) VALUES ('delete', old.id, old.title, old.body);
    INSERT INTO ledger_search_words(rowid, title, body) VALUES (new.id, new.title, new.body);
END;
"""
POSTGRES_FORWARD = """
CREATE FUNCTION ledger_event_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'ledger_event is append-only'; END $$;
CREATE TRIGGER ledger_event_no_change BEFORE UPDATE OR DELETE ON ledger_event
FOR EACH ROW EXECUTE FUNCTION ledger_event_refuse();
CREATE TRIGGER ledger_event_no_truncate BEFORE TRUNCATE ON ledger_event
FOR EACH STATEMENT EXECUTE FUNCTION ledger_event_refuse();
CREATE FUNCTION ledger_event_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN NEW.transaction := pg_current_xact_id()::text::bigint; RETURN NEW; END $$;
CREATE TRIGGER ledger_event_transaction BEFORE INSERT ON ledger_event
FOR EACH ROW EXECUTE FUNCTION ledger_event_stamp();
CREATE INDEX ledger_search_words ON ledger_searchentry
USING gin (to_tsvector('simple', title || ' ' || body));
"""


def statements(vendor):
    """Whole statements for one database; trigger bodies contain semicolons, so they are split by hand."""
    if vendor == "postgresql":
        return [POSTGRES_FORWARD]
    found, current = [], []
    for line in SQLITE_FORWARD.strip().splitlines():
        current.append(line)
        text = "\n".join(current)
        is_trigger = current[0].startswith("CREATE TRIGGER")
        if (is_trigger and line.rstrip().endswith("END;")) or (not is_trigger and line.rstrip().endswith(";")):
            found.append(text)
            current = []
    return found


def forward(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for statement in statements(schema_editor.connection.vendor):
            cursor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunPython(forward, migrations.RunPython.noop)]
