"""The security log: who did what of consequence. Rows are added and never changed; triggers in the database see to that."""

from __future__ import annotations

from django.db import models


class SecurityEvent(models.Model):
    """One thing that happened. It refers to nothing by key: what it tells of may be deleted, and the row must stay.

    `actor_id` and `actor` (an e-mail address, as it was) are empty where nobody was signed in; `team_id` where no team is
    concerned. `subject` names what was acted on. `address` is the client's IP address, empty for commands.
    """

    class Event(models.TextChoices):
        SIGN_IN = "sign_in", "Signed in"
        SIGN_IN_FAILED = "sign_in_failed", "Failed to sign in"
        SIGN_OUT = "sign_out", "Signed out"
        PASSWORD_CHANGED = "password_changed", "Password changed"
        ACCOUNT_MADE = "account_made", "Account made"
        ACCOUNT_CHANGED = "account_changed", "Account changed"
        ACCOUNT_REMOVED = "account_removed", "Account removed"
        ROLE_CHANGED = "role_changed", "Role changed"
        INVITATION_MADE = "invitation_made", "Invitation made"
        INVITATION_ACCEPTED = "invitation_accepted", "Invitation accepted"
        INVITATION_REVOKED = "invitation_revoked", "Invitation revoked"
        TOKEN_ADDED = "token_added", "Token added"
        TOKEN_TESTED = "token_tested", "Token used for a test"
        TOKEN_ROTATED = "token_rotated", "Token replaced"
        TOKEN_REMOVED = "token_removed", "Token removed"
        TOKEN_KEYS_ROTATED = "token_keys_rotated", "Token keys rotated"
        API_TOKEN_MADE = "api_token_made", "API token made"
        API_TOKEN_REVOKED = "api_token_revoked", "API token revoked"
        EXPORTED = "exported", "Configuration exported"
        IMPORTED = "imported", "Configuration imported"
        PROMPT_READ = "prompt_read", "Somebody's prompt read"
        HOLD_PLACED = "hold_placed", "Legal hold placed"
        HOLD_LIFTED = "hold_lifted", "Legal hold lifted"

    at = models.DateTimeField("when", auto_now_add=True, db_index=True)
    event = models.CharField(max_length=40, choices=Event, db_index=True)
    actor_id = models.CharField(max_length=64, blank=True, db_index=True)
    actor = models.CharField("who", max_length=254, blank=True)
    team_id = models.CharField(max_length=64, blank=True, db_index=True)
    team = models.CharField(max_length=100, blank=True)
    subject_id = models.CharField(max_length=64, blank=True)
    subject = models.CharField("what", max_length=300, blank=True)
    details = models.JSONField(default=dict, blank=True)
    address = models.CharField(max_length=45, blank=True)

    def __str__(self) -> str:
        return f"{self.get_event_display()}: {self.subject or self.actor}"
