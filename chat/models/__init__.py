"""Sessions, messages and generations.

Inside the package: holding > folder > session > message > generation, share, attachment; message > summary; session > draft, participant, schedule.
"""

from __future__ import annotations

from chat.models.attachment import Attachment
from chat.models.device import Device
from chat.models.draft import Draft
from chat.models.folder import Folder
from chat.models.generation import Generation
from chat.models.holding import held, held_sessions, not_held, not_held_sessions
from chat.models.message import Message
from chat.models.participant import Participant
from chat.models.preferences import Preferences
from chat.models.schedule import Schedule
from chat.models.session import Session
from chat.models.share import Share
from chat.models.summary import Summary

__all__ = [
    "Attachment",
    "Device",
    "Draft",
    "Folder",
    "Generation",
    "Message",
    "Participant",
    "Preferences",
    "Schedule",
    "Session",
    "Share",
    "Summary",
    "held",
    "held_sessions",
    "not_held",
    "not_held_sessions",
]
