from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0002_initial'),
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='invitation',
            name='mail_problem',
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name='invitation',
            name='mailed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name='apitoken',
            index=models.Index(fields=['org', 'membership', '-id'], name='token_list'),
        ),
        migrations.AddIndex(
            model_name='share',
            index=models.Index(fields=['org', 'subject_kind', 'subject_id'], name='share_subject'),
        ),
    ]
