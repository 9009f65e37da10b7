from __future__ import annotations

from django.db import migrations

from chat.search import schema


def renew(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":  # nothing has changed in SQLite's
        schema.renew(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("chat", "0014_answers_side_by_side")]

    operations = [migrations.RunPython(renew, migrations.RunPython.noop)]
