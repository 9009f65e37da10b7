"""Reads the exports of other chat products. Pure: text in, frozen values out."""

from __future__ import annotations

from chat.importing.chats import ImportedChat, ImportedMessage
from chat.importing.formats import Unreadable, read

__all__ = ["ImportedChat", "ImportedMessage", "Unreadable", "read"]
