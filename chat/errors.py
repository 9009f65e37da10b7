"""What a client may be told: a stable code, a sentence that says what to do, whether to try again, and an HTTP status.

A foreign object is answered like one that does not exist. Codes are listed in docs/errors.md and never reused. Errors of a model call keep
the code of `ai_studio.llm.errors`; their sentences are here, because a provider's own words are never shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ai_studio.files import problems

Values = Mapping[str, str | int | float]


class ChatError(Exception):
    """Subclasses fix the code, the sentence, the HTTP status, and whether the same thing may succeed later."""

    code: ClassVar[str] = "internal_error"
    text: ClassVar[str] = "Something went wrong on our side. Try again; if it stays, tell your administrator."
    http_status: ClassVar[int] = 500
    retryable: ClassVar[bool] = True

    def __init__(
        self, sentence: str = "", values: Values | None = None, *, detail: str = "", retry_after: float | None = None
    ) -> None:
        """`sentence`: in place of the class's, with `{name}` for each of `values`. `detail`: what a program is told instead of it."""
        self.sentence = sentence or self.text
        self.values = dict(values or {})
        super().__init__(detail or _filled(self.sentence, self.values))
        self.retry_after = retry_after

    def as_json(self) -> dict[str, Any]:
        told = {"code": self.code, "text": str(self), "retryable": self.retryable, "retry_after": self.retry_after}
        # Whoever reads it may read another language, and later: what is said goes along, to be said again.
        return told if told["text"] == self.sentence else {**told, "sentence": self.sentence, "values": self.values}


def _filled(sentence: str, values: Values) -> str:
    """In English. As in the page, the sentence for one `count` stands before the one for others."""
    one, _, others = sentence.partition("|")
    form = others if others and values.get("count") != 1 else one
    written = {name: value if isinstance(value, str) else f"{value:,}" for name, value in values.items()}
    return form.format(**written) if values else form


class InternalError(ChatError):
    pass


class GenerationInterrupted(ChatError):
    code = "generation_interrupted"
    text = "The server was restarted while this answer was being written. What came so far is kept."


class _BadRequest(ChatError):
    http_status = 400
    retryable = False


class _Conflict(ChatError):
    http_status = 409
    retryable = False


class MalformedFrame(_BadRequest):
    code = "malformed_frame"
    text = "This could not be read: it must be one JSON object in UTF-8. Reload the page."


class InvalidCommand(_BadRequest):
    code = "invalid_command"
    text = "This command lacks something or has a field of the wrong kind. Reload the page."


class UnknownCommand(_BadRequest):
    code = "unknown_command"
    text = "The server does not know this command. Reload the page to get the newest version."


class EmptyMessage(_BadRequest):
    code = "empty_message"
    text = "The message is empty. Write something first."


class MessageTooLong(_BadRequest):
    code = "message_too_long"
    text = "The message is too long. Shorten it, or split it into several."


class ModelUnavailable(_BadRequest):
    code = "model_unavailable"
    text = "This model can't be used by your team now. Choose another one."


class AgentUnavailable(_BadRequest):
    code = "agent_unavailable"
    text = "This agent can't be used any more. Choose another one, or none."


class NothingToMerge(_BadRequest):
    code = "nothing_to_merge"
    text = "Two answers or more are merged, each with a text, and none that failed."


class AnswersOfDifferentMessages(_BadRequest):
    code = "answers_of_different_messages"
    text = "These answers belong to different messages. Merge answers to the same one."


class ImportUnreadable(_BadRequest):
    code = "import_unreadable"
    text = "This file can't be read as an export of chats."


class TemporarySession(_BadRequest):
    code = "temporary_session"
    text = "A temporary chat is in no list and no folder, and can't be shared. It can only be ended."


class DraftChanged(_Conflict):
    code = "draft_changed"
    text = "This draft was changed elsewhere. Read it again, then write."


class FileEmpty(_BadRequest):
    code = "file_empty"
    text = problems.FileEmpty.text


class FileTooLarge(_BadRequest):
    code = "file_too_large"
    text = problems.FileTooLarge.text
    http_status = 413


class FileTypeRefused(_BadRequest):
    code = "file_type_refused"
    text = problems.FileTypeRefused.text
    http_status = 415


class FileUnreadable(_BadRequest):
    code = "file_unreadable"
    text = problems.FileUnreadable.text


class FileInfected(_BadRequest):
    code = "file_infected"
    text = problems.FileInfected.text


class FileNotUploaded(_BadRequest):
    code = "file_not_uploaded"
    text = "A message names files by their id. Upload them first, to /api/attachments."


class TooManyFiles(_BadRequest):
    code = "too_many_files"
    text = "These are too many files. Send some of them, or take some out."


class ModelCannotReadFile(_BadRequest):
    code = "model_cannot_read_file"
    text = "The model can't read one of these files. Choose another model, or take the file out."


class NotSignedIn(_BadRequest):
    code = "not_signed_in"
    text = "You are not signed in. Sign in and try again."
    http_status = 401


class SomebodyElse(_Conflict):
    code = "somebody_else"
    text = "Somebody else is signed in with this browser now. Reload the page."


class NotAllowed(_BadRequest):
    code = "not_allowed"
    text = "You may not do this. Ask your administrator."
    http_status = 403


class _NotFound(ChatError):
    http_status = 404
    retryable = False


class SessionNotFound(_NotFound):
    code = "session_not_found"
    text = "This chat does not exist. It may have been deleted."


class MessageNotFound(_NotFound):
    code = "message_not_found"
    text = "This message does not exist. Reload the chat."


class FolderNotFound(_NotFound):
    code = "folder_not_found"
    text = "This folder does not exist. It may have been deleted."


class ShareNotFound(_NotFound):
    code = "share_not_found"
    text = "This link does not exist. It may have been ended."


class PromptNotFound(_NotFound):
    code = "prompt_not_found"
    text = "This saved prompt does not exist. It may have been deleted."


class TeamNotFound(_NotFound):
    code = "team_not_found"
    text = "You do not belong to this team. Reload the page."


class AttachmentNotFound(_NotFound):
    code = "attachment_not_found"
    text = "This file does not exist. It may have been deleted: files that are not sent are kept for a day."


class GenerationNotFound(_NotFound):
    code = "generation_not_found"
    text = "This answer does not exist. Reload the chat."


class GenerationInProgress(ChatError):
    code = "generation_in_progress"
    text = "An answer is still being written. Stop it or wait for it, then send again."
    http_status = 409


class IdTaken(_Conflict):
    code = "id_taken"
    text = "This id is in use already. Make a new one."


class PromptNameTaken(_Conflict):
    code = "prompt_name_taken"
    text = "You have a saved prompt of this name already."


class TooManyPrompts(_Conflict):
    code = "too_many_prompts"
    text = "You have as many saved prompts as there can be. Delete one first."


class FolderInItself(_Conflict):
    code = "folder_in_itself"
    text = "A folder can't lie in itself, nor in a folder that lies in it."


class FoldersTooDeep(_Conflict):
    code = "folders_too_deep"
    text = "Folders lie in each other up to five deep. Choose one that lies less deep."


class FileQuotaReached(_Conflict):
    code = "file_quota_reached"
    text = "There is no room for this file. Delete files or chats that you do not need."


class RateLimitReached(ChatError):
    code = "rate_limit_reached"
    text = "You are sending faster than is allowed. Wait a moment, then send again."
    http_status = 429


class _Unavailable(ChatError):
    http_status = 503


class Draining(_Unavailable):
    code = "server_draining"
    text = "This server is about to restart. Your message is kept: it is sent again in a moment."


class FileCheckFailed(_Unavailable):
    code = "file_check_failed"
    text = problems.FileCheckFailed.text


class FilesUnavailable(_Unavailable):
    code = "files_unavailable"
    text = problems.FilesUnavailable.text


class NoModelAvailable(_Unavailable):
    code = "no_model_available"
    text = "Your team has no model that can be used now. Ask your administrator to enable one and to add a token."


class NoTeam(_Unavailable):
    code = "no_team"
    text = "You do not belong to a team yet. Ask your administrator to add you to one."
