"""What AI Studio knows. Import models from this package; inside it, arrows point this way:

configuration > user > personal_memory, team > invitation, legal_hold > library, provider > language_model > agent > instructions, saved_prompt > revision,
completion (each may know those before it);
prompt, seed, security_event and switch_rule stand apart; recording knows all of those that leave a history.
"""

from __future__ import annotations

from ai_studio.models.agent import Agent
from ai_studio.models.catalogue_review import CatalogueReview
from ai_studio.models.completion import Completion
from ai_studio.models.configuration import Configuration, ConfigurationQuerySet
from ai_studio.models.instructions import Instructions
from ai_studio.models.invitation import Invitation
from ai_studio.models.language_model import LanguageModel, TeamModel
from ai_studio.models.legal_hold import LegalHold
from ai_studio.models.library import DiscardedFile, Document, Library, Passage
from ai_studio.models.personal_memory import PersonalMemory
from ai_studio.models.prompt import Prompt
from ai_studio.models.provider import Provider, ProviderToken
from ai_studio.models.recording import LEFT_OUT as LEFT_OUT_OF_HISTORY
from ai_studio.models.revision import Revision
from ai_studio.models.saved_prompt import SavedPrompt
from ai_studio.models.security_event import SecurityEvent
from ai_studio.models.seed import Seed
from ai_studio.models.switch_rule import SwitchRule
from ai_studio.models.team import Membership, Team
from ai_studio.models.user import User

__all__ = [
    "LEFT_OUT_OF_HISTORY",
    "Agent",
    "CatalogueReview",
    "Completion",
    "Configuration",
    "ConfigurationQuerySet",
    "DiscardedFile",
    "Document",
    "Instructions",
    "Invitation",
    "LanguageModel",
    "LegalHold",
    "Library",
    "Membership",
    "Passage",
    "PersonalMemory",
    "Prompt",
    "Provider",
    "ProviderToken",
    "Revision",
    "SavedPrompt",
    "SecurityEvent",
    "Seed",
    "SwitchRule",
    "Team",
    "TeamModel",
    "User",
]
