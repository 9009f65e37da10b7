"""The admin of chat. Importing it registers its pages."""

from __future__ import annotations

from chat.admin import retention, schedules, sessions

__all__ = ["retention", "schedules", "sessions"]
