from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("goals", "0002_indexes_for_size")]

    operations = [
        migrations.AddField(
            model_name="goal",
            name="is_aligned",
            field=models.BooleanField(default=False),
        ),
        migrations.RunSQL(
            "UPDATE goals_goal SET is_aligned = TRUE"
            " WHERE id IN (SELECT child_id FROM goals_alignment WHERE ends_on IS NULL)",
            migrations.RunSQL.noop,
        ),
        migrations.AddIndex(
            model_name="goal",
            index=models.Index(
                condition=models.Q(("is_aligned", False)), fields=["org", "kind", "title", "id"], name="goal_roots"
            ),
        ),
    ]
