"""A browser that somebody has signed in with. Django's own table of sessions does not say whose each is."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from chat.ids import new_id


class Device(models.Model):
    """`session_key` opens the account, so it is shown to nobody; `id` is what pages and requests name."""

    id = models.CharField(primary_key=True, max_length=64, default=new_id)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    session_key = models.CharField(max_length=40, unique=True)
    browser = models.CharField(max_length=100, blank=True, help_text="Such as Firefox on Linux.")
    signed_in_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(default=timezone.now, help_text="To within some minutes.")

    def shown_browser(self) -> str:
        """`browser` in the language that is active."""
        browser, on, system = self.browser.partition(" on ")
        name = _("A browser") if browser == "A browser" else browser
        return _("%(browser)s on %(system)s") % {"browser": name, "system": system} if on else name

    def __str__(self) -> str:
        return self.browser or self.pk
