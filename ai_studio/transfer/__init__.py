"""The whole studio as a file: written in a stable order and without a secret, read with every fault named by its line.

Inside, arrows point this way: importing > exporting > fields; difference and text stand apart.
"""

from __future__ import annotations

from ai_studio.transfer.difference import Change, difference
from ai_studio.transfer.exporting import SCHEMA, export_text, studio_document
from ai_studio.transfer.importing import apply_text, preview_text
from ai_studio.transfer.text import LONGEST, Problem, Refused

__all__ = [
    "LONGEST",
    "SCHEMA",
    "Change",
    "Problem",
    "Refused",
    "apply_text",
    "difference",
    "export_text",
    "preview_text",
    "studio_document",
]
