"""Which seeds have been sown."""

from __future__ import annotations

from django.db import models


class Seed(models.Model):
    """Remembers what `seed_studio` has made, so that it makes nothing twice: what an admin deleted stays deleted."""

    key = models.CharField(primary_key=True, max_length=200)
    object_id = models.CharField(max_length=64)
    sown_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.key
