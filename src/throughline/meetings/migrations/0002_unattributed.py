"""The tables of unattributed posting: without row order on SQLite, so that nothing in the file says who came first.

A later change of these two models must be written by hand for SQLite: Django's own table rewrite would bring a row
order back. A test looks at the table as it is in the database.
"""

import django.db.models.deletion
from django.db import migrations, models

SQLITE = [
    """
    CREATE TABLE meetings_unattributed (
        "key" varchar(32) NOT NULL PRIMARY KEY,
        "number" bigint NOT NULL UNIQUE,
        "org_id" bigint NOT NULL REFERENCES "access_organisation" ("id") DEFERRABLE INITIALLY DEFERRED,
        "meeting_id" bigint NOT NULL REFERENCES "meetings_meeting" ("id") DEFERRABLE INITIALLY DEFERRED,
        "text" text NOT NULL,
        "receipt_hash" varchar(64) NOT NULL UNIQUE,
        "theme_id" bigint NULL REFERENCES "meetings_theme" ("id") DEFERRABLE INITIALLY DEFERRED,
        "is_shown" bool NOT NULL,
        "is_withdrawn" bool NOT NULL
    ) WITHOUT ROWID
    """,
    """CREATE INDEX meetings_unattributed_meeting ON meetings_unattributed ("meeting_id", "key")""",
    """CREATE INDEX meetings_unattributed_theme ON meetings_unattributed ("theme_id", "key")""",
    """
    CREATE TABLE meetings_postnonce (
        "nonce_hash" varchar(64) NOT NULL PRIMARY KEY,
        "org_id" bigint NOT NULL REFERENCES "access_organisation" ("id") DEFERRABLE INITIALLY DEFERRED,
        "meeting_id" bigint NOT NULL REFERENCES "meetings_meeting" ("id") DEFERRABLE INITIALLY DEFERRED
    ) WITHOUT ROWID
    """,
    """CREATE INDEX meetings_postnonce_meeting ON meetings_postnonce ("meeting_id", "nonce_hash")""",
]


def forward(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        with schema_editor.connection.cursor() as cursor:
            for statement in SQLITE:
                cursor.execute(statement)
        return
    for name in ("Unattributed", "PostNonce"):
        schema_editor.create_model(apps.get_model("meetings", name))


def backward(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("DROP TABLE meetings_unattributed")
        cursor.execute("DROP TABLE meetings_postnonce")


class Migration(migrations.Migration):

    dependencies = [("meetings", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='PostNonce',
                    fields=[
                        ('nonce_hash', models.CharField(max_length=64, primary_key=True, serialize=False)),
                        ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='meetings.meeting')),
                        ('org', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='access.organisation')),
                    ],
                    options={
                        'db_table': 'meetings_postnonce',
                    },
                ),
                migrations.CreateModel(
                    name='Unattributed',
                    fields=[
                        ('key', models.CharField(max_length=32, primary_key=True, serialize=False)),
                        ('number', models.BigIntegerField(unique=True)),
                        ('text', models.TextField(blank=True, max_length=2000)),
                        ('receipt_hash', models.CharField(max_length=64, unique=True)),
                        ('is_shown', models.BooleanField(default=False)),
                        ('is_withdrawn', models.BooleanField(default=False)),
                        ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='meetings.meeting')),
                        ('org', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='access.organisation')),
                        ('theme', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='meetings.theme')),
                    ],
                    options={
                        'db_table': 'meetings_unattributed',
                    },
                ),
            ],
        ),
        migrations.RunPython(forward, backward),
    ]
