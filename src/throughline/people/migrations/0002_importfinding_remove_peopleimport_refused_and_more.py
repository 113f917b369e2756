"""Nothing to do: what this held is part of 0001. It stays while migrations of other apps name it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = []
