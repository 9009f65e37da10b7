"""Sessions, messages and generations. Inside the package: holding > folder > session > message > generation, share."""

from __future__ import annotations

from chat.models.folder import Folder
from chat.models.generation import Generation
from chat.models.holding import held, not_held
from chat.models.message import Message
from chat.models.session import Session
from chat.models.share import Share

__all__ = ["Folder", "Generation", "Message", "Session", "Share", "held", "not_held"]
