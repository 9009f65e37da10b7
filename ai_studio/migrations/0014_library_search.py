from __future__ import annotations

from django.db import migrations

from ai_studio.library import schema


def create(apps, schema_editor):
    schema.create(schema_editor.connection)


def drop(apps, schema_editor):
    schema.drop(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("ai_studio", "0013_libraries")]

    operations = [migrations.RunPython(create, drop)]
