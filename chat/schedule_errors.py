"""What a client may be told of scheduled prompts, in addition to `chat.errors`."""

from __future__ import annotations

from chat.errors import ChatError


class _ScheduleError(ChatError):
    retryable = False


class ScheduleNotFound(_ScheduleError):
    code = "schedule_not_found"
    text = "This scheduled prompt does not exist. It may have been deleted."
    http_status = 404


class TooManySchedules(_ScheduleError):
    code = "too_many_schedules"
    text = "You have as many scheduled prompts as there can be. Delete one first."
    http_status = 409


class ScheduleIsPast(_ScheduleError):
    code = "schedule_is_past"
    text = "This time is past. Choose a later one."
    http_status = 400
